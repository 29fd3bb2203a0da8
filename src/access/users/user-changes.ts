import { count, desc, eq, isNotNull } from 'drizzle-orm';
import { users } from '../../data/tables.ts';
import { ForbiddenError, NotFoundError, PreconditionError, QuotaExceededError } from '../../kernel/answer-error.ts';
import { changeSignIn, type SignInChanges } from './change-sign-in.ts';
import { maxSignInRows } from './read-sign-in-state.ts';
import { toKnownUser } from './sign-in-rows.ts';
import type { Users } from './users.ts';

type UserChanges = Pick<Users, 'users' | 'user' | 'disableUser' | 'enableUser'>;

/** Who has been here, and who must not come any more. */
export function createUserChanges(options: SignInChanges & { readonly flush: () => Promise<void> }): UserChanges {
  const { database, flush } = options;
  return {
    async users() {
      await flush();
      const rows = await database.current().select().from(users).orderBy(desc(users.lastSeenAt)).limit(maxSignInRows);
      return rows.map(toKnownUser);
    },
    async user(id) {
      await flush();
      const [row] = await database.current().select().from(users).where(eq(users.id, id));
      return row && toKnownUser(row);
    },
    async disableUser(id, reason, by, ticket) {
      // Whoever shuts themselves out may be the last who could let anybody in again.
      if (id === by.id) throw new PreconditionError('OWN_ACCOUNT', 'You cannot disable yourself');
      if (!ticket.isDryRun) await flush();
      return changeSignIn(options, ticket, async (tx, now) => {
        // Two who disable each other at once would both be out: only the first of them still may.
        const [own] = await tx.select({ disabledAt: users.disabledAt }).from(users).where(eq(users.id, by.id));
        if (own && own.disabledAt !== null) throw new ForbiddenError('You are disabled yourself.');
        const [disabled] = await tx.select({ total: count() }).from(users).where(isNotNull(users.disabledAt));
        if ((disabled?.total ?? 0) >= maxSignInRows) {
          throw new QuotaExceededError(`${maxSignInRows} users are disabled already`);
        }
        const [row] = await tx
          .update(users)
          .set({ disabledAt: now, disabledBy: by.id, disabledReason: reason })
          .where(eq(users.id, id))
          .returning();
        if (!row) throw new NotFoundError('Nobody with this id has been here.');
        return toKnownUser(row);
      });
    },
    enableUser: (id, ticket) =>
      changeSignIn(options, ticket, async (tx) => {
        const [row] = await tx
          .update(users)
          .set({ disabledAt: null, disabledBy: null, disabledReason: null })
          .where(eq(users.id, id))
          .returning();
        if (!row) throw new NotFoundError('Nobody with this id has been here.');
        return toKnownUser(row);
      }),
  };
}
