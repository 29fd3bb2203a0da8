import { and, eq } from 'drizzle-orm';
import { operations, queue as queueRows } from '../data/tables.ts';
import { NotFoundError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import { assertFence, type QueueFence } from '../work/fence.ts';
import { createWorkQueue } from '../work/work-queue.ts';
import { changeStep, nextStep, planSteps, type StepChange } from './change-steps.ts';
import { finishIdempotencyKey } from './claim-idempotency-key.ts';
import { type OperationTeller, operationsChannel } from './close-operation.ts';
import { describeFailure } from './describe-failure.ts';
import { actorOfPrincipal } from './operation-actor.ts';
import type { RecordedWrite } from './operation-handle.ts';
import type { OperationRecord } from './operation-records.ts';
import { mostWrites, toRecord } from './operation-rows.ts';
import type { OperationStep, OperationSteps } from './operation-steps.ts';

export interface OperationStepsOptions extends OperationTeller {
  readonly clock: Clock;
  readonly failpoints: Failpoints;
}

type OperationRow = typeof operations.$inferSelect;
type RowChange = Partial<typeof operations.$inferInsert>;

/** See `OperationSteps`. */
export function createOperationSteps(options: OperationStepsOptions): OperationSteps {
  const { database, clock, failpoints, tell } = options;
  const queue = createWorkQueue(database, clock);
  const now = () => new Date(clock.now());

  /** Reads the row for itself, writes what `decide` says, and tells of it. */
  function change(
    id: string,
    decide: (row: OperationRow) => RowChange | undefined,
    around: { readonly before?: () => Promise<void>; readonly after?: (row: OperationRow) => Promise<void> } = {},
  ): Promise<OperationRecord> {
    return database.transaction(async (tx) => {
      await around.before?.();
      const [found] = await tx.select().from(operations).where(eq(operations.id, id)).for('update');
      if (!found) throw new NotFoundError('The operation is not there');
      const set = decide(found);
      if (!set) return toRecord(found);
      const [row] = await tx.update(operations).set(set).where(eq(operations.id, id)).returning();
      if (!row) throw new Error('an operation that is locked is gone');
      await around.after?.(row);
      await database.signal(operationsChannel, id);
      const record = toRecord(row);
      await tell({ type: 'MODIFIED', record });
      return record;
    });
  }

  /** What a loop says: only while the record is under way, and only while the key is its own. */
  async function told(
    id: string,
    name: string,
    fence: QueueFence,
    stepChange: StepChange,
    writes: readonly RecordedWrite[] = [],
  ): Promise<OperationRecord> {
    await failpoints.reach(`operation.steps.before-${stepChange.do}`);
    const record = await change(
      id,
      (row) => {
        const steps = row.steps as readonly OperationStep[];
        const changed = changeStep(steps, name, stepChange, now());
        if (row.status !== 'PENDING' || (changed === steps && writes.length === 0)) return undefined;
        return { ...statusOf(changed, now()), ...withWrites(row, writes), steps: changed };
      },
      { before: () => assertFence(database.current(), fence) },
    );
    await failpoints.reach(`operation.steps.after-${stepChange.do}`);
    return record;
  }

  async function wake({ runner, runnerKey }: OperationRow): Promise<void> {
    if (runner !== null && runnerKey !== null) await queue.enqueue(runner, runnerKey);
  }

  return {
    async start({ id, isDryRun }, { runner, steps, result }) {
      const planned = planSteps(steps);
      if (isDryRun || id === undefined) return;
      await database.transaction(async (tx) => {
        const set = {
          runner: runner.name,
          runnerKey: runner.key,
          steps: planned,
          resultType: result?.type ?? null,
          resultId: result?.id ?? null,
        };
        const [row] = await tx.update(operations).set(set).where(eq(operations.id, id)).returning();
        if (!row) throw new NotFoundError('The operation is not there');
        // From here on a repetition answers that it was begun, whether or not the request lives to say so.
        await finishIdempotencyKey(tx, id, result, now());
        await wake(row);
        await database.signal(operationsChannel, id);
        await tell({ type: 'MODIFIED', record: toRecord(row) });
      });
    },
    begin: (id, step, fence, writes) => told(id, step, fence, { do: 'begin' }, writes),
    finish: (id, step, fence, writes) => told(id, step, fence, { do: 'finish' }, writes),
    fail: (id, step, error, fence, writes) =>
      told(id, step, fence, { do: 'fail', error: describeFailure(error, id) }, writes),
    abandon: (id, name, error) =>
      database.transaction(async (tx) => {
        const [found] = await tx.select().from(operations).where(eq(operations.id, id)).for('update');
        if (found?.status !== 'PENDING' || found.runner === null || found.runnerKey === null) return;
        const isKey = and(eq(queueRows.reconciler, found.runner), eq(queueRows.key, found.runnerKey));
        const [key] = await tx.select().from(queueRows).where(isKey).for('update');
        if (key?.leaseExpiresAt && key.leaseExpiresAt.getTime() > clock.now()) return;
        await tx.delete(queueRows).where(isKey);
        await change(id, (row) => {
          const failed = { do: 'fail', error: describeFailure(error, id) } as const;
          const changed = changeStep(row.steps as readonly OperationStep[], name, failed, now());
          return { ...statusOf(changed, now()), steps: changed };
        });
      }),
    decide: (id, name, decision, { by, isDryRun = false }) =>
      change(
        id,
        (row) => {
          const decided = { do: decision, by: actorOfPrincipal(by) };
          const changed = changeStep(row.steps as readonly OperationStep[], name, decided, now());
          return isDryRun ? undefined : { ...statusOf(changed, now()), steps: changed };
        },
        { after: wake },
      ),
  };
}

/** How the record stands when its steps stand like this. */
function statusOf(steps: readonly OperationStep[], now: Date): RowChange {
  const next = nextStep(steps);
  if (!next) return { status: 'SUCCEEDED', finishedAt: now, errorCode: null, errorMessage: null };
  if (next.status !== 'ERROR') return { status: 'PENDING', finishedAt: null, errorCode: null, errorMessage: null };
  const message = `Step '${next.name}' failed: ${next.error?.message ?? ''}`;
  return { status: 'FAILED', finishedAt: now, errorCode: next.error?.code ?? 'INTERNAL', errorMessage: message };
}

function withWrites(row: OperationRow, writes: readonly RecordedWrite[]): RowChange {
  if (writes.length === 0) return {};
  const noted = row.writes as readonly RecordedWrite[];
  return { writes: [...noted, ...writes].slice(0, mostWrites), writeCount: row.writeCount + writes.length };
}
