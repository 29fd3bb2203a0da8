import {
  type Cluster,
  clusterRef,
  type LongshoreBuilder,
  NotFoundError,
  named,
  nodeRef,
  type RequestContext,
  registryOf,
  resolveNode,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import {
  clusterRegistryRef,
  instanceOfRegistration,
  type RegistrationNode,
  registrationSubject,
  toRegistrationNode,
} from '../../services/clusters/registrations.ts';
import { principalNameRef } from '../principal-name.ts';

export const clusterRegistrationRef = typeRef<RegistrationNode>('ClusterRegistration');

/** What is kept of a cluster that was registered; its credentials are in no answer. */
export function registerClusterRegistration(builder: LongshoreBuilder): void {
  builder.objectType(clusterRegistrationRef, {
    description:
      'How a cluster came to be served that is not in the configuration. Its credentials are sealed and in no answer.',
    interfaces: [nodeRef],
    fields: (t) => ({
      id: t.id({ description: 'Its global id.', resolve: ({ id }) => id }),
      ...viewerCanField<RegistrationNode>(t, instanceOfRegistration),
      name: t.exposeString('name', { description: 'Name of the cluster, unique and immutable.' }),
      server: t.string({
        nullable: true,
        description: 'Address of its API server; null for the cluster that the gateway runs in.',
        resolve: ({ server }) => server ?? null,
      }),
      identity: t.field({
        type: named('ClusterIdentity'),
        description: 'Whom the cluster sees.',
        resolve: ({ identity }) => identity.toUpperCase() as never,
      }),
      profile: t.string({
        nullable: true,
        description: 'Profile of limits, name rules and switches; null for the platform’s.',
        resolve: ({ profile }) => profile,
      }),
      namespaces: t.stringList({
        description: 'Namespaces that are looked at, where the credentials end there; empty: all of them.',
        resolve: ({ namespaces }) => [...namespaces],
      }),
      description: t.exposeString('description', { description: 'What it is for.' }),
      registeredBy: t.field({
        type: principalNameRef,
        description: 'Who registered it.',
        resolve: ({ registeredBy }) => registeredBy,
      }),
      createdAt: t.field({
        type: 'DateTime',
        description: 'When it was registered.',
        resolve: ({ createdAt }) => createdAt,
      }),
      version: t.exposeInt('version', { description: 'For optimistic locking: rises with each change.' }),
    }),
  });
  builder.objectField(clusterRef, 'registration', (t) =>
    t.field({
      type: clusterRegistrationRef,
      nullable: true,
      description: 'How it was registered; null where it stands in the configuration, or for who may not see it.',
      resolve: async ({ name }: Cluster, _args, context) =>
        (await context.memo(visible, () => visible(context))).find((row) => row.name === name) ?? null,
    }),
  );
  registryOf(builder).rowLoaders.set('core|ClusterRegistration', async (keys, context) => {
    const rows = await visible(context);
    return keys.map((key) => rows.find(({ uuid }) => uuid === key) ?? null);
  });
}

/** Those that this caller may see, as they are now; nothing is read for who may see none. */
async function visible(context: RequestContext): Promise<readonly RegistrationNode[]> {
  if (!context.access.mayEver('READ', registrationSubject)) return [];
  const rows = await context.service(clusterRegistryRef).list();
  return rows.map(toRegistrationNode).filter((row) => context.access.allowed('READ', instanceOfRegistration(row)));
}

/** Throws `NotFoundError` for what is not there for this caller. */
export async function findRegistration(id: string, context: RequestContext): Promise<RegistrationNode> {
  const node = await resolveNode(id, context);
  if (!isRegistration(node)) throw new NotFoundError('There is no registration of a cluster with this id.');
  return node;
}

export const isRegistration = (node: unknown): node is RegistrationNode =>
  typeof node === 'object' && node !== null && 'nodeTypeName' in node && node.nodeTypeName === 'ClusterRegistration';
