import { randomUUID } from 'node:crypto';
import {
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  type Fence,
  inFencedTransaction,
  NotFoundError,
  type OperationHandle,
  type Principal,
  QuotaExceededError,
  runRecordedTransaction,
} from 'longshore/sdk';
import { eventWebhookDeadLetters, eventWebhooks } from '../../tables.ts';
import { type DeadLetter, type EventWebhook, toEventWebhook } from './event-webhooks.ts';

const { and, asc, desc, eq, inArray, isNull, lt, sql } = drizzle;

/** The loop that tells webhooks, and the signal that something about one of them has changed. */
export const eventWebhookLoopName = 'core.eventWebhooks';

export type EventWebhookFields = Pick<EventWebhook, 'displayName' | 'url' | 'subscription' | 'variables' | 'position'>;

export type EventWebhookEdits = {
  readonly [Name in keyof EventWebhookFields]?: EventWebhookFields[Name] | undefined;
} & {
  readonly isPaused?: boolean | undefined;
  readonly rotateSecret?: boolean | undefined;
};

/** What a round of telling came to. */
export interface EventWebhookProgress
  extends Partial<
    Pick<
      EventWebhook,
      'position' | 'problem' | 'httpStatus' | 'failingSince' | 'resyncedAt' | 'resyncReason' | 'stoppedReason'
    >
  > {
  /** How many more it was told of. */
  readonly told: number;
  readonly dead: readonly Omit<DeadLetter, 'webhookId' | 'createdAt' | 'isWanted'>[];
  /** Dead letters that were told after all, or that have been tried once more in vain. */
  readonly letters: readonly { readonly id: string; readonly failed?: Pick<DeadLetter, 'problem' | 'httpStatus'> }[];
}

/** Event webhooks as rows. Says nothing about rights: ask for each row. */
export interface EventWebhooksService {
  webhooks(ownerId?: string): Promise<readonly EventWebhook[]>;
  webhooksById(uuids: readonly string[]): Promise<readonly EventWebhook[]>;
  /** Throws `QuotaExceededError` where the owner has as many as may be. */
  create(owner: Principal, fields: EventWebhookFields, most: number, ticket: OperationHandle): Promise<EventWebhook>;
  /** Throws `ConflictError` where `version` is not the present one. */
  update(
    uuid: string,
    version: number,
    edits: EventWebhookEdits,
    ticket: OperationHandle,
  ): Promise<{ readonly before: EventWebhook; readonly after: EventWebhook }>;
  remove(uuid: string, ticket: OperationHandle): Promise<void>;
  /** Goes on behind the cursor, and tries the dead letters once more. */
  replay(
    uuid: string,
    what: { readonly after?: string | undefined; readonly deadLetters: boolean },
    ticket: OperationHandle,
  ): Promise<EventWebhook>;
  /** Newest first. */
  deadLetters(webhookUuid: string): Promise<readonly DeadLetter[]>;
  /** Those that somebody wants to be tried once more, oldest first. */
  wantedLetters(webhookUuid: string): Promise<readonly DeadLetter[]>;
  /** Those that are to be told; the others are paused, stopped or gone. */
  activeUuids(): Promise<readonly string[]>;
  /** Writes down what came of it; false where somebody has changed the webhook meanwhile, and nothing was written. */
  advance(
    webhook: Pick<EventWebhook, 'uuid' | 'version'>,
    progress: EventWebhookProgress,
    fence: Fence,
  ): Promise<boolean>;
  /** Drops dead letters that are older than the settings keep them. */
  forgetDeadLetters(): Promise<number>;
}

/** Dead letters kept of one webhook; the oldest go first. */
const mostDeadLetters = 1_000;
const dayMs = 86_400_000;

export function createEventWebhooksService(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly deadLetterDays: number;
}): EventWebhooksService {
  const { database, clock } = options;

  const list = async (where: drizzle.SQL | undefined) => {
    const found = and(isNull(eventWebhooks.deletedAt), where);
    return (await database.current().select().from(eventWebhooks).where(found)).map(toEventWebhook);
  };
  const announce = (uuid: string) => database.signal(eventWebhookLoopName, uuid);

  async function need(tx: DatabaseHandle, uuid: string) {
    const isThere = and(eq(eventWebhooks.id, uuid), isNull(eventWebhooks.deletedAt));
    const [row] = await tx.select().from(eventWebhooks).where(isThere).for('update');
    if (!row) throw new NotFoundError('It is not there any more.');
    return row;
  }

  async function change(tx: DatabaseHandle, uuid: string, edits: Partial<typeof eventWebhooks.$inferInsert>) {
    const next = { ...edits, version: sql`${eventWebhooks.version} + 1` };
    const [row] = await tx.update(eventWebhooks).set(next).where(eq(eventWebhooks.id, uuid)).returning();
    if (!row) throw new NotFoundError('It is not there any more.');
    await announce(uuid);
    return toEventWebhook(row);
  }

  /** Whoever makes many at once must not get past the limit. */
  async function requireRoom(tx: DatabaseHandle, ownerId: string, most: number): Promise<void> {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`core.eventWebhooks/${ownerId}`}))`);
    const theirs = and(isNull(eventWebhooks.deletedAt), eq(eventWebhooks.ownerId, ownerId));
    const taken = await tx.$count(eventWebhooks, theirs);
    if (taken < most) return;
    throw new QuotaExceededError(`You have ${taken} event webhooks already, and may have ${most}`);
  }

  return {
    webhooks: (ownerId) => list(ownerId === undefined ? undefined : eq(eventWebhooks.ownerId, ownerId)),
    webhooksById: async (uuids) => (uuids.length === 0 ? [] : list(inArray(eventWebhooks.id, [...uuids]))),
    create: (owner, fields, most, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await requireRoom(tx, owner.id, most);
        const [row] = await tx
          .insert(eventWebhooks)
          .values({
            ...fields,
            id: randomUUID(),
            ownerId: owner.id,
            ownerName: owner.name,
            impersonatedBy: owner.impersonatedBy?.id ?? null,
            isPaused: false,
            delivered: 0,
            secretGeneration: 1,
            version: 1,
            createdAt: new Date(clock.now()),
          })
          .returning();
        if (!row) throw new Error('an-insert-without-a-row');
        await announce(row.id);
        return toEventWebhook(row);
      }),
    update: (uuid, version, { rotateSecret, isPaused, ...given }, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const row = await need(tx, uuid);
        if (row.version !== version) {
          throw new ConflictError(
            `'${row.displayName}' has version ${row.version} by now, not ${version}: read it again`,
          );
        }
        const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const after = await change(tx, uuid, {
          ...said,
          ...(isPaused === undefined ? {} : { isPaused }),
          // Who lets it go on has seen why it had stopped, and gives it its whole time again.
          ...(isPaused === false ? { stoppedReason: null, failingSince: null, problem: null } : {}),
          ...(rotateSecret
            ? { secretGeneration: row.secretGeneration + 1, secretRotatedAt: new Date(clock.now()) }
            : {}),
        });
        return { before: toEventWebhook(row), after };
      }),
    remove: (uuid, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await need(tx, uuid);
        await change(tx, uuid, { deletedAt: new Date(clock.now()), position: null });
        await tx.delete(eventWebhookDeadLetters).where(eq(eventWebhookDeadLetters.webhookId, uuid));
      }),
    replay: (uuid, { after, deadLetters }, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        await need(tx, uuid);
        if (deadLetters) {
          const ofIt = eq(eventWebhookDeadLetters.webhookId, uuid);
          await tx.update(eventWebhookDeadLetters).set({ isWanted: true }).where(ofIt);
        }
        return change(tx, uuid, after === undefined ? {} : { position: after });
      }),
    deadLetters: (webhookUuid) =>
      database
        .current()
        .select()
        .from(eventWebhookDeadLetters)
        .where(eq(eventWebhookDeadLetters.webhookId, webhookUuid))
        .orderBy(desc(eventWebhookDeadLetters.createdAt)),
    wantedLetters: (webhookUuid) =>
      database
        .current()
        .select()
        .from(eventWebhookDeadLetters)
        .where(and(eq(eventWebhookDeadLetters.webhookId, webhookUuid), eq(eventWebhookDeadLetters.isWanted, true)))
        .orderBy(asc(eventWebhookDeadLetters.createdAt)),
    async activeUuids() {
      const rows = await database.db
        .select({ id: eventWebhooks.id })
        .from(eventWebhooks)
        .where(
          and(isNull(eventWebhooks.deletedAt), eq(eventWebhooks.isPaused, false), isNull(eventWebhooks.stoppedReason)),
        );
      return rows.map(({ id }) => id);
    },
    advance: ({ uuid, version }, { told, dead, letters, ...state }, fence) =>
      inFencedTransaction(database, fence, async (tx) => {
        const now = new Date(clock.now());
        const isSame = and(
          eq(eventWebhooks.id, uuid),
          eq(eventWebhooks.version, version),
          isNull(eventWebhooks.deletedAt),
        );
        const written = await tx
          .update(eventWebhooks)
          .set({
            ...state,
            delivered: sql`${eventWebhooks.delivered} + ${told}`,
            ...(told > 0 ? { deliveredAt: now } : {}),
          })
          .where(isSame)
          .returning({ id: eventWebhooks.id });
        if (written.length === 0) return false;
        for (const { id, failed } of letters) {
          const isIt = eq(eventWebhookDeadLetters.id, id);
          if (failed)
            await tx
              .update(eventWebhookDeadLetters)
              .set({ ...failed, isWanted: false })
              .where(isIt);
          else await tx.delete(eventWebhookDeadLetters).where(isIt);
        }
        if (dead.length === 0) return true;
        await tx
          .insert(eventWebhookDeadLetters)
          .values(dead.map((letter) => ({ ...letter, webhookId: uuid, isWanted: false, createdAt: now })));
        await tx.execute(sql`
          delete from core_event_webhook_dead_letters where id in (
            select id from core_event_webhook_dead_letters where webhook_id = ${uuid}
            order by created_at desc, id offset ${mostDeadLetters}
          )`);
        return true;
      }),
    async forgetDeadLetters() {
      const before = new Date(clock.now() - options.deadLetterDays * dayMs);
      const gone = await database.db
        .delete(eventWebhookDeadLetters)
        .where(lt(eventWebhookDeadLetters.createdAt, before))
        .returning({ id: eventWebhookDeadLetters.id });
      return gone.length;
    },
  };
}
