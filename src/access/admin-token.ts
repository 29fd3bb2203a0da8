import type { Principal } from '../kernel/principal.ts';
import type { AuthenticationProvider } from './authentication-provider.ts';
import { digestToken, isSameDigest } from './token-digest.ts';

/** The one random token of the data directory: whoever can read that file administers this gateway. */
export function createAdminToken(token: string): AuthenticationProvider {
  const expected = digestToken(token);
  const admin: Principal = {
    id: 'local:admin',
    name: 'admin',
    kind: 'TOKEN',
    groups: [],
    roles: ['ADMIN'],
    namespaces: [],
    expiresAt: undefined,
  };
  return {
    name: 'administrator token',
    method: 'ADMINISTRATOR_TOKEN',
    authenticate: (presented) =>
      presented !== undefined && isSameDigest(digestToken(presented), expected) ? admin : undefined,
    current: (principalId) => (principalId === admin.id ? admin : undefined),
  };
}
