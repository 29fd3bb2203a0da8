import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import { hasSameRights } from '../has-same-rights.ts';
import type { RightsEvents } from '../rights-events.ts';
import { digestToken } from '../token-digest.ts';

export interface VerifiedToken {
  readonly principal: Principal;
  readonly issuer: string;
  readonly keyId: string;
  /** `iat` in seconds; 0 where the token does not say. */
  readonly issuedAt: number;
}

/** Tokens whose signature was checked, by their digests, so that the next request need not check it again. */
export interface VerifiedTokens {
  /** Undefined where the token is unknown, has expired, or its key is no longer good. */
  find(token: string): Principal | undefined;
  /** Its principal; undefined where its key went while it was looked at. Other rights than before are announced. */
  remember(token: string, verified: VerifiedToken): Principal | undefined;
  /** The principal as its latest token says. */
  current(principalId: string): Principal | undefined;
  /** Drops what was signed by keys that are no longer good, and announces whose it was. */
  forgetVanished(): void;
}

/** Most tokens, and most principals, that are remembered. */
const maxRemembered = 10_000;

export function createVerifiedTokens(options: {
  readonly clock: Clock;
  readonly rights: RightsEvents;
  readonly isKeyGood: (issuer: string, keyId: string) => boolean;
}): VerifiedTokens {
  const { clock, rights } = options;
  const byDigest = new Map<string, VerifiedToken>();
  const byPrincipal = new Map<string, VerifiedToken>();

  const isGood = ({ principal, issuer, keyId }: VerifiedToken) =>
    principal.expiresAt !== undefined && principal.expiresAt > clock.now() && options.isKeyGood(issuer, keyId);

  function use(map: Map<string, VerifiedToken>, key: string): VerifiedToken | undefined {
    const found = map.get(key);
    if (!found) return undefined;
    map.delete(key);
    if (!isGood(found)) return undefined;
    // What was used last stands last, and what stands first is forgotten first.
    map.set(key, found);
    return found;
  }

  function keep(map: Map<string, VerifiedToken>, key: string, token: VerifiedToken): void {
    map.delete(key);
    const [oldest] = map.keys();
    if (map.size >= maxRemembered && oldest !== undefined) map.delete(oldest);
    map.set(key, token);
  }

  return {
    find(token) {
      const found = use(byDigest, keyOf(token));
      if (found) use(byPrincipal, found.principal.id);
      return found?.principal;
    },
    remember(token, verified) {
      if (!isGood(verified)) return undefined;
      const { principal } = verified;
      keep(byDigest, keyOf(token), verified);
      const before = use(byPrincipal, principal.id);
      // An older token may still be shown, but what it says is no longer how things stand.
      if (before && before.issuedAt > verified.issuedAt) return principal;
      keep(byPrincipal, principal.id, verified);
      if (before && !hasSameRights(before.principal, principal)) rights.announce(principal.id);
      return principal;
    },
    current: (principalId) => use(byPrincipal, principalId)?.principal,
    forgetVanished() {
      const whose = new Set<string>();
      for (const map of [byDigest, byPrincipal]) {
        for (const [key, { principal, issuer, keyId }] of map) {
          if (options.isKeyGood(issuer, keyId)) continue;
          map.delete(key);
          whose.add(principal.id);
        }
      }
      for (const id of whose) rights.announce(id);
    },
  };
}

function keyOf(token: string): string {
  return digestToken(token).toString('base64url');
}
