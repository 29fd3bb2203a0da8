import { and, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Database, DatabaseHandle } from '../../data/database.ts';
import { endedSessions, impersonations, serviceTokens, signInRevision, users } from '../../data/tables.ts';
import type { KnownUser, ServiceToken } from './sign-in-rows.ts';
import { toKnownUser, toServiceToken } from './sign-in-rows.ts';

export type Impersonation = typeof impersonations.$inferSelect;

/** Everything that decides who may sign in besides the tokens themselves, as it stood at one revision. */
export interface SignInState {
  readonly revision: number;
  /** Ids of principals. */
  readonly disabled: ReadonlySet<string>;
  /** Ids of sessions with whose they are. */
  readonly ended: ReadonlyMap<string, string>;
  /** By digest. */
  readonly tokens: ReadonlyMap<string, ServiceToken>;
  /** By digest. */
  readonly impersonations: ReadonlyMap<string, Impersonation>;
  /** Owners of tokens and everybody in an impersonation, by id. */
  readonly known: ReadonlyMap<string, KnownUser>;
}

/** Most rows of a kind that are held; whoever would make more is refused. */
export const maxSignInRows = 10_000;

export async function readSignInRevision(handle: DatabaseHandle): Promise<number> {
  const [row] = await handle.select({ revision: signInRevision.revision }).from(signInRevision);
  return row?.revision ?? 0;
}

/** All of one moment: a token and its owner must not come from two. */
export function readSignInState(database: Database, now: Date): Promise<SignInState> {
  return database.transaction(
    async (tx) => {
      const revision = await readSignInRevision(tx);
      const disabled = await tx
        .select({ id: users.id })
        .from(users)
        .where(isNotNull(users.disabledAt))
        .limit(maxSignInRows);
      const ended = await tx
        .select({ id: endedSessions.id, principalId: endedSessions.principalId })
        .from(endedSessions)
        .where(or(isNull(endedSessions.expiresAt), gt(endedSessions.expiresAt, now)))
        .limit(maxSignInRows);
      const tokens = await tx
        .select()
        .from(serviceTokens)
        .where(and(isNull(serviceTokens.revokedAt), gt(serviceTokens.expiresAt, now)))
        .limit(maxSignInRows);
      const open = await tx
        .select()
        .from(impersonations)
        .where(and(isNull(impersonations.endedAt), gt(impersonations.expiresAt, now)))
        .limit(maxSignInRows);
      const concerned = [
        ...new Set([
          ...tokens.map(({ ownerId }) => ownerId),
          ...open.flatMap(({ principalId, impersonatorId }) => [principalId, impersonatorId]),
        ]),
      ];
      const known = concerned.length === 0 ? [] : await tx.select().from(users).where(inArray(users.id, concerned));
      return {
        revision,
        disabled: new Set(disabled.map(({ id }) => id)),
        ended: new Map(ended.map(({ id, principalId }) => [id, principalId])),
        tokens: new Map(tokens.map((row) => [row.digest, toServiceToken(row)])),
        impersonations: new Map(open.map((row) => [row.digest, row])),
        known: new Map(known.map((row) => [row.id, toKnownUser(row)])),
      };
    },
    { isolation: 'repeatable read' },
  );
}

/** Whoever changes what is read here, in the same transaction. */
export async function raiseSignInRevision(database: Database, tx: DatabaseHandle, now: Date): Promise<void> {
  await tx
    .insert(signInRevision)
    .values({ id: 1, revision: 1, createdAt: now })
    .onConflictDoUpdate({ target: signInRevision.id, set: { revision: sql`${signInRevision.revision} + 1` } });
  await database.signal(signInChannel, 'changed');
}

/** Said to every replica by whoever has changed who may sign in. */
export const signInChannel = 'core.signIn';
