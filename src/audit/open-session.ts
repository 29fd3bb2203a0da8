import { and, eq } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { OperationSession, SessionMeasure } from './operation-records.ts';

/** How often an open session shows a sign of life, in ms; the sweeper waits for five minutes. */
const beatMs = 60_000;

/** A session whose record is committed: keeps it alive until it is ended, once. */
export function openSession(options: {
  readonly id: string;
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly measure: (() => SessionMeasure) | undefined;
  readonly close: (error: unknown) => Promise<void>;
}): OperationSession {
  const { id, database, clock, logger } = options;
  let ended: Promise<void> | undefined;

  function beat(): void {
    cancel = clock.schedule(beatMs, beat);
    database.db
      .update(operations)
      .set({ aliveAt: new Date(clock.now()), ...(options.measure && { session: options.measure() }) })
      // One that is late must not overwrite what its end has said.
      .where(and(eq(operations.id, id), eq(operations.status, 'PENDING')))
      .then(undefined, (error: unknown) =>
        logger.warn({ err: error, operation: id }, 'a session shows no sign of life'),
      );
  }
  let cancel = clock.schedule(beatMs, beat);

  return {
    id,
    end(error) {
      cancel();
      ended ??= options.close(error);
      return ended;
    },
  };
}
