import { and, asc, eq, lt } from 'drizzle-orm';
import { operations } from '../data/tables.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
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
  const abandoned = await database.db
    .select()
    .from(operations)
    .where(and(eq(operations.status, 'PENDING'), lt(operations.createdAt, new Date(clock.now() - abandonedAfterMs))))
    .orderBy(asc(operations.createdAt))
    .limit(batchSize);
  for (const row of abandoned) {
    if (options.signal?.aborted) return;
    await settleOne(toRecord(row), options);
  }
  await forgetExpiredKeys(database.db, new Date(clock.now()));
}

async function settleOne(record: OperationRecord, options: SweepOptions): Promise<void> {
  const { clock, logger } = options;
  let settlement: Settlement | undefined;
  try {
    settlement = await options.settle(record);
  } catch (error) {
    logger.warn({ err: error, operation: record.id }, 'the outcome of an operation cannot be found out yet');
    if (clock.now() - record.createdAt.getTime() < hopelessAfterMs) return;
  }
  await closeOperation(options, record.id, toClosing(settlement), undefined, new Date(clock.now()));
}

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
