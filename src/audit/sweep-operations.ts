import { and, asc, eq, isNotNull, isNull, lt, not, notInArray, type SQL, sql } from 'drizzle-orm';
import { operations, queue } from '../data/tables.ts';
import { CapabilityMissingError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createWorkQueue } from '../work/work-queue.ts';
import { nextStep } from './change-steps.ts';
import { forgetExpiredKeys } from './claim-idempotency-key.ts';
import { type Closing, closeOperation, type OperationTeller } from './close-operation.ts';
import type { OperationRecord, Settlement } from './operation-records.ts';
import { toRecord } from './operation-rows.ts';
import type { OperationSteps } from './operation-steps.ts';

/** A request does not live this long, so its process is gone (ms). */
const abandonedAfterMs = 5 * 60 * 1000;
/** The cluster may be away; after a day the question is closed (ms). */
const hopelessAfterMs = 24 * 60 * 60 * 1000;
/** Longer than any exchange of one version for another (ms). */
const orphanedAfterMs = 60 * 60 * 1000;
const batchSize = 100;

export interface SweepOptions extends OperationTeller {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settle: (record: OperationRecord) => Promise<Settlement | undefined>;
  readonly signal: AbortSignal | undefined;
  /** Names of the loops that run here; see `OperationRecords.sweep`. */
  readonly runners: ReadonlySet<string> | undefined;
  readonly steps: Pick<OperationSteps, 'abandon'>;
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
  await settleOrphans(isAbandoned, options);
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

/**
 * Nobody here carries on what a plugin began that is gone. Another replica may, while versions are exchanged: so not before nothing has moved for an
 * hour, and not while somebody holds its key.
 */
async function settleOrphans(
  isAbandoned: SQL | undefined,
  { database, clock, logger, runners, steps, signal }: SweepOptions,
): Promise<void> {
  if (runners === undefined) return;
  const orphans = await database.db
    .select()
    .from(operations)
    .where(and(isAbandoned, isNotNull(operations.runner), notInArray(operations.runner, [...runners])))
    .orderBy(asc(operations.createdAt))
    .limit(batchSize);
  for (const record of orphans.map(toRecord)) {
    if (signal?.aborted) return;
    const next = nextStep(record.steps);
    if (!next || clock.now() - lastMoveOf(record) < orphanedAfterMs) continue;
    const message = `Nothing here carries on '${record.runner?.name}': the plugin that began it does not run`;
    await steps.abandon(record.id, next.name, new CapabilityMissingError(record.runner?.name ?? '', message));
    logger.warn(
      { operation: record.id, runner: record.runner?.name },
      'an operation that nobody carries on was closed',
    );
  }
}

function lastMoveOf({ createdAt, steps }: OperationRecord): number {
  const moments = steps.flatMap(({ startedAt, finishedAt }) => [startedAt, finishedAt]);
  return Math.max(createdAt.getTime(), ...moments.map((moment) => (moment === null ? 0 : Date.parse(moment))));
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
