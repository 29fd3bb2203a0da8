import { and, count, eq, gt, lte } from 'drizzle-orm';
import type { Database } from '../../data/database.ts';
import { tickets } from '../../data/tables.ts';
import { QuotaExceededError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { Authenticator } from '../create-authenticator.ts';
import { digestToken } from '../token-digest.ts';
import { createTokenValue, isTokenValue } from '../users/token-value.ts';
import type { TicketPurpose } from './ticket-purpose.ts';

export interface IssuedTicket {
  /** `lst_` and 49 letters and digits; shown once, and fit for a subprotocol of a WebSocket or a query parameter. */
  readonly value: string;
  readonly expiresAt: Date;
}

export interface RedeemedTicket<Subject> {
  /** Who asked for it, with the rights they have now. */
  readonly principal: Principal;
  readonly subject: Subject;
}

/**
 * One-time tickets (CMP-109): a mutation hands one out for something that a browser opens without its bearer token, such as a
 * WebSocket or a download. It is bound to the caller, the purpose and the subject, good for a minute and for one use over
 * all replicas.
 *
 * ```ts
 * const logDownload = ticketPurpose('log-download', z.strictObject({ cluster: z.string(), … }));
 * const { value, expiresAt } = await tickets.issue(context.principal, logDownload, { cluster, … }); // in the mutation
 * const redeemed = await tickets.redeem(logDownload, value); // at the door; undefined: refuse, always in the same words
 * ```
 *
 * What the subject allows was checked when it was issued; whoever redeems asks `permissions.for(principal)` again.
 */
export interface Tickets {
  /**
   * `forMs` is 60,000 unless said otherwise, at the most 300,000. Throws `QuotaExceededError` while the caller has too many
   * of this purpose that nobody has used yet.
   */
  issue<Subject>(
    principal: Principal,
    purpose: TicketPurpose<Subject>,
    subject: Subject,
    options?: { readonly forMs?: number },
  ): Promise<IssuedTicket>;
  /**
   * Uses a ticket up. Undefined where it is none, is of another purpose, was used before, has expired, or its holder may no
   * longer be here. Rejects with `UpstreamError` where the database cannot be asked.
   */
  redeem<Subject>(purpose: TicketPurpose<Subject>, value: string): Promise<RedeemedTicket<Subject> | undefined>;
}

const defaultMs = 60_000;
const longestMs = 300_000;
/** Tickets of one purpose that one caller may have at a time. */
const mostUnused = 20;

export function createTickets(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticator: Pick<Authenticator, 'resume'>;
}): Tickets {
  const { database, clock, authenticator } = options;

  return {
    async issue(principal, purpose, subject, { forMs = defaultMs } = {}) {
      const value = createTokenValue('lst_');
      const now = clock.now();
      const expiresAt = new Date(Math.min(now + Math.min(forMs, longestMs), principal.expiresAt ?? Number.MAX_VALUE));
      // Memberships are given anew where it is used.
      const { memberships: _now, ...base } = principal;
      await database.transaction(async (tx) => {
        await tx.delete(tickets).where(lte(tickets.expiresAt, new Date(now)));
        const [row] = await tx
          .select({ unused: count() })
          .from(tickets)
          .where(
            and(
              eq(tickets.principalId, principal.id),
              eq(tickets.purpose, purpose.name),
              gt(tickets.expiresAt, new Date(now)),
            ),
          );
        if ((row?.unused ?? 0) >= mostUnused) {
          throw new QuotaExceededError(
            `${mostUnused} tickets of this kind are waiting to be used; use one, or wait a minute`,
          );
        }
        await tx.insert(tickets).values({
          digest: digestOf(value),
          purpose: purpose.name,
          principalId: principal.id,
          principal: base,
          subject: subject as object,
          expiresAt,
          createdAt: new Date(now),
        });
      });
      return { value, expiresAt };
    },
    async redeem(purpose, value) {
      // What is none costs no look into the database.
      if (!isTokenValue('lst_', value)) return undefined;
      const [row] = await database
        .current()
        .delete(tickets)
        .where(and(eq(tickets.digest, digestOf(value)), eq(tickets.purpose, purpose.name)))
        .returning();
      if (!row || row.expiresAt.getTime() <= clock.now()) return undefined;
      const principal = await authenticator.resume(principalIn(row.principal));
      return principal && { principal, subject: purpose.parse(row.subject) };
    },
  };
}

const digestOf = (value: string): string => digestToken(value).toString('hex');

/** What JSON leaves out is said again. */
function principalIn(written: unknown): Principal {
  const principal = written as Principal;
  return { ...principal, expiresAt: principal.expiresAt ?? undefined };
}
