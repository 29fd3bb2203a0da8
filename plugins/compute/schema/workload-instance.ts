import {
  defineList,
  type FieldBuilder,
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  registerEnum,
  relatedRows,
  relationField,
  typeRef,
} from 'longshore/sdk';
import { podTypeRef, type WorkloadObject } from '../api.ts';
import { podsOfWorkload } from '../services/find-pods.ts';
import {
  type InstanceState,
  instanceStates,
  listInstances,
  type WorkloadInstance,
} from '../services/instances/list-instances.ts';
import { tagWorkload } from '../services/workload-kinds.ts';

const instanceRef = typeRef<WorkloadInstance>('WorkloadInstance');

/** Instances of a TApp, one by one, those that were killed included (CMP-79, CMP-88). */
export function registerWorkloadInstance(builder: LongshoreBuilder): void {
  registerEnum(builder, 'WorkloadInstanceState', 'How one instance of a workload does.', instanceStates);
  builder.objectType(instanceRef, {
    description: 'One instance of a workload of OpenKruise: its pod, or what is left of it while it is killed.',
    fields: (t) => ({
      name: t.exposeString('name', { description: 'Name of its pod; a killed one of a TApp comes back under it.' }),
      ordinal: t.int({
        nullable: true,
        description: 'Its number, from 0 on; null for a CloneSet, whose instances have none.',
        resolve: ({ ordinal }) => ordinal ?? null,
      }),
      state: t.field({
        type: named('WorkloadInstanceState'),
        description: 'How it does.',
        resolve: ({ state }) => state as never,
      }),
      images: t.stringList({
        description: 'Images that its main containers shall run; empty without a pod.',
        resolve: ({ pod }) => (pod?.spec?.containers ?? []).flatMap(({ image }) => (image ? [image] : [])),
      }),
      revision: t.string({
        nullable: true,
        description:
          'Name of the ControllerRevision that it is at, as `Workload.revisions` has it; null without a pod.',
        resolve: ({ pod }) => pod?.metadata.labels?.['controller-revision-hash'] ?? null,
      }),
      isNewest: t.boolean({
        description: 'Whether it is at the newest version.',
        resolve: ({ pod, set }) => {
          const hash = pod?.metadata.labels?.['controller-revision-hash'];
          const newest = set.status?.updateRevision;
          return hash !== undefined && newest !== undefined && (newest === hash || newest.endsWith(`-${hash}`));
        },
      }),
      dnsName: t.string({
        nullable: true,
        description:
          'Its own name within the cluster, `<instance>.<service>.<namespace>.svc`; null without a headless Service (CMP-82).',
        resolve: ({ name, namespace, set }) => {
          const service = (set.spec as { serviceName?: string } | undefined)?.serviceName;
          return service ? `${name}.${service}.${namespace}.svc` : null;
        },
      }),
      pod: t.field({
        type: podTypeRef,
        nullable: true,
        description: 'Its pod; null while there is none.',
        resolve: ({ pod }) => pod ?? null,
      }),
    }),
  });
  defineList<WorkloadInstance, Record<never, never>>(builder, {
    name: 'WorkloadInstance',
    node: instanceRef,
    plural: 'instances',
    filter: (t) =>
      ({
        states: t.field({ type: [named('WorkloadInstanceState')], description: 'In one of these states.' }),
      }) as never,
    matches(filter) {
      const { states } = filter as { readonly states?: readonly InstanceState[] | null };
      return ({ state }) => !states || states.includes(state);
    },
    orders: {
      ORDINAL: { description: 'By number.', value: ({ ordinal }) => ordinal },
      NAME: { description: 'By name.', value: ({ name }) => name },
      STATE: { description: 'By state.', value: ({ state }) => state },
    },
    defaultOrder: [
      { field: 'ORDINAL', direction: 'ASC' },
      { field: 'NAME', direction: 'ASC' },
    ],
    place: ({ cluster, namespace, name }) => ({ cluster, namespace, name }),
  });
}

/** The field `instances` of the types whose pods are told apart. */
export function instancesField<T extends WorkloadObject>(builder: LongshoreBuilder, t: FieldBuilder<T>) {
  return relationField(builder, t as never, {
    description: 'Its instances one by one, by number; those of a TApp that were killed included.',
    of: 'WorkloadInstance',
    rows: (workload: WorkloadObject, context) =>
      relatedRows(context, workload[origin].cluster, (reader) =>
        mapMaybe(podsOfWorkload(reader, workload), (pods) => listInstances(tagWorkload(workload), pods)),
      ),
  }) as never;
}
