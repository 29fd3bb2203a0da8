import { randomUUID } from 'node:crypto';
import { and, count, desc, eq, gt, isNull, type SQL } from 'drizzle-orm';
import type { DatabaseHandle } from '../../data/database.ts';
import { serviceTokens } from '../../data/tables.ts';
import { ConflictError, ForbiddenError, NotFoundError, QuotaExceededError } from '../../kernel/answer-error.ts';
import type { Principal } from '../../kernel/principal.ts';
import { digestToken } from '../token-digest.ts';
import { changeSignIn, type SignInChanges } from './change-sign-in.ts';
import { maxSignInRows } from './read-sign-in-state.ts';
import { type ServiceToken, toServiceToken } from './sign-in-rows.ts';
import { narrowScope, type TokenScope } from './token-scope.ts';
import { createTokenValue } from './token-value.ts';
import type { ServiceTokenNews, Users } from './users.ts';

type ServiceTokenChanges = Pick<
  Users,
  'createServiceToken' | 'revokeServiceToken' | 'serviceTokens' | 'serviceToken' | 'onServiceToken'
>;

/**
 * Tokens that integrators sign in with. A digest is enough to know one again: SHA-256 of 256 random bits cannot be guessed
 * back, so nothing slow or salted is needed, and one look finds it.
 */
export function createServiceTokenChanges(
  options: SignInChanges & {
    /** Writes who the caller is, before anything depends on it. */
    readonly flush: () => Promise<void>;
    readonly tokenNews: ServiceTokenListeners;
  },
): ServiceTokenChanges {
  const { database, flush, tokenNews } = options;

  return {
    async createServiceToken(owner, wanted, ticket) {
      refuseDerived(owner);
      refuseMore(wanted.scope, owner);
      if (!ticket.isDryRun) await flush();
      const value = createTokenValue('ls_');
      const what = await changeSignIn(options, ticket, async (tx, now) => {
        await makeRoom(tx, owner, wanted, now);
        const [row] = await tx
          .insert(serviceTokens)
          .values({
            id: randomUUID(),
            name: wanted.name,
            description: wanted.description,
            digest: digestToken(value).toString('hex'),
            ownerId: owner.id,
            ownerName: owner.name,
            scope: wanted.scope,
            expiresAt: wanted.expiresAt,
            version: 1,
            createdAt: now,
          })
          .returning();
        if (!row) throw new Error('service-token-without-row');
        const token = toServiceToken(row);
        if (!ticket.isDryRun) await tokenNews.tell({ type: 'ADDED', token });
        return token;
      });
      return { what, value: ticket.isDryRun ? undefined : value };
    },

    revokeServiceToken: (id, by, ticket) =>
      changeSignIn(options, ticket, async (tx, now) => {
        const revoked = await revokeToken(tx, eq(serviceTokens.id, id), { by: by.id, now });
        if (revoked) {
          if (!ticket.isDryRun) await tokenNews.tell({ type: 'MODIFIED', token: revoked });
          return revoked;
        }
        const [known] = await tx.select().from(serviceTokens).where(eq(serviceTokens.id, id));
        if (!known) throw new NotFoundError('There is no such service token.');
        return toServiceToken(known);
      }),

    async serviceTokens(ownerId) {
      const rows = await database
        .current()
        .select()
        .from(serviceTokens)
        .where(ownerId === undefined ? undefined : eq(serviceTokens.ownerId, ownerId))
        .orderBy(desc(serviceTokens.createdAt))
        .limit(maxSignInRows);
      return rows.map(toServiceToken);
    },

    async serviceToken(id) {
      const [row] = await database.current().select().from(serviceTokens).where(eq(serviceTokens.id, id));
      return row && toServiceToken(row);
    },

    onServiceToken: tokenNews.listen,
  };
}

/** Who is told of each change of a service token, in its transaction. */
export interface ServiceTokenListeners {
  listen(listener: (news: ServiceTokenNews) => Promise<void>): () => void;
  tell(news: ServiceTokenNews): Promise<void>;
}

export function createServiceTokenListeners(): ServiceTokenListeners {
  const listeners = new Set<(news: ServiceTokenNews) => Promise<void>>();
  return {
    listen(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    async tell(news) {
      for (const listener of listeners) await listener(news);
    },
  };
}

/** The token as it is then; undefined where none that is not revoked is found. */
export async function revokeToken(
  tx: DatabaseHandle,
  which: SQL,
  { by, now }: { readonly by: string; readonly now: Date },
): Promise<ServiceToken | undefined> {
  const [row] = await tx
    .update(serviceTokens)
    .set({ revokedAt: now, revokedBy: by, version: 2 })
    .where(and(which, isNull(serviceTokens.revokedAt)))
    .returning();
  return row && toServiceToken(row);
}

/** A token that makes tokens would outlive itself; and what an administrator makes in somebody's name would outlive that. */
export function refuseDerived({ owner, impersonatedBy }: Principal): void {
  if (owner) throw new ForbiddenError('A service token may not do this: only who signs in themselves.');
  if (impersonatedBy) throw new ForbiddenError('Nobody may do this in the name of somebody else.');
}

function refuseMore(scope: TokenScope, owner: Principal): void {
  const own = narrowScope(scope, owner);
  const lacking = [
    ...scope.roles.filter((role) => !own.roles.includes(role)).map((role) => `the role ${role}`),
    ...scope.namespaces
      .filter((place) => !own.namespaces.includes(place))
      .map(({ cluster, namespace }) => `namespace '${cluster}/${namespace}'`),
    ...scope.tenants
      .filter(({ of, as }) => !own.tenants.some((tenant) => tenant.of === of && tenant.as === as))
      .map(({ of, as }) => `${as} in ${of.split('/')[0]}`),
  ];
  if (lacking.length === 0) return;
  throw new ForbiddenError(
    `A service token may not have more than you have yourself: ${lacking.slice(0, 10).join(', ')}`,
  );
}

async function makeRoom(
  tx: DatabaseHandle,
  owner: Principal,
  { name, mostOfOwner }: { readonly name: string; readonly mostOfOwner: number },
  now: Date,
): Promise<void> {
  const isActive = and(isNull(serviceTokens.revokedAt), gt(serviceTokens.expiresAt, now));
  const own = await tx
    .select({ name: serviceTokens.name })
    .from(serviceTokens)
    .where(and(eq(serviceTokens.ownerId, owner.id), isActive));
  if (own.some((token) => token.name === name)) {
    throw new ConflictError(`You have a service token '${name}' already: choose another name, or revoke it`);
  }
  if (own.length >= mostOfOwner) {
    throw new QuotaExceededError(
      `You have ${own.length} service tokens, and may have ${mostOfOwner}: revoke one first`,
    );
  }
  const [all] = await tx.select({ total: count() }).from(serviceTokens).where(isActive);
  if ((all?.total ?? 0) >= maxSignInRows) {
    throw new QuotaExceededError(`This gateway has ${maxSignInRows} service tokens, and takes no more`);
  }
}
