import { and, count, desc, eq, gte, isNull } from 'drizzle-orm';
import { endedSessions, impersonations, serviceTokens, sessions } from '../../data/tables.ts';
import { NotFoundError, PreconditionError, QuotaExceededError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { PrincipalName, SignInMethod } from '../../kernel/principal.ts';
import { changeSignIn, type SignInChanges } from './change-sign-in.ts';
import { maxSignInRows } from './read-sign-in-state.ts';
import { refuseDerived, revokeToken, type ServiceTokenListeners } from './service-token-changes.ts';
import type { Session, Users } from './users.ts';
import { signInDigest } from './write-seen.ts';

type SessionChanges = Pick<Users, 'sessions' | 'session' | 'endSession'>;
type SessionRow = typeof sessions.$inferSelect;

/** How long a replica is believed that something is open there, in ms; it says so every minute. */
const openTrustMs = 180_000;
/** How far lists go back, in ms. */
export const sessionsKeptMs = 30 * 86_400_000;
/** For how long further tokens of a sign-in that was ended are refused, in ms: providers end theirs sooner unless used all the time. */
const signInKeptMs = 90 * 86_400_000;

/** Tokens in use, as all replicas have seen them; and the end of them. */
export function createSessionChanges(
  options: SignInChanges & { readonly flush: () => Promise<void>; readonly tokenNews: ServiceTokenListeners },
): SessionChanges {
  const { database, clock, flush, tokenNews } = options;

  async function load(where: { readonly principalId?: string; readonly id?: string }): Promise<readonly Session[]> {
    // What this replica has seen up to now belongs to it; the others write within a minute.
    await flush();
    const rows = await database
      .current()
      .select({ session: sessions, endedAt: endedSessions.createdAt, reason: impersonations.reason })
      .from(sessions)
      .leftJoin(endedSessions, eq(endedSessions.id, sessions.id))
      .leftJoin(impersonations, eq(impersonations.digest, sessions.digest))
      .where(
        and(
          gte(sessions.lastSeenAt, new Date(clock.now() - sessionsKeptMs)),
          where.principalId === undefined ? undefined : eq(sessions.principalId, where.principalId),
          where.id === undefined ? undefined : eq(sessions.id, where.id),
        ),
      )
      .orderBy(desc(sessions.lastSeenAt))
      .limit(maxSignInRows);
    const byId = Map.groupBy(rows, ({ session }) => session.id);
    return [...byId.values()].map((group) =>
      toSession(
        group.map(({ session }) => session),
        { endedAt: group[0]?.endedAt ?? undefined, impersonationReason: group[0]?.reason ?? undefined },
        clock,
      ),
    );
  }

  return {
    sessions: (principalId) => load(principalId === undefined ? {} : { principalId }),
    session: async (id) => (await load({ id }))[0],
    async endSession(session, by, ticket) {
      if (by.impersonatedBy && by.session?.id !== session.id) refuseDerived(by);
      if (session.method === 'DEVELOPMENT') {
        throw new PreconditionError(
          'SESSION_CANNOT_END',
          'Development tokens are the same for everybody and do not end',
        );
      }
      return changeSignIn(options, ticket, async (tx, now) => {
        const [row] = await tx.select().from(sessions).where(eq(sessions.id, session.id)).limit(1);
        if (!row?.digest) throw new NotFoundError('There is no such session.');
        const [all] = await tx.select({ total: count() }).from(endedSessions);
        if ((all?.total ?? 0) >= maxSignInRows) {
          throw new QuotaExceededError(
            'Too many sessions were ended that have not expired yet; disable the user instead',
          );
        }
        await tx
          .insert(endedSessions)
          .values({
            id: session.id,
            digest: row.digest,
            principalId: row.principalId,
            endedBy: by.id,
            expiresAt: row.digest === signInDigest ? new Date(now.getTime() + signInKeptMs) : row.expiresAt,
            createdAt: now,
          })
          .onConflictDoNothing();
        // What the gateway has issued itself ends as such, so that its own list says so too.
        const { digest } = row;
        const token = await revokeToken(tx, eq(serviceTokens.digest, digest), { by: by.id, now });
        if (token && !ticket.isDryRun) await tokenNews.tell({ type: 'MODIFIED', token });
        await tx
          .update(impersonations)
          .set({ endedAt: now, endedBy: by.id, isEndRecorded: true })
          .where(and(eq(impersonations.digest, digest), isNull(impersonations.endedAt)));
        return { ...session, endedAt: session.endedAt ?? now, openStreams: 0 };
      });
    },
  };
}

/** One session out of what each replica has seen of it. */
function toSession(
  rows: readonly SessionRow[],
  more: Pick<Session, 'endedAt' | 'impersonationReason'>,
  clock: Clock,
): Session {
  const [newest] = rows;
  if (!newest) throw new Error('session-without-rows');
  const now = clock.now();
  const name = (id: string | null, text: string | null): PrincipalName | undefined =>
    id === null ? undefined : { id, name: text ?? id };
  return {
    id: newest.id,
    principal: { id: newest.principalId, name: newest.principalName },
    method: newest.method as SignInMethod,
    impersonatedBy: name(newest.impersonatorId, newest.impersonatorName),
    address: rows.find(({ address }) => address !== null)?.address ?? undefined,
    userAgent: rows.find(({ userAgent }) => userAgent !== null)?.userAgent ?? undefined,
    firstSeenAt: new Date(Math.min(...rows.map(({ createdAt }) => createdAt.getTime()))),
    lastSeenAt: newest.lastSeenAt,
    expiresAt: newest.expiresAt ?? undefined,
    openStreams: rows
      .filter(({ lastSeenAt }) => now - lastSeenAt.getTime() < openTrustMs)
      .reduce((sum, { openStreams }) => sum + openStreams, 0),
    ...more,
  };
}
