import { enumValue, type LongshoreBuilder, named, registerKubernetesType } from 'longshore/sdk';
import { advancedStatefulSetKind, advancedStatefulSetTypeRef, workloadTypeRef } from '../api.ts';
import { isPausedInstanceSet, keptByPartition } from '../services/instances/instance-set.ts';
import { podManagementPolicies } from './stateful-set.ts';
import { instancesField } from './workload-instance.ts';

export function registerAdvancedStatefulSet(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: advancedStatefulSetTypeRef,
    kind: advancedStatefulSetKind,
    description:
      'A TApp: numbered pods that can be killed, started and updated one by one (StatefulSet of apps.kruise.io/v1beta1). Only where OpenKruise is installed.',
    interfaces: [workloadTypeRef],
    fields: (t) => ({
      replicas: t.int({
        description: 'Pods wanted, without those that were killed; 1 where it is not set.',
        resolve: ({ spec }) => spec?.replicas ?? 1,
      }),
      availableReplicas: t.int({
        description: 'Pods that have been ready for at least `minReadySeconds`.',
        resolve: ({ status }) => status?.availableReplicas ?? 0,
      }),
      updatedReplicas: t.int({
        description: 'Pods of the newest version.',
        resolve: ({ status }) => status?.updatedReplicas ?? 0,
      }),
      keptReplicas: t.int({
        description: 'Pods that the present rollout leaves as they are: its partition.',
        resolve: keptByPartition,
      }),
      updatePolicy: t.string({
        description: '`ReCreate`, `InPlaceIfPossible` or `InPlaceOnly`, as OpenKruise writes it.',
        resolve: ({ spec }) => spec?.updateStrategy?.rollingUpdate?.podUpdatePolicy ?? 'ReCreate',
      }),
      podManagementPolicy: t.field({
        type: named('PodManagementPolicy'),
        description:
          'In which order it makes and removes pods; only with `PARALLEL` instances can be chosen for an update.',
        resolve: ({ spec }) => enumValue(podManagementPolicies, spec?.podManagementPolicy ?? 'OrderedReady') as never,
      }),
      serviceName: t.string({
        nullable: true,
        description: 'Name of the headless Service that gives its pods their names in DNS.',
        resolve: ({ spec }) => spec?.serviceName || null,
      }),
      isPaused: t.boolean({ description: 'Whether rollouts are paused.', resolve: isPausedInstanceSet }),
      instances: instancesField(builder, t),
    }),
  });
}
