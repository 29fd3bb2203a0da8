/** Roles that are always there (CORE-09). Settings and plugins define further ones. */
export const builtInRoles = ['ADMIN', 'DEVELOPER', 'GUEST'] as const;

/** A built-in role, or the name of one that the settings or a plugin define. */
export type Role = (typeof builtInRoles)[number] | (string & {});

/** A namespace that a principal may work in; `cluster` is a cluster's name or `*` for every cluster. */
export interface NamespaceScope {
  readonly cluster: string;
  readonly namespace: string;
}

/** How somebody belongs to a tenant; each includes the ones before. A GUEST sees that it is there and what it is called. */
export const membershipRanks = ['GUEST', 'DEVELOPER', 'ADMIN'] as const;
export type MembershipRank = (typeof membershipRanks)[number];

/** That a principal belongs to a tenant: a workspace, project or department. */
export interface Membership {
  /** `<kind>/<id>`, e.g. `workspace/<uuid>`. */
  readonly of: string;
  /** A rank, or the name of a role that the settings or a plugin define. It holds inside the tenant alone. */
  readonly as: MembershipRank | (string & {});
  /** Namespaces of the tenant that come with it. */
  readonly namespaces?: readonly NamespaceScope[];
}

/** Who asks. Built once per request or connection from a verified token, never from headers. */
export interface Principal {
  /** Stable over sessions and unique over all ways of signing in, e.g. `token:ci` or `dev:dev-admin`. */
  readonly id: string;
  /** What records and consoles show, and what an impersonating cluster sees as the user. */
  readonly name: string;
  readonly kind: 'USER' | 'TOKEN' | 'SERVICE_ACCOUNT' | 'SYSTEM';
  readonly groups: readonly string[];
  /** Roles of the platform; what comes with memberships is not among them. */
  readonly roles: readonly Role[];
  /** Where those roles hold. An ADMIN is not bound by it. */
  readonly namespaces: readonly NamespaceScope[];
  /** Tenants it belongs to, added after sign-in; absent where it belongs to none. An ADMIN is not bound by it. */
  readonly memberships?: readonly Membership[];
  /** UTC milliseconds; undefined where the token does not expire. */
  readonly expiresAt: number | undefined;
  /** How it signed in; absent for the platform itself. */
  readonly session?: PrincipalSession;
  /** Of a service token: on whose behalf it acts. It never has more than its owner. */
  readonly owner?: PrincipalName;
  /** The administrator who acts as this principal. Records name both. */
  readonly impersonatedBy?: PrincipalName;
}

/** A principal as records and lists name it. */
export interface PrincipalName {
  readonly id: string;
  readonly name: string;
}

/** Ways of signing in. */
export const signInMethods = [
  'SETTINGS_TOKEN',
  'ADMINISTRATOR_TOKEN',
  'DEVELOPMENT',
  'OIDC',
  'SERVICE_ACCOUNT',
  'SERVICE_TOKEN',
  'IMPERSONATION',
] as const;
export type SignInMethod = (typeof signInMethods)[number];

/** One bearer token in use by one principal, or one sign-in with all its tokens: what can be seen of it, and ended. */
export interface PrincipalSession {
  /** UUID, made from the token's digest (or the sign-in's name) and the principal: the same on every replica. */
  readonly id: string;
  readonly method: SignInMethod;
  /** It is a sign-in at an identity provider, which may hand out further tokens of it. */
  readonly spansTokens?: true;
}

/** Every namespace where a principal has any rights, by its token or by belonging somewhere; each once. */
export function namespacesOf({
  namespaces,
  memberships = [],
}: Pick<Principal, 'namespaces' | 'memberships'>): readonly NamespaceScope[] {
  const all = [...namespaces, ...memberships.flatMap((membership) => membership.namespaces ?? [])];
  return [...new Map(all.map((scope) => [`${scope.cluster}/${scope.namespace}`, scope])).values()];
}

/** The platform itself: reconcilers, sweepers, migrations. Its name stands in records of what nobody asked for by hand. */
export const systemPrincipal: Principal = {
  id: 'system:longshore',
  name: 'longshore',
  kind: 'SYSTEM',
  groups: [],
  roles: ['ADMIN'],
  namespaces: [],
  expiresAt: undefined,
};
