import type { NamespaceScope, Principal } from '../kernel/principal.ts';
import type { AuthenticationProvider } from './authentication-provider.ts';
import { digestToken, isSameDigest } from './token-digest.ts';

/** Settings of the fixed development tokens. Given only while every cluster is embedded and the listener is loopback. */
export interface DevTokenSettings {
  /** Where `dev-developer` may work: the namespaces of the demonstration shop. */
  readonly shopNamespaces: readonly NamespaceScope[];
}

/** `dev-admin`, `dev-developer`, and `dev-admin` for who brings no token at all. */
export function createDevTokens(settings: DevTokenSettings): AuthenticationProvider {
  const admin = devPrincipal('dev-admin', { roles: ['ADMIN'], namespaces: [] });
  const developer = devPrincipal('dev-developer', { roles: ['DEVELOPER'], namespaces: settings.shopNamespaces });
  const entries = [admin, developer].map((principal) => ({ principal, digest: digestToken(principal.name) }));

  return {
    name: 'development tokens',
    method: 'DEVELOPMENT',
    authenticate(token) {
      if (token === undefined) return admin;
      const digest = digestToken(token);
      return entries.find((entry) => isSameDigest(entry.digest, digest))?.principal;
    },
    current: (principalId) => entries.find((entry) => entry.principal.id === principalId)?.principal,
  };
}

function devPrincipal(name: string, rights: Pick<Principal, 'roles' | 'namespaces'>): Principal {
  return { id: `dev:${name}`, name, kind: 'USER', groups: [], expiresAt: undefined, ...rights };
}
