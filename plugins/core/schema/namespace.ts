import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  registerKubernetesChanges,
  registerKubernetesType,
  registerList,
  registerQuery,
} from 'longshore/sdk';
import { namespaceKind, namespaceTypeRef } from '../api.ts';
import { phaseOfNamespace } from '../services/namespace/namespace-phase.ts';

const readNamespace = { action: 'READ', subject: 'core/Namespace' } as const;

export function registerNamespace(builder: LongshoreBuilder): void {
  const phase = builder.enumType('NamespacePhase', {
    description: 'Where a namespace stands in its life.',
    values: {
      ACTIVE: { description: 'It can be used.' },
      TERMINATING: { description: 'It is being deleted with everything in it.' },
      UNKNOWN: { description: 'The cluster says something this version does not know; `rawPhase` has it.' },
    } as const,
  });
  registerKubernetesType(builder, {
    ref: namespaceTypeRef,
    kind: namespaceKind,
    description: 'A namespace: where objects of one team or application live.',
    fields: (t) => ({
      phase: t.field({
        type: phase,
        description: 'Where it stands in its life.',
        resolve: (namespace) => phaseOfNamespace(namespace),
      }),
      rawPhase: t.string({
        nullable: true,
        description: 'The phase in the cluster’s own word.',
        resolve: (namespace) => namespace.status?.phase ?? null,
      }),
    }),
  });
  const list = defineKubernetesList(builder, {
    name: 'Namespace',
    node: namespaceTypeRef,
    plural: 'namespaces',
    isNamespaced: false,
    filter: (t) => ({ phases: t.field({ type: [phase], description: 'Only in these phases.' }) }),
    matches:
      ({ phases }) =>
      (namespace) =>
        !phases || phases.includes(phaseOfNamespace(namespace)),
  });
  registerList(builder, {
    name: 'namespaces',
    description: 'The namespaces that you may see.',
    allow: readNamespace,
    list,
    rows: (args, context) => listKubernetesObjects([namespaceKind], args, context),
  });
  registerQuery(builder, {
    name: 'namespace',
    description: 'One namespace; null where it is not there or not for you.',
    allow: readNamespace,
    type: namespaceTypeRef,
    nullable: true,
    args: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      name: t.string({ required: true, description: 'Name of the namespace.' }),
    }),
    resolve: async ({ cluster, name }, context) => {
      if (!context.clusters.get(cluster)) return null;
      return (await context.kube(cluster).get(namespaceKind, undefined, name)) ?? null;
    },
  });
  registerKubernetesChanges(builder, {
    name: 'namespaceChanges',
    description: 'Namespaces, now and as they change.',
    allow: readNamespace,
    kinds: [namespaceKind],
    itemField: 'namespace',
    itemType: namespaceTypeRef,
    itemDescription: 'The namespace as it now is; for DELETED as it last was.',
    list,
  });
}
