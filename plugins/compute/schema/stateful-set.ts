import { enumValue, type LongshoreBuilder, named, registerEnum, registerKubernetesType } from 'longshore/sdk';
import { type StatefulSetObject, statefulSetKind, statefulSetTypeRef, workloadTypeRef } from '../api.ts';
import { updateStrategies } from './update-strategy.ts';

export const podManagementPolicies = { OrderedReady: 'ORDERED_READY', Parallel: 'PARALLEL' } as const;

export function registerStatefulSet(builder: LongshoreBuilder): void {
  registerEnum(builder, 'PodManagementPolicy', 'In which order a StatefulSet makes and removes pods.', {
    ORDERED_READY: 'One by one: each waits until the one before it is ready.',
    PARALLEL: 'All at once.',
    UNKNOWN: 'One that this version does not know.',
  });
  registerKubernetesType(builder, {
    ref: statefulSetTypeRef,
    kind: statefulSetKind,
    description: 'Pods with names and volumes of their own, numbered from 0 (apps/v1).',
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
      currentReplicas: t.int({
        description: 'Pods of the revision before the rollout.',
        resolve: ({ status }) => status?.currentReplicas ?? 0,
      }),
      updatedReplicas: t.int({
        description: 'Pods of the newest revision.',
        resolve: ({ status }) => status?.updatedReplicas ?? 0,
      }),
      currentRevision: t.string({
        nullable: true,
        description: 'Name of the ControllerRevision before the rollout.',
        resolve: ({ status }) => status?.currentRevision ?? null,
      }),
      updateRevision: t.string({
        nullable: true,
        description: 'Name of the newest ControllerRevision.',
        resolve: ({ status }) => status?.updateRevision ?? null,
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
      partition: t.int({
        description: 'A rollout replaces only pods with this number or above.',
        resolve: ({ spec }) => spec?.updateStrategy?.rollingUpdate?.partition ?? 0,
      }),
      podManagementPolicy: t.field({
        type: named('PodManagementPolicy'),
        description: 'In which order it makes and removes pods.',
        resolve: ({ spec }) => enumValue(podManagementPolicies, spec?.podManagementPolicy ?? 'OrderedReady') as never,
      }),
      rawPodManagementPolicy: t.string({
        description: 'The pod management policy as Kubernetes writes it.',
        resolve: ({ spec }) => spec?.podManagementPolicy ?? 'OrderedReady',
      }),
      serviceName: t.string({
        nullable: true,
        description: 'Name of the headless Service that gives its pods their names in DNS.',
        resolve: ({ spec }) => spec?.serviceName || null,
      }),
      volumeClaimTemplates: t.stringList({
        description: 'Names of its claim templates: pod number n has the claim `<template>-<name>-<n>`.',
        resolve: ({ spec }) => (spec?.volumeClaimTemplates ?? []).map((claim) => claim.metadata?.name ?? ''),
      }),
    }),
  });
}

const rawUpdateStrategy = ({ spec }: StatefulSetObject): string => spec?.updateStrategy?.type ?? 'RollingUpdate';
