import { randomUUID } from 'node:crypto';
import { and, eq, isNotNull, isNull, lt, lte, or } from 'drizzle-orm';
import type { OperationRecords } from '../../audit/operation-records.ts';
import { endedSessions, impersonations, serviceTokens, sessions, tickets, users } from '../../data/tables.ts';
import { ForbiddenError, NotFoundError, PreconditionError } from '../../kernel/answer-error.ts';
import { systemPrincipal } from '../../kernel/principal.ts';
import { digestToken } from '../token-digest.ts';
import { changeSignIn, type SignInChanges } from './change-sign-in.ts';
import { refuseDerived } from './service-token-changes.ts';
import { sessionsKeptMs } from './session-changes.ts';
import { sessionIdOf } from './session-id.ts';
import { createTokenValue } from './token-value.ts';
import type { Users } from './users.ts';

type ImpersonationChanges = Pick<Users, 'startImpersonation' | 'sweep'>;

const dayMs = 86_400_000;
/** How long what is over stays in lists, in ms. */
const historyMs = 90 * dayMs;
/** How long somebody who never comes again is remembered, in ms. */
const usersKeptMs = 400 * dayMs;

/**
 * An administrator acts as somebody else by a token of its own that both can see: short, bound to the administrator's
 * session, with less than either has. A header would be decided anew with every request, and copied by every client in between.
 */
export function createImpersonationChanges(
  options: SignInChanges & {
    readonly operations: OperationRecords;
    readonly flush: () => Promise<void>;
  },
): ImpersonationChanges {
  const { database, clock, operations, flush } = options;

  /** The record of an end that nobody asked for by a mutation. */
  async function recordEnds(signal: AbortSignal): Promise<void> {
    const over = await database
      .current()
      .select()
      .from(impersonations)
      .where(and(eq(impersonations.isEndRecorded, false), lte(impersonations.expiresAt, new Date(clock.now()))))
      .limit(100);
    for (const { id, principalId, expiresAt } of over) {
      if (signal.aborted) return;
      await operations.run(
        {
          action: 'endImpersonation',
          principal: systemPrincipal,
          requestId: 'core.sweepSignIn',
          target: { plugin: 'core', type: 'Impersonation', id, kind: 'Impersonation', name: principalId },
        },
        async () => {
          await database
            .current()
            .update(impersonations)
            .set({ endedAt: expiresAt, endedBy: systemPrincipal.id, isEndRecorded: true })
            .where(and(eq(impersonations.id, id), eq(impersonations.isEndRecorded, false)));
          return { value: undefined };
        },
      );
    }
  }

  async function forget(): Promise<void> {
    const now = clock.now();
    const before = (ms: number) => new Date(now - ms);
    const { db } = database;
    await db.delete(sessions).where(lt(sessions.lastSeenAt, before(sessionsKeptMs)));
    await db.delete(tickets).where(lt(tickets.expiresAt, before(0)));
    await db.delete(endedSessions).where(lt(endedSessions.expiresAt, before(0)));
    await db
      .delete(serviceTokens)
      .where(or(lt(serviceTokens.expiresAt, before(historyMs)), lt(serviceTokens.revokedAt, before(historyMs))));
    await db
      .delete(impersonations)
      .where(and(eq(impersonations.isEndRecorded, true), lt(impersonations.endedAt, before(historyMs))));
    await db
      .delete(users)
      .where(and(isNull(users.disabledAt), isNotNull(users.lastSeenAt), lt(users.lastSeenAt, before(usersKeptMs))));
  }

  return {
    async startImpersonation(administrator, { principalId, reason, minutes }, ticket) {
      refuseDerived(administrator);
      if (!administrator.roles.includes('ADMIN')) throw new ForbiddenError('Only an administrator may do this.');
      if (!ticket.isDryRun) await flush();
      const value = createTokenValue('lsi_');
      const what = await changeSignIn(options, ticket, async (tx, now) => {
        const [user] = await tx.select().from(users).where(eq(users.id, principalId));
        if (!user) throw new NotFoundError('Nobody with this id has been here.');
        if (user.disabledAt !== null) throw new PreconditionError('USER_DISABLED', `'${user.name}' is disabled`);
        if (user.roles.includes('ADMIN')) throw new ForbiddenError('Nobody may act as another administrator.');
        const end = now.getTime() + minutes * 60_000;
        const expiresAt = new Date(Math.min(end, administrator.expiresAt ?? end));
        const digest = digestToken(value);
        const both = {
          digest: digest.toString('hex'),
          principalId,
          principalName: user.name,
          impersonatorId: administrator.id,
          impersonatorName: administrator.name,
          expiresAt,
          createdAt: now,
        };
        await tx.insert(impersonations).values({
          ...both,
          id: randomUUID(),
          impersonatorSession: administrator.session?.id ?? null,
          reason,
          isEndRecorded: false,
        });
        // There to be seen by both before it is used for the first time.
        const id = sessionIdOf(digest, principalId);
        const seen = { address: null, userAgent: null, openStreams: 0, lastSeenAt: now };
        await tx.insert(sessions).values({ ...both, ...seen, id, replica: 'issued', method: 'IMPERSONATION' });
        return {
          id,
          principal: { id: principalId, name: user.name },
          method: 'IMPERSONATION' as const,
          impersonatedBy: { id: administrator.id, name: administrator.name },
          impersonationReason: reason,
          address: undefined,
          userAgent: undefined,
          firstSeenAt: now,
          lastSeenAt: now,
          expiresAt,
          openStreams: 0,
          endedAt: undefined,
        };
      });
      return { what, value: ticket.isDryRun ? undefined : value };
    },
    async sweep(signal) {
      await recordEnds(signal);
      if (!signal.aborted) await forget();
    },
  };
}
