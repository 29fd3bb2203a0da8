import { type LongshoreBuilder, registerKubernetesType } from 'longshore/sdk';
import { cloneSetKind, cloneSetTypeRef, workloadTypeRef } from '../api.ts';
import { isPausedInstanceSet, keptByPartition } from '../services/instances/instance-set.ts';
import { instancesField } from './workload-instance.ts';

export function registerCloneSet(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: cloneSetTypeRef,
    kind: cloneSetKind,
    description:
      'Pods that are exchangeable and can still be chosen for an update or a scaling in (apps.kruise.io/v1alpha1). Only where OpenKruise is installed.',
    interfaces: [workloadTypeRef],
    fields: (t) => ({
      replicas: t.int({
        description: 'Pods wanted; 1 where it is not set.',
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
        resolve: ({ spec }) => spec?.updateStrategy?.type ?? 'ReCreate',
      }),
      isPaused: t.boolean({ description: 'Whether rollouts are paused.', resolve: isPausedInstanceSet }),
      instances: instancesField(builder, t),
    }),
  });
}
