import type { Clock } from '../kernel/clock.ts';
import type { NamespaceScope, Principal, Role } from '../kernel/principal.ts';
import type { AuthenticationProvider } from './authentication-provider.ts';
import { refuseSystemNames } from './refuse-system-names.ts';
import type { RightsEvents } from './rights-events.ts';
import { digestToken, isSameDigest } from './token-digest.ts';

/** A token from the settings. Only its digest is kept; the token itself is shown once, when it is made. */
export interface StaticToken {
  /** Unique; becomes the principal's name and, with `token:` before it, its id. */
  readonly name: string;
  /** SHA-256 of the token, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly roles: readonly Role[];
  readonly namespaces: readonly NamespaceScope[];
  readonly groups: readonly string[];
  /** UTC milliseconds; undefined for a token that does not expire. */
  readonly expiresAt: number | undefined;
}

export interface StaticTokens extends AuthenticationProvider {
  /** Takes new settings: who lost a token or has other rights is announced, so that open streams close or narrow. */
  replace(tokens: readonly StaticToken[]): void;
}

interface Entry {
  readonly digest: Buffer;
  readonly principal: Principal;
}

/** Throws where two tokens share a name or digest, a digest is no SHA-256, or a name claims to be the cluster's own. */
export function createStaticTokens(options: {
  readonly tokens: readonly StaticToken[];
  readonly clock: Clock;
  readonly rights: RightsEvents;
}): StaticTokens {
  let entries = readEntries(options.tokens);

  const isLive = (principal: Principal) =>
    principal.expiresAt === undefined || principal.expiresAt > options.clock.now();

  return {
    name: 'static tokens',
    method: 'SETTINGS_TOKEN',
    authenticate(token) {
      if (token === undefined) return undefined;
      const digest = digestToken(token);
      let found: Principal | undefined;
      // No early exit: which token matched, or whether one did, must not show in time.
      for (const entry of entries) {
        if (isSameDigest(entry.digest, digest)) found = entry.principal;
      }
      return found && isLive(found) ? found : undefined;
    },
    current(principalId) {
      const principal = entries.find((entry) => entry.principal.id === principalId)?.principal;
      return principal && isLive(principal) ? principal : undefined;
    },
    replace(tokens) {
      const before = entries;
      entries = readEntries(tokens);
      for (const entry of before) {
        const after = entries.find((candidate) => candidate.principal.id === entry.principal.id);
        if (after && isSameEntry(entry, after)) continue;
        options.rights.announce(entry.principal.id, !after || !isSameDigest(entry.digest, after.digest));
      }
    },
  };
}

function readEntries(tokens: readonly StaticToken[]): readonly Entry[] {
  const names = new Set<string>();
  const digests = new Set<string>();
  return tokens.map((token) => {
    const digest = token.sha256.toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(digest)) {
      throw new Error(`Token '${token.name}': sha256 must be 64 hexadecimal digits.`);
    }
    if (token.name === '') throw new Error('A token must have a name.');
    if (names.has(token.name)) throw new Error(`Token '${token.name}' is configured twice.`);
    if (digests.has(digest)) throw new Error(`Token '${token.name}' has the same sha256 as another token.`);
    names.add(token.name);
    digests.add(digest);
    const principal: Principal = {
      id: `token:${token.name}`,
      name: token.name,
      kind: 'TOKEN',
      groups: [...token.groups],
      roles: [...token.roles],
      namespaces: token.namespaces.map((scope) => ({ cluster: scope.cluster, namespace: scope.namespace })),
      expiresAt: token.expiresAt,
    };
    refuseSystemNames(principal);
    return { digest: Buffer.from(digest, 'hex'), principal };
  });
}

/** A token with a new secret is another token: who holds the old one must not go on. */
function isSameEntry(one: Entry, other: Entry): boolean {
  return isSameDigest(one.digest, other.digest) && JSON.stringify(one.principal) === JSON.stringify(other.principal);
}
