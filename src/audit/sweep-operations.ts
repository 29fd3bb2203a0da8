import { and, asc, eq, isNotNull, isNull, lt, not, type SQL, sql } from 'drizzle-orm';
import { operations, queue } from '../data/tables.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createWorkQueue } from '../work/work-queue.ts';
import { forgetExpiredKeys } from './claim-idempotency-key.ts';
import { type Closing, closeOperation, type OperationTeller } from './close-operation.ts';
import type { OperationRecord, Settlement } from './operation-records.ts';
import { toRecord } from './operation-rows.ts';

/** A request does not live this long, so its process is gone (ms). */
const abandonedAfterMs = 5 * 60 * 1000;
/** The cluster may be away; after a day the question is closed (ms). */
const hopelessAfterMs = 24 * 60 * 60 * 1000;
const batchSize = 100;

export interface SweepOptions extends OperationTeller {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settle: (record: OperationRecord) => Promise<Settlement | undefined>;
  readonly signal: AbortSignal | undefined;
}

/** Settles records whose process ended before it could close them; see `OperationRecords.sweep`. */
export async function sweepOperations(options: SweepOptions): Promise<void> {
  const { database, clock } = options;
  const isAbandoned = and(
    eq(operations.status, 'PENDING'),
    lt(operations.createdAt, new Date(clock.now() - abandonedAfterMs)),
  );
  const abandoned = await database.db
    .select()
    .from(operations)
    .where(
      and(
        isAbandoned,
        isNull(operations.runner),
        sql`coalesce(${operations.aliveAt}, ${operations.createdAt}) < ${new Date(clock.now() - abandonedAfterMs).toISOString()}`,
      ),
    )
    .orderBy(asc(operations.createdAt))
    .limit(batchSize);
  for (const row of abandoned) {
    if (options.signal?.aborted) return;
    await settleOne(toRecord(row), options);
  }
  await wakeForgotten(isAbandoned, options);
  await forgetExpiredKeys(database.db, new Date(clock.now()));
}

/** A long operation under way has its key in the queue, worked on or waiting; one that has none is looked at again. */
async function wakeForgotten(isAbandoned: SQL | undefined, { database, clock }: SweepOptions): Promise<void> {
  const isWaiting = sql`exists (select 1 from ${queue} where ${queue.reconciler} = ${operations.runner} and ${queue.key} = ${operations.runnerKey})`;
  const forgotten = await database.db
    .select({ runner: operations.runner, key: operations.runnerKey })
    .from(operations)
    .where(and(isAbandoned, isNotNull(operations.runner), not(isWaiting)))
    .limit(batchSize);
  const work = createWorkQueue(database, clock);
  for (const { runner, key } of forgotten) if (runner !== null && key !== null) await work.enqueue(runner, key);
}

async function settleOne(record: OperationRecord, options: SweepOptions): Promise<void> {
  const { clock, logger } = options;
  if (record.aliveAt) {
    // When it really ended nobody saw; it was there then.
    await closeOperation(options, record.id, interrupted, undefined, record.aliveAt);
    return;
  }
  let settlement: Settlement | undefined;
  try {
    settlement = await options.settle(record);
  } catch (error) {
    logger.warn({ err: error, operation: record.id }, 'the outcome of an operation cannot be found out yet');
    if (clock.now() - record.createdAt.getTime() < hopelessAfterMs) return;
  }
  await closeOperation(options, record.id, toClosing(settlement), undefined, new Date(clock.now()));
}

const interrupted: Closing = {
  status: 'FAILED',
  error: { code: 'INTERRUPTED', message: 'the gateway that held it went away before it ended' },
};

function toClosing(settlement: Settlement | undefined): Closing {
  if (settlement?.status === 'SUCCEEDED') return { status: 'SUCCEEDED', result: settlement.result };
  return {
    status: 'FAILED',
    error: {
      code: settlement?.code ?? 'OUTCOME_UNKNOWN',
      message: settlement?.message ?? 'outcome unknown: the process ended before it could say',
    },
  };
}
