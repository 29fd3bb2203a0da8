import {
  type LongshoreBuilder,
  type NamespaceScope,
  namespacesOf,
  type Principal,
  registerQuery,
  typeRef,
} from 'longshore/sdk';

/** Who asks: what a console greets by name and hides menus by. */
export function registerViewer(builder: LongshoreBuilder): void {
  const kind = builder.enumType('PrincipalKind', {
    description: 'What kind of caller it is.',
    values: {
      USER: { description: 'A person.' },
      TOKEN: { description: 'A token of the gateway’s own.' },
      SERVICE_ACCOUNT: { description: 'A service account of a cluster.' },
      SYSTEM: { description: 'The platform itself.' },
    } as const,
  });
  const scope = typeRef<NamespaceScope>('NamespaceScope');
  builder.objectType(scope, {
    description: 'A namespace that somebody may work in.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'Name of the cluster, or `*` for every cluster.' }),
      namespace: t.exposeString('namespace', { description: 'Name of the namespace.' }),
    }),
  });
  const viewer = typeRef<Principal>('Viewer');
  builder.objectType(viewer, {
    description: 'You, as the gateway knows you from your token.',
    fields: (t) => ({
      id: t.exposeString('id', {
        description: 'Stable over sessions, unique over all ways of signing in. No global id.',
      }),
      name: t.exposeString('name', { description: 'What records and consoles show.' }),
      kind: t.field({
        type: kind,
        description: 'What kind of caller you are.',
        resolve: (principal) => principal.kind,
      }),
      roles: t.stringList({
        description:
          'Names of your roles on the platform; what you are in tenants that you belong to is not among them.',
        resolve: (principal) => [...principal.roles],
      }),
      groups: t.stringList({
        description: 'Your groups, as the identity provider or the token’s settings say.',
        resolve: (principal) => [...principal.groups],
      }),
      namespaces: t.field({
        type: [scope],
        description: 'Where you may see and act; an ADMIN is not bound by it.',
        resolve: (principal) => [...namespacesOf(principal)],
      }),
      expiresAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'When your token ends; null where it does not.',
        resolve: (principal) => principal.expiresAt ?? null,
      }),
    }),
  });
  registerQuery(builder, {
    name: 'viewer',
    description: 'Who you are to the gateway.',
    allow: { public: 'Everybody may know who they are' },
    type: viewer,
    resolve: (_args, context) => context.principal,
  });
}
