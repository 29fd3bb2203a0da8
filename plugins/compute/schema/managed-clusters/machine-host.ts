import {
  defineKubernetesList,
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  registerEnum,
  registerKubernetesType,
  relatedRows,
  relationField,
  typeRef,
} from 'longshore/sdk';
import { hostStates, isCleared, isOfWorkspace, stateOfHost } from '../../services/machines/host-facts.ts';
import {
  type BareMetalHostObject,
  bareMetalHostKind,
  clearedAtAnnotation,
  clearedFromAnnotation,
  hostWorkspaceLabel,
} from '../../services/machines/host-kind.ts';
import { workspaceAnnotation } from '../../services/managed-clusters/kinds.ts';
import { managedClusterRef } from './managed-cluster.ts';

const hostRef = typeRef<BareMetalHostObject>('BareMetalHost');

/** Machines that are there before any cluster and after it (CMP-24, CMP-26). */
export function registerMachineHosts(builder: LongshoreBuilder): void {
  registerEnum(builder, 'BareMetalHostState', 'How a host of the pool stands.', hostStates);
  registerKubernetesType(builder, {
    ref: hostRef,
    kind: bareMetalHostKind,
    description:
      'A machine of a pool, which becomes a node and is cleared and kept when the node goes: the kind BareMetalHost (metal3.io/v1alpha1) of a management cluster.',
    fields: (t) => ({
      state: t.field({
        type: named('BareMetalHostState'),
        description: 'How it stands.',
        resolve: (host) => stateOfHost(host) as never,
      }),
      rawState: t.string({
        nullable: true,
        description: 'The state of provisioning as it is written; null before anybody has looked.',
        resolve: ({ status }) => status?.provisioning?.state || null,
      }),
      problem: t.string({
        nullable: true,
        description: 'What is wrong with it; null where nothing is.',
        resolve: ({ status }) => status?.errorMessage || null,
      }),
      workspaceId: t.string({
        nullable: true,
        description: 'UUID of the workspace that it is of; null for none.',
        resolve: ({ metadata }) => metadata.labels?.[hostWorkspaceLabel] ?? null,
      }),
      machineName: t.string({
        nullable: true,
        description: "Name of its provider's machine that uses it; null where none does.",
        resolve: ({ spec }) => spec?.consumerRef?.name ?? null,
      }),
      isCleared: t.boolean({
        description:
          'Whether it was a node that was removed with CLEAR_MACHINE, and nobody has used it since (CMP-24).',
        resolve: isCleared,
      }),
      clearedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was cleared last; null where it never was.',
        resolve: ({ metadata }) => metadata.annotations?.[clearedAtAnnotation] ?? null,
      }),
      clearedFrom: t.string({
        nullable: true,
        description: 'The node that it was, as `cluster/node`; null where it never was cleared.',
        resolve: ({ metadata }) => metadata.annotations?.[clearedFromAnnotation] ?? null,
      }),
      cpuCount: t.int({
        nullable: true,
        description: 'Its processors; null before it was looked into.',
        resolve: ({ status }) => status?.hardware?.cpu?.count ?? null,
      }),
      memoryMiB: t.int({
        nullable: true,
        description: 'Its memory in MiB; null before it was looked into.',
        resolve: ({ status }) => status?.hardware?.ramMebibytes ?? null,
      }),
    }),
  });
  defineKubernetesList(builder, {
    name: 'BareMetalHost',
    node: hostRef,
    plural: 'hosts',
    isNamespaced: true,
    filter: (t) => ({
      states: t.field({ type: [named('BareMetalHostState')], description: 'In one of these states.' }),
      isCleared: t.boolean({ description: 'Whether it was cleared of a node, and nobody has used it since.' }),
    }),
    matches({ states, isCleared: wantsCleared }) {
      const wanted = states as readonly string[] | null | undefined;
      return (host) =>
        (!wanted || wanted.includes(stateOfHost(host))) &&
        (wantsCleared === undefined || wantsCleared === null || isCleared(host) === wantsCleared);
    },
    orders: {
      CLEARED_AT: {
        description: 'By when it was cleared last.',
        value: ({ metadata }) => metadata.annotations?.[clearedAtAnnotation],
      },
    },
  });
  builder.objectField(managedClusterRef, 'existingMachines', (t) =>
    relationField(builder, t, {
      description:
        'Machines of its workspace that are there already, beside it in its namespace; those that are AVAILABLE can become nodes by `expandManagedCluster` (CMP-24). None where nothing keeps any.',
      of: 'BareMetalHost',
      rows: (cluster, context) => {
        const { namespace = '', annotations } = cluster.metadata;
        return relatedRows(context, cluster[origin].cluster, (reader) =>
          mapMaybe(reader.list(bareMetalHostKind, { namespaces: [namespace] }), (list) => ({
            ...list,
            items: list.items.filter((host) => isOfWorkspace(host, annotations?.[workspaceAnnotation])),
          })),
        );
      },
    }),
  );
}
