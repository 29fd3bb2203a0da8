import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { queue } from '../data/tables.ts';
import type { Clock } from '../kernel/clock.ts';
import type { QueueFence } from './fence.ts';

/** Signals with a reconciler's name go here. */
const queueChannel = 'queue';

/** A key that this worker holds until its lease runs out. */
export interface ClaimedKey {
  readonly fence: QueueFence;
  /** Failures and deaths in a row, this time included. */
  readonly attempt: number;
  /** Wake-ups until the claim: more at the end mean that it was woken meanwhile. */
  readonly wakeups: number;
  readonly leaseExpiresAt: number;
}

export interface QueueEntry {
  readonly reconciler: string;
  readonly key: string;
  readonly dueAt: Date;
  readonly attempts: number;
  readonly lastError: string | undefined;
}

/** Keys that want to be looked at, shared by all replicas. A key is held by one worker at a time. */
export interface WorkQueue {
  /**
   * Wakes a key: it will be looked at once it is due (default now), also where it is being worked on. In a transaction
   * it counts once that commits.
   */
  enqueue(reconciler: string, key: string, options?: { readonly dueAtMs?: number }): Promise<void>;
  /** Takes up to `limit` keys that are due and that nobody holds. */
  claim(options: {
    reconcilers: readonly string[];
    holder: string;
    limit: number;
    leaseMs: number;
  }): Promise<readonly ClaimedKey[]>;
  /** Prolongs the lease; the new expiry, or undefined where it was lost. */
  renew(fence: QueueFence, leaseMs: number): Promise<number | undefined>;
  /** Ends the work: forgets the key, unless it was woken meanwhile. False where the lease was lost. */
  settle(claimed: ClaimedKey): Promise<boolean>;
  /** Ends the work until `dueAtMs`. `error` says that it failed, and keeps the count of failures. False where the lease was lost. */
  postpone(claimed: ClaimedKey, dueAtMs: number, error?: string): Promise<boolean>;
  /** When the next key falls due or loses its holder (UTC ms); undefined where there is none. */
  nextDue(reconcilers: readonly string[]): Promise<number | undefined>;
  /** Calls back when keys of one of these may be due. */
  onWake(reconcilers: readonly string[], listener: () => void): () => void;
  /** What waits and why, earliest first, for the administrator. */
  list(reconciler: string, limit: number): Promise<readonly QueueEntry[]>;
}

export function createWorkQueue(database: Database, clock: Clock): WorkQueue {
  const now = () => new Date(clock.now());
  const isHeldUnder = (fence: QueueFence) =>
    and(eq(queue.reconciler, fence.reconciler), eq(queue.key, fence.key), eq(queue.fence, fence.number));

  return {
    async enqueue(reconciler, key, options = {}) {
      const dueAt = options.dueAtMs === undefined ? now() : new Date(options.dueAtMs);
      await database
        .current()
        .insert(queue)
        .values({ reconciler, key, dueAt, wakeups: 1, fence: 0, attempts: 0, createdAt: now() })
        .onConflictDoUpdate({
          target: [queue.reconciler, queue.key],
          set: { dueAt: sql`least(${queue.dueAt}, excluded.due_at)`, wakeups: sql`${queue.wakeups} + 1` },
        });
      await database.signal(queueChannel, reconciler);
    },

    async claim({ reconcilers, holder, limit, leaseMs }) {
      if (reconcilers.length === 0 || limit <= 0) return [];
      const at = now().toISOString();
      const leaseExpiresAt = clock.now() + leaseMs;
      const expiresAt = new Date(leaseExpiresAt).toISOString();
      // Due again when the lease ends, so that a key whose worker died comes back by itself.
      const rows = await database.db.execute<{
        reconciler: string;
        key: string;
        fence: string;
        attempts: number;
        wakeups: string;
      }>(sql`
        update core_queue as held
        set holder = ${holder}, lease_expires_at = ${expiresAt}, due_at = ${expiresAt}, attempts = held.attempts + 1, fence = nextval('core_fences')
        from (
          select reconciler, key from core_queue
          where reconciler in ${[...reconcilers]} and due_at <= ${at} and (lease_expires_at is null or lease_expires_at <= ${at})
          order by due_at limit ${limit} for update skip locked
        ) as free
        where held.reconciler = free.reconciler and held.key = free.key
        returning held.reconciler, held.key, held.fence, held.attempts, held.wakeups`);
      return rows.map((row) => ({
        fence: { kind: 'queue', reconciler: row.reconciler, key: row.key, number: Number(row.fence) },
        attempt: row.attempts,
        wakeups: Number(row.wakeups),
        leaseExpiresAt,
      }));
    },

    async renew(fence, leaseMs) {
      const expiresAt = clock.now() + leaseMs;
      const renewed = await database.db
        .update(queue)
        .set({ leaseExpiresAt: new Date(expiresAt) })
        .where(isHeldUnder(fence))
        .returning({ key: queue.key });
      return renewed.length > 0 ? expiresAt : undefined;
    },

    async settle(claimed) {
      const gone = await database.db
        .delete(queue)
        .where(and(isHeldUnder(claimed.fence), eq(queue.wakeups, claimed.wakeups)))
        .returning({ key: queue.key });
      if (gone.length > 0) return true;
      // Woken meanwhile: the wake-up said when it is due.
      const kept = await database.db
        .update(queue)
        .set({ holder: null, leaseExpiresAt: null, attempts: 0, lastError: null })
        .where(isHeldUnder(claimed.fence))
        .returning({ key: queue.key });
      return kept.length > 0;
    },

    async postpone(claimed, dueAtMs, error) {
      const dueAt = new Date(dueAtMs).toISOString();
      const kept = await database.db
        .update(queue)
        .set({
          holder: null,
          leaseExpiresAt: null,
          dueAt: sql`case when ${queue.wakeups} = ${claimed.wakeups} then ${dueAt} else least(${queue.dueAt}, ${dueAt}) end`,
          lastError: error ?? null,
          ...(error === undefined ? { attempts: 0 } : {}),
        })
        .where(isHeldUnder(claimed.fence))
        .returning({ key: queue.key });
      return kept.length > 0;
    },

    async nextDue(reconcilers) {
      if (reconcilers.length === 0) return undefined;
      const [row] = await database.db
        .select({ at: sql<string | null>`min(greatest(${queue.dueAt}, ${queue.leaseExpiresAt}))` })
        .from(queue)
        .where(inArray(queue.reconciler, [...reconcilers]));
      return row?.at ? Date.parse(row.at) : undefined;
    },

    onWake(reconcilers, listener) {
      const names = new Set(reconcilers);
      const stops = [
        database.onSignal(queueChannel, (name) => {
          if (names.has(name)) listener();
        }),
        database.onSignalGap(listener),
      ];
      return () => {
        for (const stop of stops) stop();
      };
    },

    async list(reconciler, limit) {
      const rows = await database
        .current()
        .select()
        .from(queue)
        .where(eq(queue.reconciler, reconciler))
        .orderBy(queue.dueAt)
        .limit(limit);
      return rows.map((row) => ({ ...row, lastError: row.lastError ?? undefined }));
    },
  };
}
