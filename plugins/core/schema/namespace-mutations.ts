import {
  type LongshoreBuilder,
  NotFoundError,
  parseGlobalId,
  type RequestContext,
  registerMutation,
} from 'longshore/sdk';
import { type Label, labelInputName, type NamespaceObject, namespaceKind, namespaceTypeRef } from '../api.ts';
import { checkLabels, isDnsLabel } from '../services/check-label.ts';
import { idOfNamespace, namespaceTarget } from '../services/namespace-target.ts';
import { refuseProtectedNamespace } from '../services/protected-namespaces.ts';
import { type Deleted, idOfOperation, replayDeletion } from './replay-operation.ts';

const subject = 'core/Namespace';

export function registerNamespaceMutations(builder: LongshoreBuilder): void {
  registerCreateNamespace(builder);
  registerDeleteNamespace(builder);
}

function registerCreateNamespace(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createNamespace',
    description: 'Makes a namespace.',
    allow: { action: 'CREATE', subject },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      name: t.string({
        required: true,
        description:
          'Up to 63 lower-case letters, digits and dashes; begins and ends with a letter or digit (RFC 1123).',
      }),
      labels: t.field({ type: [labelInputName as never], description: 'Labels to give it.' }),
    }),
    success: {
      description: 'The namespace was made.',
      fields: (t) => ({
        namespace: t.field({
          type: namespaceTypeRef,
          description: 'The namespace; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
    validate: ({ name, labels }) => [
      ...(isDnsLabel(name)
        ? []
        : [
            {
              path: ['name'],
              code: 'invalid_name',
              message: `name must be 1 to 63 lower-case letters, digits and dashes, begin and end with a letter or digit, got ${JSON.stringify(name.slice(0, 100))}`,
            },
          ]),
      ...checkLabels((labels ?? []) as readonly Label[], ['labels']),
    ],
    load: ({ cluster, name }, context) => ({
      value: context.cluster(cluster),
      instance: { subject, cluster, namespace: name, name },
      record: namespaceTarget(cluster, name),
    }),
    run: async ({ name, labels }, cluster, ticket, context) => {
      const entries = ((labels ?? []) as readonly Label[]).map(({ key, value }) => [key, value]);
      const metadata = { name, ...(entries.length > 0 ? { labels: Object.fromEntries(entries) } : {}) };
      const { object, warnings } = await cluster
        .writer(context.principal)
        .create(ticket, namespaceKind, { apiVersion: 'v1', kind: 'Namespace', metadata });
      return { value: object, resultId: idOfNamespace(cluster.name, name), before: undefined, after: object, warnings };
    },
    replay: asNamespace,
  });
}

function registerDeleteNamespace(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteNamespace',
    description:
      'Deletes a namespace with everything in it. It is TERMINATING until all that is gone. The cluster’s own namespaces are refused.',
    allow: { action: 'DELETE', subject },
    mustConfirm: true,
    consequence: 'Everything in the namespace is deleted with it and cannot be restored.',
    inputOf: (id) => {
      const named = parseGlobalId(id);
      const isNamespace = named?.of === 'kubernetes' && named.group === '' && named.kind === 'Namespace';
      return isNamespace ? { cluster: named.cluster, name: named.name } : undefined;
    },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      name: t.string({ required: true, description: 'Name of the namespace.' }),
    }),
    success: {
      description: 'The namespace is being deleted.',
      fields: (t) => ({
        id: t.id({ description: 'Global id of the namespace.', resolve: ({ value }) => value.id }),
        namespace: t.field({
          type: namespaceTypeRef,
          nullable: true,
          description: 'The namespace while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
      }),
    },
    load: async ({ cluster, name }, context) => {
      const namespace = await context.kube(cluster).get(namespaceKind, undefined, name);
      if (!namespace) throw new NotFoundError(`There is no Namespace '${name}' in cluster '${cluster}'.`);
      return { value: namespace, instance: namespace, record: namespaceTarget(cluster, name) };
    },
    run: async ({ cluster, name }, namespace, ticket, context) => {
      refuseProtectedNamespace(name);
      const { uid } = namespace.metadata;
      await context.cluster(cluster).writer(context.principal).delete(ticket, namespaceKind, undefined, name, { uid });
      const left = ticket.isDryRun ? namespace : await context.kube(cluster).get(namespaceKind, undefined, name);
      const value: Deleted<NamespaceObject> = { id: idOfNamespace(cluster, name), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: namespace, after: left }] };
    },
    replay: replayNamespaceDeletion,
  });
}

const asNamespace = (node: unknown): NamespaceObject | null => node as NamespaceObject | null;

const replayNamespaceDeletion = (node: unknown, context: RequestContext): Promise<Deleted<NamespaceObject> | null> =>
  replayDeletion(node, context) as Promise<Deleted<NamespaceObject> | null>;
