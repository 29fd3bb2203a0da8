import { enumValue, type LongshoreBuilder, named, registerKubernetesType } from 'longshore/sdk';
import { type DaemonSetObject, daemonSetKind, daemonSetTypeRef, workloadTypeRef } from '../api.ts';
import { updateStrategies } from './update-strategy.ts';

export function registerDaemonSet(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: daemonSetTypeRef,
    kind: daemonSetKind,
    description: 'One pod on every node that matches (apps/v1).',
    interfaces: [workloadTypeRef],
    fields: (t) => ({
      desiredReplicas: t.int({
        description: 'Nodes that should run its pod.',
        resolve: ({ status }) => status?.desiredNumberScheduled ?? 0,
      }),
      scheduledReplicas: t.int({
        description: 'Nodes that run its pod and should.',
        resolve: ({ status }) => status?.currentNumberScheduled ?? 0,
      }),
      readyReplicas: t.int({
        description: 'Nodes where its pod is ready.',
        resolve: ({ status }) => status?.numberReady ?? 0,
      }),
      availableReplicas: t.int({
        description: 'Nodes where its pod has been ready for at least `minReadySeconds`.',
        resolve: ({ status }) => status?.numberAvailable ?? 0,
      }),
      unavailableReplicas: t.int({
        description: 'Nodes where its pod is not available.',
        resolve: ({ status }) => status?.numberUnavailable ?? 0,
      }),
      updatedReplicas: t.int({
        description: 'Nodes that run its pod from the newest template.',
        resolve: ({ status }) => status?.updatedNumberScheduled ?? 0,
      }),
      misscheduledReplicas: t.int({
        description: 'Nodes that run its pod and should not.',
        resolve: ({ status }) => status?.numberMisscheduled ?? 0,
      }),
      updateStrategy: t.field({
        type: named('WorkloadUpdateStrategy'),
        description: 'How it replaces its pods.',
        resolve: (set) => enumValue(updateStrategies, rawUpdateStrategy(set)) as never,
      }),
      rawUpdateStrategy: t.string({
        description: 'The update strategy as Kubernetes writes it.',
        resolve: rawUpdateStrategy,
      }),
      maxUnavailable: t.field({
        type: 'IntOrString',
        nullable: true,
        description: 'Nodes without its pod during a rollout, or a percentage; null unless it rolls.',
        resolve: (set) => (isRolling(set) ? (set.spec?.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1) : null),
      }),
      maxSurge: t.field({
        type: 'IntOrString',
        nullable: true,
        description: 'Nodes with both the old and the new pod during a rollout, or a percentage; null unless it rolls.',
        resolve: (set) => (isRolling(set) ? (set.spec?.updateStrategy?.rollingUpdate?.maxSurge ?? 0) : null),
      }),
    }),
  });
}

const rawUpdateStrategy = ({ spec }: DaemonSetObject): string => spec?.updateStrategy?.type ?? 'RollingUpdate';
const isRolling = (set: DaemonSetObject): boolean => rawUpdateStrategy(set) === 'RollingUpdate';
