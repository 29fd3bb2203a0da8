import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Database } from '../data/database.ts';
import { operations } from '../data/tables.ts';
import { ConflictError, ForbiddenError } from '../kernel/answer-error.ts';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import { claimIdempotencyKey, findKey, type KeyClaim } from './claim-idempotency-key.ts';
import {
  type Closing,
  closeOperation,
  closingColumns,
  type NotedWrites,
  operationsChannel,
} from './close-operation.ts';
import { createOperationSteps } from './create-operation-steps.ts';
import { createRecordBatcher } from './create-record-batcher.ts';
import { describeFailure } from './describe-failure.ts';
import { forgetOperations } from './forget-operations.ts';
import { isOperationId } from './is-operation-id.ts';
import { countOperations, listOperations } from './list-operations.ts';
import { openSession } from './open-session.ts';
import type { OperationHandle, RecordedWrite } from './operation-handle.ts';
import type {
  OperationNews,
  OperationOutcome,
  OperationRecord,
  OperationRecords,
  OperationRun,
  OperationSpec,
  ResultReference,
  TargetLocator,
} from './operation-records.ts';
import { mostWrites, type NewOperationRow, toNewRow, toRecord } from './operation-rows.ts';
import { sweepOperations } from './sweep-operations.ts';

/** How long a repetition waits for the attempt that is under way, and how often it looks by itself, in ms. */
const waitForFirstMs = 30_000;
const lookAgainMs = 1_000;
/** Pauses between attempts to close a record, in ms. After the last the sweeper has to do it. */
const closePausesMs = [200, 1_000, 3_000];

export interface OperationRecordsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
}

/** See `OperationRecords`. */
export function createOperationRecords(options: OperationRecordsOptions): OperationRecords {
  const { database, clock, logger, failpoints } = options;
  const now = () => new Date(clock.now());
  const listeners = new Set<(news: OperationNews) => Promise<void>>();
  let locator: TargetLocator = () => undefined;
  let isLocated = false;

  async function tell(news: OperationNews): Promise<void> {
    for (const listener of listeners) await listener(news);
  }
  const writeTogether = createRecordBatcher({ database, tell });

  const rowOf = (id: string, spec: OperationSpec): NewOperationRow =>
    toNewRow(id, spec, locator(spec.target, undefined), now());

  /** Commits the record `PENDING`, together with its idempotency key where it has one. */
  function open(id: string, spec: OperationSpec, more: Partial<NewOperationRow> = {}): Promise<KeyClaim> {
    return database.transaction(async (tx) => {
      const claim: KeyClaim = spec.idempotency
        ? await claimIdempotencyKey(tx, spec, spec.idempotency, id, now())
        : { kind: 'mine' };
      if (claim.kind !== 'mine') return claim;
      const [row] = await tx
        .insert(operations)
        .values({ ...rowOf(id, spec), ...more })
        .returning();
      await database.signal(operationsChannel, id);
      if (row) await tell({ type: 'ADDED', record: toRecord(row) });
      return claim;
    });
  }

  /** The effect has happened by now: a record that cannot be closed must not turn success into failure. */
  async function closeOrLeave(id: string, closing: Closing, writes: NotedWrites): Promise<void> {
    for (const pauseMs of [...closePausesMs, undefined]) {
      try {
        await closeOperation({ database, tell }, id, closing, writes, now());
        return;
      } catch (error) {
        if (pauseMs === undefined) {
          logger.error({ err: error, operation: id }, 'an operation record stays PENDING until it is swept');
          return;
        }
        await sleep(clock, pauseMs);
      }
    }
  }

  async function perform<T>(
    id: string,
    spec: OperationSpec,
    work: (ticket: OperationHandle) => Promise<OperationOutcome<T>>,
  ): Promise<OperationRun<T>> {
    const writes = { first: [] as RecordedWrite[], count: 0 };
    const ticket: OperationHandle = { id, isDryRun: false, note: (write) => note(writes, write) };
    let outcome: OperationOutcome<T>;
    try {
      await failpoints.reach('operation.after-pending');
      outcome = await work(ticket);
      await failpoints.reach('operation.before-close');
    } catch (error) {
      // Who was refused while nothing was written yet was refused altogether.
      const status = error instanceof ForbiddenError && writes.count === 0 ? 'REFUSED' : 'FAILED';
      await closeOrLeave(id, { status, error: describeFailure(error, spec.requestId) }, writes);
      throw error;
    }
    const { result, changes } = outcome;
    const located = locator(spec.target, result);
    await closeOrLeave(id, { status: 'SUCCEEDED', result, changes, located }, writes);
    await failpoints.reach('operation.after-close');
    return { isReplay: false, value: outcome.value, record: { id } };
  }

  async function get(id: string): Promise<OperationRecord | undefined> {
    if (!isOperationId(id)) return undefined;
    const [row] = await database.current().select().from(operations).where(eq(operations.id, id));
    return row && toRecord(row);
  }

  /** Ends when the record changes, or after a while, since signals may be lost. */
  async function waitForChange(id: string, forMs: number): Promise<void> {
    const changed = new AbortController();
    const stop = database.onSignal(operationsChannel, (changedId) => {
      if (changedId === id) changed.abort();
    });
    try {
      // A change between the claim and this line is found here.
      if ((await get(id))?.status === 'PENDING') await sleep(clock, forMs, changed.signal);
    } finally {
      stop();
    }
  }

  const steps = createOperationSteps({ database, tell, clock, failpoints });
  return {
    async run(spec, work) {
      database.assertOutsideTransaction(`operation '${spec.action}'`);
      const deadline = clock.now() + waitForFirstMs;
      for (;;) {
        const id = randomUUID();
        const claim = await open(id, spec);
        if (claim.kind === 'mine') return perform(id, spec, work);
        if (claim.kind === 'done') return replay(await get(claim.operationId), claim.result);
        if (claim.kind === 'freed') continue;
        if (clock.now() >= deadline) {
          throw new ConflictError('the same operation with this idempotencyKey is still in progress; try again later');
        }
        await waitForChange(claim.operationId, Math.min(lookAgainMs, deadline - clock.now()));
      }
    },
    async findDone({ principal, action, idempotency }, { waitsForAttempt = false } = {}) {
      if (!idempotency) return undefined;
      const deadline = clock.now() + waitForFirstMs;
      for (;;) {
        const held = await findKey(database.current(), { principal, action }, idempotency, now());
        if (held?.isFinished) return get(held.operationId);
        if (!held || !waitsForAttempt || clock.now() >= deadline) return undefined;
        await waitForChange(held.operationId, Math.min(lookAgainMs, deadline - clock.now()));
      }
    },
    async recordRefusal(spec, error) {
      try {
        const failure = closingColumns({ status: 'REFUSED', error: describeFailure(error, spec.requestId) });
        await writeTogether({ ...rowOf(randomUUID(), spec), ...failure, finishedAt: now() });
      } catch (cause) {
        logger.error(
          { err: cause, action: spec.action, requestId: spec.requestId },
          'a refused attempt could not be recorded',
        );
      }
    },
    async record(spec) {
      database.assertOutsideTransaction(`record '${spec.action}'`);
      const id = randomUUID();
      await writeTogether({ ...rowOf(id, spec), status: 'SUCCEEDED', finishedAt: now() });
      return { id };
    },
    async openSession(spec, measure) {
      database.assertOutsideTransaction(`session '${spec.action}'`);
      const id = randomUUID();
      await open(id, spec, { aliveAt: now() });
      const nothingWritten = { first: [], count: 0 };
      const close = (error: unknown) =>
        closeOrLeave(
          id,
          {
            ...(error === undefined
              ? { status: 'SUCCEEDED', result: undefined }
              : { status: 'FAILED', error: describeFailure(error, spec.requestId) }),
            session: measure?.(),
          },
          nothingWritten,
        );
      return openSession({ id, database, clock, logger, measure, close });
    },
    steps,
    locateTargets(given) {
      if (isLocated) throw new Error('Targets of operations have a locator already.');
      isLocated = true;
      locator = given;
    },
    get,
    list: (filter, page) => listOperations(database, filter, page),
    count: (filter) => countOperations(database, filter),
    onWrite(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    onChange: (listener) => database.onSignal(operationsChannel, listener),
    sweep: (settle, { signal, runners } = {}) => sweepOperations({ ...options, tell, steps, settle, signal, runners }),
    forget: (scope, signal) => forgetOperations(database, scope, signal),
  };
}

function note(writes: { readonly first: RecordedWrite[]; count: number }, write: RecordedWrite): void {
  writes.count += 1;
  if (writes.first.length < mostWrites) writes.first.push(write);
}

function replay<T>(record: OperationRecord | undefined, result: ResultReference | undefined): OperationRun<T> {
  if (!record) throw new Error('an idempotency key without its operation record');
  return { isReplay: true, record, result };
}
