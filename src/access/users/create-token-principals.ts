import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Memberships } from '../memberships.ts';
import type { SignInDirectory } from './create-sign-in-directory.ts';
import type { Impersonation } from './read-sign-in-state.ts';
import { sessionIdOf } from './session-id.ts';
import { type ServiceToken, tokenPrincipalId } from './sign-in-rows.ts';
import { narrowScope, rightsOfScope } from './token-scope.ts';

/** Whom the gateway's own tokens stand for, as things are now: from memory, at every request. */
export interface TokenPrincipals {
  byDigest(hex: string, digest: Buffer): Principal | undefined;
  /** The same of one that was handed out before. */
  bySession(principal: Principal): Principal | undefined;
  /** Somebody who is not here at the moment; see `Users.actingAs`. */
  ofAbsent(principalId: string, impersonatorId: string | undefined): Principal | undefined;
  /** Ids of principals that act for this one, or are acted for by it. */
  actingFor(principalId: string): readonly string[];
}

const dayMs = 86_400_000;

export function createTokenPrincipals(options: {
  readonly directory: SignInDirectory;
  readonly memberships: Pick<Memberships, 'enrich' | 'grantsIn'>;
  readonly settled: (principalId: string) => Principal | undefined | 'elsewhere';
  readonly ownerSeenWithinDays: number;
  readonly clock: Clock;
}): TokenPrincipals {
  const { directory, memberships, clock } = options;

  /**
   * Somebody who is not here at the moment, memberships included: what the settings say now, else what the identity
   * provider said when they were last here; undefined where nobody can say what they may.
   */
  function ofUser(principalId: string): Principal | undefined {
    if (directory.state.disabled.has(principalId)) return undefined;
    const settled = options.settled(principalId);
    if (settled !== 'elsewhere') return settled && memberships.enrich(settled);
    const user = directory.state.known.get(principalId);
    const seenAt = user?.lastSeenAt?.getTime();
    if (!user || seenAt === undefined || clock.now() - seenAt > options.ownerSeenWithinDays * dayMs) return undefined;
    const { id, name, kind, groups, roles, namespaces } = user;
    return memberships.enrich({ id, name, kind, groups, roles, namespaces, expiresAt: undefined });
  }

  function ofToken(token: ServiceToken, sessionId: string | undefined): Principal | undefined {
    if (token.expiresAt.getTime() <= clock.now()) return undefined;
    const owner = ofUser(token.owner.id);
    if (!owner) return undefined;
    return {
      id: tokenPrincipalId(token.id),
      name: token.name,
      kind: 'TOKEN',
      groups: [],
      ...rightsOfScope(narrowScope(token.scope, owner), memberships.grantsIn),
      expiresAt: token.expiresAt.getTime(),
      ...(sessionId === undefined ? {} : { session: { id: sessionId, method: 'SERVICE_TOKEN' as const } }),
      owner: { id: owner.id, name: owner.name },
    };
  }

  /** As the user, without what no administrator may do in their name; nothing once either of the two has lost the right to it. */
  function ofImpersonation(row: Impersonation, sessionId: string): Principal | undefined {
    if (row.expiresAt.getTime() <= clock.now()) return undefined;
    const { ended } = directory.state;
    if (row.impersonatorSession !== null && ended.has(row.impersonatorSession)) return undefined;
    const impersonator = ofUser(row.impersonatorId);
    const user = ofUser(row.principalId);
    if (!impersonator?.roles.includes('ADMIN') || !user || user.roles.includes('ADMIN')) return undefined;
    return {
      ...user,
      expiresAt: row.expiresAt.getTime(),
      session: { id: sessionId, method: 'IMPERSONATION' },
      impersonatedBy: { id: impersonator.id, name: impersonator.name },
    };
  }

  return {
    ofAbsent(principalId, impersonatorId) {
      for (const token of directory.state.tokens.values()) {
        if (tokenPrincipalId(token.id) === principalId) return ofToken(token, undefined);
      }
      const user = ofUser(principalId);
      if (!user || impersonatorId === undefined) return user;
      const impersonator = ofUser(impersonatorId);
      if (!impersonator?.roles.includes('ADMIN') || user.roles.includes('ADMIN')) return undefined;
      return { ...user, impersonatedBy: { id: impersonator.id, name: impersonator.name } };
    },
    byDigest(hex, digest) {
      const { tokens, impersonations } = directory.state;
      const token = tokens.get(hex);
      if (token) return ofToken(token, sessionIdOf(digest, tokenPrincipalId(token.id)));
      const impersonation = impersonations.get(hex);
      return impersonation && ofImpersonation(impersonation, sessionIdOf(digest, impersonation.principalId));
    },
    bySession(principal) {
      const { tokens, impersonations } = directory.state;
      const id = principal.session?.id ?? '';
      if (principal.impersonatedBy) {
        for (const [hex, row] of impersonations) {
          if (row.principalId !== principal.id) continue;
          if (sessionIdOf(Buffer.from(hex, 'hex'), principal.id) === id) return ofImpersonation(row, id);
        }
        return undefined;
      }
      for (const token of tokens.values()) if (tokenPrincipalId(token.id) === principal.id) return ofToken(token, id);
      return undefined;
    },
    actingFor(principalId) {
      const { tokens, impersonations } = directory.state;
      return [
        ...[...tokens.values()].filter(({ owner }) => owner.id === principalId).map(({ id }) => tokenPrincipalId(id)),
        ...[...impersonations.values()]
          .filter(({ impersonatorId }) => impersonatorId === principalId)
          .map((row) => row.principalId),
      ].filter((id) => id !== principalId);
    },
  };
}
