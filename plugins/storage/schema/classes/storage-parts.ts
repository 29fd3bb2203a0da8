import { kubernetesObjectRef, type LongshoreBuilder, typeRef } from 'longshore/sdk';
import type { Expansion } from '../../services/classes/claim-facts.ts';
import type { ClaimMount, ClaimUse } from '../../services/classes/claim-users.ts';

export const parameterRef = typeRef<readonly [name: string, value: string]>('StorageParameter');
export const topologyRef = typeRef<readonly TopologyRequirement[]>('StorageTopology');
const requirementRef = typeRef<TopologyRequirement>('StorageTopologyRequirement');
export const claimUseRef = typeRef<ClaimUse>('ClaimUse');
const claimMountRef = typeRef<ClaimMount>('ClaimMount');
export const expansionRef = typeRef<Expansion>('ClaimExpansion');
export const dataSourceRef = typeRef<ClaimDataSource>('ClaimDataSource');

interface TopologyRequirement {
  readonly key: string;
  readonly values: readonly string[];
}

interface ClaimDataSource {
  readonly apiGroup?: string;
  readonly kind: string;
  readonly name: string;
}

/** What classes, volumes and claims are made of. */
export function registerStorageParts(builder: LongshoreBuilder): void {
  builder.objectType(parameterRef, {
    description: 'A parameter of a StorageClass, or an attribute of a volume: what they mean, their driver says.',
    fields: (t) => ({
      name: t.string({ description: 'Its name.', resolve: ([name]) => name }),
      value: t.string({ description: 'Its value.', resolve: ([, value]) => value }),
    }),
  });
  builder.objectType(requirementRef, {
    description: 'A label that nodes must have.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'Key of the label, e.g. `topology.kubernetes.io/zone`.' }),
      values: t.stringList({
        description: 'Its values, one of which is enough.',
        resolve: ({ values }) => [...values],
      }),
    }),
  });
  builder.objectType(topologyRef, {
    description: 'Nodes where volumes are made: those that meet all requirements.',
    fields: (t) => ({
      requirements: t.field({
        type: [requirementRef],
        description: 'What such nodes must be, all of it.',
        resolve: (requirements) => [...requirements],
      }),
    }),
  });
  builder.objectType(claimMountRef, {
    description: 'Where a container sees what a claim holds.',
    fields: (t) => ({
      container: t.exposeString('container', { description: "The container's name." }),
      path: t.exposeString('path', { description: 'The folder, or of a raw device its path.' }),
      subPath: t.string({
        nullable: true,
        description: 'What of the volume alone is there; null where it is all of it.',
        resolve: ({ subPath }) => subPath ?? null,
      }),
      isReadOnly: t.exposeBoolean('isReadOnly', { description: 'Whether the container can only read it.' }),
    }),
  });
  builder.objectType(claimUseRef, {
    description: 'A pod, or a workload by the template of its pods, that mounts a claim.',
    fields: (t) => ({
      user: t.field({
        type: kubernetesObjectRef,
        description: 'The pod or the workload. Of workloads that stand above each other the one on top.',
        resolve: ({ user }) => user as never,
      }),
      mounts: t.field({
        type: [claimMountRef],
        description: 'Where its containers see it; none where the pod only holds it.',
        resolve: ({ mounts }) => [...mounts],
      }),
    }),
  });
  builder.objectType(expansionRef, {
    description: 'A growth of a claim that is not finished (STO-06).',
    fields: (t) => ({
      state: t.field({
        type: 'ClaimExpansionState' as never,
        description: 'How it stands.',
        resolve: ({ state }) => state as never,
      }),
      rawState: t.string({
        nullable: true,
        description: 'The word of the cluster for it: a resource status or the type of a condition.',
        resolve: ({ rawState }) => rawState ?? null,
      }),
      message: t.string({
        nullable: true,
        description: 'What the cluster says of it.',
        resolve: ({ message }) => message ?? null,
      }),
      since: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'Since when it stands so, where the cluster tells.',
        resolve: ({ since }) => since ?? null,
      }),
    }),
  });
  builder.objectType(dataSourceRef, {
    description: 'What a claim is filled with when its volume is made.',
    fields: (t) => ({
      apiGroup: t.string({
        description: 'API group of the object; empty for the core group.',
        resolve: ({ apiGroup }) => apiGroup ?? '',
      }),
      kind: t.exposeString('kind', { description: 'Its kind, e.g. `VolumeSnapshot` or `PersistentVolumeClaim`.' }),
      name: t.exposeString('name', { description: 'Its name, in the namespace of the claim.' }),
    }),
  });
}
