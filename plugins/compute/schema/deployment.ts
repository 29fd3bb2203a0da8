import {
  defineKubernetesList,
  enumValue,
  type LongshoreBuilder,
  named,
  origin,
  registerEnum,
  registerKubernetesType,
  relatedRows,
  relationField,
} from 'longshore/sdk';
import {
  type DeploymentObject,
  deploymentKind,
  deploymentTypeRef,
  replicaSetKind,
  replicaSetTypeRef,
  workloadTypeRef,
} from '../api.ts';
import { controlled } from '../services/find-pods.ts';
import { revisionOf } from '../services/workload-facts.ts';

const strategies = { RollingUpdate: 'ROLLING_UPDATE', Recreate: 'RECREATE' } as const;

export function registerDeployment(builder: LongshoreBuilder): void {
  registerEnum(builder, 'DeploymentStrategy', 'How a Deployment replaces its pods.', {
    ROLLING_UPDATE: 'Some at a time, within `maxSurge` and `maxUnavailable`.',
    RECREATE: 'All old ones go before new ones come: the service is interrupted.',
    UNKNOWN: 'One that this version does not know.',
  });
  defineKubernetesList(builder, {
    name: 'ReplicaSet',
    node: replicaSetTypeRef,
    plural: 'ReplicaSets',
    isNamespaced: true,
    defaultOrder: [{ field: 'REVISION', direction: 'DESC' }],
    orders: { REVISION: { description: 'By number of the rollout that made it.', value: revisionOf } },
  });
  registerKubernetesType(builder, {
    ref: deploymentTypeRef,
    kind: deploymentKind,
    description: 'Pods that are alike and exchangeable, replaced in rollouts (apps/v1).',
    interfaces: [workloadTypeRef],
    fields: (t) => ({
      replicas: t.int({
        description: 'Pods wanted; 1 where it is not set.',
        resolve: ({ spec }) => spec?.replicas ?? 1,
      }),
      readyReplicas: t.int({
        description: 'Pods that are ready.',
        resolve: ({ status }) => status?.readyReplicas ?? 0,
      }),
      availableReplicas: t.int({
        description: 'Pods that have been ready for at least `minReadySeconds`.',
        resolve: ({ status }) => status?.availableReplicas ?? 0,
      }),
      updatedReplicas: t.int({
        description: 'Pods of the newest template.',
        resolve: ({ status }) => status?.updatedReplicas ?? 0,
      }),
      unavailableReplicas: t.int({
        description: 'Pods missing for full availability.',
        resolve: ({ status }) => status?.unavailableReplicas ?? 0,
      }),
      strategy: t.field({
        type: named('DeploymentStrategy'),
        description: 'How it replaces its pods.',
        resolve: (deployment) => enumValue(strategies, rawStrategy(deployment)) as never,
      }),
      rawStrategy: t.string({ description: 'The strategy as Kubernetes writes it.', resolve: rawStrategy }),
      maxSurge: t.field({
        type: 'IntOrString',
        nullable: true,
        description: 'Pods above the wanted number during a rollout, or a percentage of it; null unless it rolls.',
        resolve: (deployment) => rolling(deployment, 'maxSurge'),
      }),
      maxUnavailable: t.field({
        type: 'IntOrString',
        nullable: true,
        description:
          'Pods that may be missing during a rollout, or a percentage of the wanted number; null unless it rolls.',
        resolve: (deployment) => rolling(deployment, 'maxUnavailable'),
      }),
      isPaused: t.boolean({
        description: 'Whether rollouts are paused.',
        resolve: ({ spec }) => spec?.paused === true,
      }),
      revision: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'Number of its newest rollout, from 1; null until the first has begun.',
        resolve: (deployment) => revisionOf(deployment) ?? null,
      }),
      minReadySeconds: t.int({
        description: 'Seconds a pod must be ready to count as available.',
        resolve: ({ spec }) => spec?.minReadySeconds ?? 0,
      }),
      progressDeadlineSeconds: t.int({
        description: 'Seconds without progress after which a rollout counts as failed.',
        resolve: ({ spec }) => spec?.progressDeadlineSeconds ?? 600,
      }),
      revisionHistoryLimit: t.int({
        description: 'Old ReplicaSets kept to go back to.',
        resolve: ({ spec }) => spec?.revisionHistoryLimit ?? 10,
      }),
      replicaSets: relationField(builder, t, {
        description: 'Its ReplicaSets, one for each rollout that is kept, the newest first.',
        of: 'ReplicaSet',
        rows: (deployment, context) =>
          relatedRows(context, deployment[origin].cluster, (reader) =>
            controlled(reader, replicaSetKind, deployment.metadata.uid),
          ),
      }),
    }),
  });
}

const rawStrategy = ({ spec }: DeploymentObject): string => spec?.strategy?.type ?? 'RollingUpdate';

/** 25% is the API's default for both. */
function rolling(deployment: DeploymentObject, field: 'maxSurge' | 'maxUnavailable'): number | string | null {
  if (rawStrategy(deployment) !== 'RollingUpdate') return null;
  return deployment.spec?.strategy?.rollingUpdate?.[field] ?? '25%';
}
