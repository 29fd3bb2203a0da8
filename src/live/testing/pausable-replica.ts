import type { Database, DatabaseHandle } from '../../data/database.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createLeases } from '../../work/leases.ts';
import type { FollowedCluster } from '../create-kind-hub.ts';
import { createJournal } from '../journal/create-journal.ts';
import { type JournalledKind, startKindJournals } from '../journal/start-kind-journals.ts';
import { followable } from './followed-clusters.ts';

/** A replica that journals, as a process that the system can stop and let go on: its clock and its database with it. */
export interface PausableReplica {
  isPaused: boolean;
  /** What it has under way at the database. */
  readonly pending: number;
  /** Its clock goes on; a paused one finds out when it goes on itself. */
  pass(byMs: number): void;
  pause(): void;
  resume(): void;
  stop(): Promise<void>;
}

export function startPausableReplica(options: {
  readonly kinds: readonly JournalledKind[];
  readonly cluster: FollowedCluster;
  readonly database: Database;
  readonly startMs: number;
}): PausableReplica {
  const clock = createManualClock(options.startMs);
  const logger = silentLogger;
  let pending = 0;
  let missedMs = 0;
  let opened = Promise.withResolvers<void>();
  opened.resolve();

  /** Stops before what it does, and behind it: then it is done, and nobody here knows. */
  async function gated<V>(work: () => Promise<V>): Promise<V> {
    await opened.promise;
    pending += 1;
    try {
      return await work();
    } finally {
      pending -= 1;
      await opened.promise;
    }
  }

  const db = new Proxy(options.database.db, {
    get: (target, name) =>
      name === 'execute'
        ? (...query: Parameters<DatabaseHandle['execute']>) => gated(async () => target.execute(...query))
        : Reflect.get(target, name),
  });
  const database: Database = {
    ...options.database,
    db,
    transaction: (work, how) => gated(() => options.database.transaction(work, how)),
  };
  const journals = startKindJournals({
    kinds: options.kinds,
    clusters: followable([options.cluster]),
    leases: createLeases({ database, clock, logger }),
    database,
    journal: createJournal({ database, clock }),
    clock,
    logger,
  });

  const replica: PausableReplica = {
    isPaused: false,
    get pending() {
      return pending;
    },
    pass(byMs) {
      if (replica.isPaused) missedMs += byMs;
      else clock.advance(byMs);
    },
    pause() {
      if (replica.isPaused) return;
      replica.isPaused = true;
      opened = Promise.withResolvers();
    },
    resume() {
      if (!replica.isPaused) return;
      replica.isPaused = false;
      opened.resolve();
      clock.advance(missedMs);
      missedMs = 0;
    },
    stop: () => journals.stop(),
  };
  return replica;
}
