import type { serviceTokens, users } from '../../data/tables.ts';
import type { Principal, PrincipalName, Role, SignInMethod } from '../../kernel/principal.ts';
import type { TokenScope } from './token-scope.ts';

/** A service token as lists show it. */
export interface ServiceToken {
  /** UUID; `service-token:<id>` is the principal's id. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly owner: PrincipalName;
  readonly scope: TokenScope;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly lastUsedAt: Date | undefined;
  /** Address it was last used from. */
  readonly lastUsedFrom: string | undefined;
  readonly revokedAt: Date | undefined;
  readonly revokedBy: string | undefined;
}

/** Somebody who has signed in at some time, as they were when they last did. */
export interface KnownUser {
  /** The principal's id. */
  readonly id: string;
  readonly name: string;
  readonly kind: Principal['kind'];
  readonly method: SignInMethod;
  readonly groups: readonly string[];
  readonly roles: readonly Role[];
  readonly namespaces: Principal['namespaces'];
  /** Undefined for who was disabled before ever signing in. */
  readonly lastSeenAt: Date | undefined;
  readonly createdAt: Date;
  readonly disabled: { readonly at: Date; readonly by: string; readonly reason: string } | undefined;
}

export function toServiceToken(row: typeof serviceTokens.$inferSelect): ServiceToken {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    owner: { id: row.ownerId, name: row.ownerName },
    scope: row.scope as TokenScope,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt ?? undefined,
    lastUsedFrom: row.lastUsedFrom ?? undefined,
    revokedAt: row.revokedAt ?? undefined,
    revokedBy: row.revokedBy ?? undefined,
  };
}

export function toKnownUser(row: typeof users.$inferSelect): KnownUser {
  const { disabledAt, disabledBy, disabledReason } = row;
  return {
    id: row.id,
    name: row.name,
    kind: row.kind as Principal['kind'],
    method: row.method as SignInMethod,
    groups: row.groups,
    roles: row.roles as readonly Role[],
    namespaces: row.namespaces,
    lastSeenAt: row.lastSeenAt ?? undefined,
    createdAt: row.createdAt,
    disabled: disabledAt === null ? undefined : { at: disabledAt, by: disabledBy ?? '', reason: disabledReason ?? '' },
  };
}

/** The id of the principal that a service token signs in. */
export const tokenPrincipalId = (id: string): string => `service-token:${id}`;
