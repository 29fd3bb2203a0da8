import { type LongshoreBuilder, mapMaybe, origin, readObject, registerKubernetesType } from 'longshore/sdk';
import { deploymentKind, deploymentTypeRef, replicaSetKind, replicaSetTypeRef, workloadTypeRef } from '../api.ts';
import { revisionOf } from '../services/workload-facts.ts';
import { controllerOf, workloadKindOfOwner } from '../services/workload-kinds.ts';

export function registerReplicaSet(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: replicaSetTypeRef,
    kind: replicaSetKind,
    description: 'A number of pods that are alike; mostly one version of a Deployment (apps/v1).',
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
      revision: t.field({
        type: 'SafeInt',
        nullable: true,
        description: "Number of the Deployment's rollout that made it, from 1; null without a Deployment.",
        resolve: (set) => revisionOf(set) ?? null,
      }),
      changeCause: t.string({
        nullable: true,
        description: 'Why this version came, as somebody noted it (annotation `kubernetes.io/change-cause`).',
        resolve: ({ metadata }) => metadata.annotations?.['kubernetes.io/change-cause'] ?? null,
      }),
      deployment: t.field({
        type: deploymentTypeRef,
        nullable: true,
        description: 'The Deployment it belongs to; null for a bare one.',
        resolve: (set, _args, context) => {
          const owner = controllerOf(set);
          if (!owner || workloadKindOfOwner(owner) !== 'DEPLOYMENT') return null;
          const found = readObject(context, deploymentKind, set[origin].cluster, set.metadata.namespace, owner.name);
          return mapMaybe(found, (deployment) => (deployment?.metadata.uid === owner.uid ? deployment : null));
        },
      }),
    }),
  });
}
