import { randomUUID } from 'node:crypto';
import {
  type Clock,
  type Database,
  drizzle,
  inFencedTransaction,
  type LongOperation,
  type OperationHandle,
  type OperationRecords,
  PreconditionError,
  type Principal,
  planOf,
  type QueueFence,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  type WorkQueue,
  wakeLongOperation,
} from 'longshore/sdk';
import { diskMigrations } from '../../tables.ts';
import type { MigrationPlan } from './migration-plan.ts';

const { and, eq, isNull, lt } = drizzle;

export type DiskMigration = typeof diskMigrations.$inferSelect;

/** Moves of disks that are under way (STO-15), over all replicas. */
export interface DiskMigrations {
  /** Begins one as the long operation of the ticket. `ConflictError` where the disk is being moved already. */
  begin(
    migration: Pick<DiskMigration, 'cluster' | 'namespace' | 'disk'> & {
      readonly planOf: (id: string) => MigrationPlan;
    },
    ticket: OperationHandle,
    result: { readonly type: string; readonly id: string },
  ): Promise<void>;
  get(id: string): Promise<DiskMigration | undefined>;
  /** The id of the one that has not ended; undefined where there is none. */
  openOf(place: Pick<DiskMigration, 'cluster' | 'namespace' | 'disk'>): Promise<string | undefined>;
  /**
   * Has it undone: its loop does that, and wakes where a step of it had failed. Throws `PreconditionError` NOT_MIGRATING once the old claim is deleted,
   * or it is over.
   */
  cancel(id: string, ticket: OperationHandle, by: Principal): Promise<void>;
  /** For its loop alone. Throws `FenceLostError` where another worker has it by now. */
  note(id: string, fence: QueueFence, news: Partial<Pick<DiskMigration, 'newVolume' | 'lateWriting'>>): Promise<void>;
  giveUp(id: string, fence: QueueFence, problem: string): Promise<void>;
  /** From then on nothing is undone; false where somebody has cancelled it first. */
  passNoReturn(id: string, fence: QueueFence): Promise<boolean>;
  end(id: string, fence: QueueFence): Promise<void>;
}

export const diskMigrationsRef: ServiceRef<DiskMigrations> = serviceRef<DiskMigrations>('storage.diskMigrations');

/** How long it is known of one that is over why it ended so, in ms: a failed step may still be tried again. */
const keptMs = 90 * 24 * 60 * 60 * 1_000;

export function createDiskMigrations(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly operations: Pick<OperationRecords, 'get' | 'steps'>;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
  /** What carries them on. */
  readonly operation: LongOperation;
}): DiskMigrations {
  const { database, clock, operations, queue, operation } = options;
  const now = () => new Date(clock.now());
  const rowOf = (id: string) => eq(diskMigrations.id, id);
  const isOpen = (id: string) =>
    and(
      rowOf(id),
      isNull(diskMigrations.switchedAt),
      isNull(diskMigrations.cancelledAt),
      isNull(diskMigrations.endedAt),
    );

  async function get(id: string): Promise<DiskMigration | undefined> {
    const [row] = await database.current().select().from(diskMigrations).where(rowOf(id));
    return row;
  }

  const update = (id: string, news: Partial<DiskMigration>) =>
    database.current().update(diskMigrations).set(news).where(rowOf(id));

  return {
    async begin({ planOf: plan, ...place }, ticket, result) {
      const id = ticket.id ?? randomUUID();
      await runRecordedTransaction(database, ticket, async (tx) => {
        await tx.insert(diskMigrations).values({ ...place, id, plan: plan(id), createdAt: now() });
        await operations.steps.start(ticket, planOf(operation, ticket, { result }));
      });
    },
    get,
    async openOf({ cluster, namespace, disk }) {
      const place = and(
        eq(diskMigrations.cluster, cluster),
        eq(diskMigrations.namespace, namespace),
        eq(diskMigrations.disk, disk),
      );
      const open = and(place, isNull(diskMigrations.endedAt));
      const [row] = await database.current().select({ id: diskMigrations.id }).from(diskMigrations).where(open);
      return row?.id;
    },
    async cancel(id, ticket, by) {
      await runRecordedTransaction(database, ticket, async (tx) => {
        const news = { cancelledAt: now(), problem: `It was cancelled by '${by.name}'.` };
        const changed = await tx
          .update(diskMigrations)
          .set(news)
          .where(isOpen(id))
          .returning({ id: diskMigrations.id });
        if (changed.length === 0) {
          throw new PreconditionError('NOT_MIGRATING', 'The move of the disk cannot be cancelled any more.');
        }
        await wakeLongOperation({ operations, queue }, operation, id, by);
      });
    },
    async note(id, fence, news) {
      await inFencedTransaction(database, fence, () => update(id, news));
    },
    async giveUp(id, fence, problem) {
      await inFencedTransaction(database, fence, () =>
        database.current().update(diskMigrations).set({ cancelledAt: now(), problem }).where(isOpen(id)),
      );
    },
    async passNoReturn(id, fence) {
      const changed = await inFencedTransaction(database, fence, () =>
        database
          .current()
          .update(diskMigrations)
          .set({ switchedAt: now() })
          .where(isOpen(id))
          .returning({ id: diskMigrations.id }),
      );
      return (changed as readonly unknown[]).length > 0;
    },
    async end(id, fence) {
      await inFencedTransaction(database, fence, async () => {
        await update(id, { endedAt: now() });
        const old = lt(diskMigrations.endedAt, new Date(clock.now() - keptMs));
        await database.current().delete(diskMigrations).where(old);
      });
    },
  };
}
