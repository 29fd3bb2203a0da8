import {
  defineList,
  followTopic,
  type LongshoreBuilder,
  matchesText,
  nodeRef,
  registerList,
  registerSubscription,
  resolveNode,
  stringFilterRef,
  type TokenScope,
  typeRef,
  viewerCanField,
} from 'longshore/sdk';
import { projectTypeRef, workspaceTypeRef } from '../../api.ts';
import { idOfTenant } from '../../services/tenancy/tenants.ts';
import { serviceTokensTopic } from '../../services/users/service-tokens-topic.ts';
import { instanceOfToken, type ServiceTokenNode, serviceTokenSubject } from '../../services/users/users-service.ts';
import { namespaceScopeRef } from '../namespace-scope.ts';
import { principalNameRef } from '../principal-name.ts';
import { visibleTokens } from './load-users.ts';

export const serviceTokenRef = typeRef<ServiceTokenNode>('ServiceToken');
type TokenTenant = TokenScope['tenants'][number];

const read = { action: 'READ', subject: serviceTokenSubject } as const;

/** Service tokens: the type, the list and the stream. The token itself is in none of them. */
export function registerServiceToken(builder: LongshoreBuilder): void {
  const tenant = registerTokenTenant(builder);
  builder.objectType(serviceTokenRef, {
    description:
      'A token that an integrator signs in with. It may what its scope says as far as its owner still may it; it ends with its time, when it is revoked, and when its owner is disabled or gone.',
    interfaces: [nodeRef],
    fields: (t) => ({
      id: t.id({ description: 'Its global id.', resolve: ({ id }) => id }),
      ...viewerCanField<ServiceTokenNode>(t, instanceOfToken),
      name: t.exposeString('name', { description: 'What its owner calls it.' }),
      description: t.exposeString('description', { description: 'What it is for.' }),
      principalId: t.string({
        description: 'Who signs in with it, as records and members name it.',
        resolve: ({ key }) => `service-token:${key}`,
      }),
      owner: t.field({
        type: principalNameRef,
        description: 'On whose behalf it acts.',
        resolve: ({ owner }) => owner,
      }),
      roles: t.stringList({
        description: 'Roles it has at the most.',
        resolve: ({ scope }) => [...scope.roles],
      }),
      namespaces: t.field({
        type: [namespaceScopeRef],
        description: 'Namespaces where those roles hold at the most; an ADMIN is not bound by them.',
        resolve: ({ scope }) => [...scope.namespaces],
      }),
      tenants: t.field({
        type: [tenant],
        description: 'Workspaces and projects it belongs to at the most.',
        resolve: ({ scope }) => [...scope.tenants],
      }),
      createdAt: t.field({ type: 'DateTime', description: 'When it was made.', resolve: ({ createdAt }) => createdAt }),
      expiresAt: t.field({ type: 'DateTime', description: 'When it ends.', resolve: ({ expiresAt }) => expiresAt }),
      lastUsedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was last used, to a minute or so; null where it never was.',
        resolve: ({ lastUsedAt }) => lastUsedAt ?? null,
      }),
      lastUsedFrom: t.string({
        nullable: true,
        description: 'The address it was last used from; behind a proxy the proxy’s.',
        resolve: ({ lastUsedFrom }) => lastUsedFrom ?? null,
      }),
      revokedAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When it was revoked; null where it was not.',
        resolve: ({ revokedAt }) => revokedAt ?? null,
      }),
      revokedBy: t.string({
        nullable: true,
        description: 'Id of who revoked it.',
        resolve: ({ revokedBy }) => revokedBy ?? null,
      }),
    }),
  });
  const list = defineList(builder, {
    name: 'ServiceToken',
    node: serviceTokenRef,
    plural: 'service tokens',
    filter: (t) => ({
      name: t.field({ type: stringFilterRef, description: 'Test of the name.' }),
      ownerIds: t.stringList({ description: 'Only of these owners, by the ids of their principals.' }),
      isRevoked: t.boolean({ description: 'Only revoked ones, or only others.' }),
    }),
    matches:
      ({ name, ownerIds, isRevoked }) =>
      (row: ServiceTokenNode) =>
        matchesText(name, row.name) &&
        (!ownerIds || ownerIds.includes(row.owner.id)) &&
        (isRevoked === null || isRevoked === undefined || isRevoked === (row.revokedAt !== undefined)),
    orders: {
      NAME: { description: 'By name.', value: ({ name }) => name },
      CREATED_AT: { description: 'By the time of making.', value: ({ createdAt }) => createdAt.toISOString() },
      EXPIRES_AT: { description: 'By the time of ending.', value: ({ expiresAt }) => expiresAt.toISOString() },
      LAST_USED_AT: { description: 'By last use.', value: ({ lastUsedAt }) => lastUsedAt?.toISOString() },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ key }) => ({ cluster: '', namespace: '', name: key }),
  });
  registerList(builder, {
    name: 'serviceTokens',
    description:
      'Your service tokens, those that ended in the last 90 days included; all for an ADMIN. The tokens themselves are shown once, when they are made.',
    allow: read,
    list,
    rows: async (_args, context) => ({ items: await visibleTokens(context) }),
  });
  registerSubscription(builder, {
    name: 'serviceTokenChanges',
    description: 'Service tokens as they are made and revoked.',
    allow: read,
    itemField: 'serviceToken',
    itemType: serviceTokenRef,
    itemDescription: 'The token after the change.',
    isThrottled: true,
    args: (t) => ({ filter: t({ type: list.filterType, description: 'Which tokens to follow.' }) }),
    subscribe: (args, context) =>
      followTopic({
        topic: serviceTokensTopic,
        isVisible: (row) => context.access.allowed('READ', instanceOfToken(row)),
        filter: () => list.compileFilter((args as { readonly filter?: object | null }).filter as never, context),
        initial: () => visibleTokens(context),
        args,
        context,
      }),
  });
}

function registerTokenTenant(builder: LongshoreBuilder) {
  const tenant = typeRef<TokenTenant>('ServiceTokenTenant');
  builder.objectType(tenant, {
    description: 'A workspace or project that a service token belongs to.',
    fields: (t) => ({
      id: t.id({
        description: 'Global id of the workspace or project.',
        resolve: ({ of }) => idOf(of),
      }),
      role: t.string({ description: 'What it is there at the most.', resolve: ({ as }) => as }),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace, where it is one that you may see.',
        resolve: async ({ of }, _args, context) =>
          (of.startsWith('workspace/') ? await resolveNode(idOf(of), context) : null) as never,
      }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'The project, where it is one that you may see.',
        resolve: async ({ of }, _args, context) =>
          (of.startsWith('project/') ? await resolveNode(idOf(of), context) : null) as never,
      }),
    }),
  });
  return tenant;
}

/** `workspace/<uuid>` → its global id. */
function idOf(of: string): string {
  const [kind = '', uuid = ''] = of.split('/');
  return idOfTenant(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}`, uuid);
}
