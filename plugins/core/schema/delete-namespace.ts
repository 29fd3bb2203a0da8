import {
  checkDeletion,
  type Deleted,
  idOfOperation,
  type LongshoreBuilder,
  NotFoundError,
  parseGlobalId,
  registerMutation,
  replayDeletion,
} from 'longshore/sdk';
import { type NamespaceObject, namespaceKind, namespaceTypeRef, tenancyServiceRef } from '../api.ts';
import { idOfNamespace, namespaceTarget } from '../services/namespace/namespace-target.ts';
import { refuseProtectedNamespace } from '../services/namespace/protected-namespaces.ts';

/** Deleting a namespace with everything in it (CMP-35). */
export function registerDeleteNamespace(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteNamespace',
    description:
      'Deletes a namespace with everything in it. It is TERMINATING until all that is gone. The cluster’s own namespaces are refused.',
    allow: { action: 'DELETE', subject: 'core/Namespace' },
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
    warn: {
      codes: ['IN_USE'],
      find: (_input, namespace: NamespaceObject, context) => checkDeletion(namespace, undefined, context),
    },
    run: async ({ cluster, name }, namespace, ticket, context) => {
      refuseProtectedNamespace(name);
      const { uid } = namespace.metadata;
      await context.cluster(cluster).writer(context.principal).delete(ticket, namespaceKind, undefined, name, { uid });
      if (!ticket.isDryRun) await context.service(tenancyServiceRef).forgetWhenGone({ cluster, namespace: name, uid });
      const left = ticket.isDryRun ? namespace : await context.kube(cluster).get(namespaceKind, undefined, name);
      const value: Deleted<NamespaceObject> = { id: idOfNamespace(cluster, name), object: left };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: namespace, after: left }] };
    },
    replay: replayDeletion<NamespaceObject>,
  });
}
