import { createHash } from 'node:crypto';
import type { NamespaceScope, Role } from '../../../src/kernel/principal.ts';

/** Somebody who calls, and what the oracle may know of them. */
export interface Caller {
  readonly title: string;
  /** The bearer token that is sent; undefined for none at all. */
  readonly token: string | undefined;
  /** False where the gateway must not know them at all. */
  readonly isKnown: boolean;
  readonly id: string;
  readonly roles: readonly Role[];
  readonly scopes: readonly NamespaceScope[];
  /** Namespaces of those tenants. */
  readonly memberScopes?: readonly NamespaceScope[];
  /** Tenants with how the caller belongs to each; known once the world has made them. */
  readonly tenants?: () => readonly (readonly [tenant: string, as: string])[];
}

const past = '2020-01-01T00:00:00Z';

/** Everybody who has a static token, the expired one included; the administrator of the data folder has none here. */
export const tokenHolders: readonly (Caller & { readonly token: string; readonly expiresAt?: string })[] = [
  holder('expired', { roles: ['ADMIN'], expiresAt: past }),
  holder('homeless', { roles: ['DEVELOPER'] }),
  holder('shop-developer', { roles: ['DEVELOPER'], scopes: [{ cluster: 'alpha', namespace: 'shop' }] }),
  holder('team-developer', { roles: ['DEVELOPER'], scopes: [{ cluster: 'alpha', namespace: 'team-b' }] }),
  holder('everywhere-developer', { roles: ['DEVELOPER'], scopes: [{ cluster: '*', namespace: 'shop' }] }),
  // These have nothing of their own: what they may do comes from belonging to a workspace or project.
  member('workspace-admin'),
  member('project-developer'),
  // A role of the settings in one namespace, and a membership elsewhere: neither may reach where the other holds.
  member('auditor', { roles: ['auditor'], scopes: [{ cluster: 'alpha', namespace: 'team-b' }] }),
  holder('static-admin', { roles: ['ADMIN'] }),
];

/** `roles` of the settings: reads everything in the namespaces that its token names, and changes nothing. */
export const roleSettings = [
  {
    name: 'auditor',
    description: 'Reads everything in its namespaces.',
    extends: ['GUEST'],
    rules: [{ actions: ['READ'], subjects: 'ALL', where: 'namespaces' }],
  },
];

/** As they stand in the settings: hashes, never tokens. */
export const tokenSettings = tokenHolders.map(({ title, token, roles, scopes, expiresAt }) => ({
  name: title,
  sha256: sha256(token),
  roles,
  namespaces: scopes.map(({ cluster, namespace }) => (cluster === '*' ? namespace : `${cluster}/${namespace}`)),
  ...(expiresAt === undefined ? {} : { expiresAt }),
}));

/** All principals of the matrix; `adminToken` is the random one of the data folder. */
export function allCallers(adminToken: string): readonly Caller[] {
  const stranger = { isKnown: false, id: '', roles: [], scopes: [] };
  return [
    { title: 'nobody', token: undefined, ...stranger },
    { title: 'forger', token: 'dev-admin', ...stranger },
    ...tokenHolders,
    { title: 'admin', token: adminToken, isKnown: true, id: 'local:admin', roles: ['ADMIN'], scopes: [] },
  ];
}

export function callerNamed(callers: readonly Caller[], title: string): Caller {
  const found = callers.find((caller) => caller.title === title);
  if (!found) throw new Error(`No caller is called ${title}`);
  return found;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function holder(
  title: string,
  rights: { readonly roles: readonly Role[]; readonly scopes?: readonly NamespaceScope[]; readonly expiresAt?: string },
) {
  return {
    title,
    token: `test-token-of-${title}-0123456789abcdef`,
    isKnown: rights.expiresAt === undefined,
    id: `token:${title}`,
    roles: rights.roles,
    scopes: rights.scopes ?? [],
    ...(rights.expiresAt === undefined ? {} : { expiresAt: rights.expiresAt }),
  };
}

/** Tenants of members by their titles; the world fills it. */
export const tenantsOfMembers = new Map<string, readonly (readonly [tenant: string, as: string])[]>();

function member(title: string, rights: Pick<Caller, 'roles' | 'scopes'> = { roles: ['DEVELOPER'], scopes: [] }) {
  const memberScopes = [{ cluster: 'alpha', namespace: 'shop' }];
  return { ...holder(title, rights), memberScopes, tenants: () => tenantsOfMembers.get(title) ?? [] };
}
