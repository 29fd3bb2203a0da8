import { errorRowOf } from '../kernel/error-table.ts';
import type { Principal } from '../kernel/principal.ts';
import { FenceLostError } from '../work/fence.ts';
import { again, type ReconcileContext, type ReconcileResult, type Reconciler, settled } from '../work/reconciler.ts';
import { nextStep } from './change-steps.ts';
import type { LongOperation, LongOperationStep, StepResult } from './long-operation.ts';
import type { OperationHandle, RecordedWrite } from './operation-handle.ts';
import type { OperationRecord, OperationRecords } from './operation-records.ts';
import type { StepPlan } from './operation-steps.ts';

/** How often in a row a step may meet what may pass, until it has failed. */
const mostAttempts = 5;

/** What begins a long operation: its loop is woken with the record's id as key. In a dry run nothing comes of it. */
export function planOf(
  operation: LongOperation,
  ticket: OperationHandle,
  more: Pick<StepPlan, 'result'> & {
    /** Only these of its steps, in its order. */ readonly only?: readonly string[];
    /** These instead of its own, of those that it knows by `stepNamed` or by `steps`, in this order. */
    readonly named?: readonly string[];
  } = {},
): StepPlan {
  const { only, named, result } = more;
  const names = operation.steps.map(({ name }) => name);
  return {
    runner: { name: operation.name, key: ticket.id ?? 'dry-run' },
    steps: named ?? (only ? names.filter((name) => only.includes(name)) : names),
    result,
  };
}

/**
 * The loop of a kind of long operations: keys are ids of records. `callerOf` says as whom the next step is done, and throws what fails it
 * where nobody may do it any more. Throws on a step named twice.
 */
export function toStepReconciler(
  operation: LongOperation,
  operations: Pick<OperationRecords, 'get' | 'steps'>,
  callerOf: (record: OperationRecord) => Principal,
): Reconciler {
  const { name, description, timeoutMs } = operation;
  const runs = new Map(operation.steps.map((step) => [step.name, step]));
  if (runs.size < operation.steps.length) throw new Error(`the long operation '${name}' names a step twice`);
  return {
    name,
    description,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    async reconcile(id, context): Promise<ReconcileResult> {
      const { steps } = operations;
      const { fence } = context;
      // 1. Read. What is closed, or waits for somebody's decision, is not this loop's.
      const record = await operations.get(id);
      if (record?.status !== 'PENDING') return settled;
      const next = nextStep(record.steps);
      if (!next || next.status === 'ERROR') return settled;
      const step = runs.get(next.name) ?? operation.stepNamed?.(next.name);

      // 2. It is told that the step runs before it does.
      const begun = next.status === 'RUNNING' ? record : await steps.begin(id, next.name, fence);
      if (begun.status !== 'PENDING') return settled;

      // 3. One move, and what came of it.
      const writes: RecordedWrite[] = [];
      try {
        const result = await move(step, next.name, { record: begun, callerOf, writes }, context);
        if (result !== 'done') {
          if (writes.length > 0) await steps.begin(id, next.name, fence, writes);
          return again(result.againAfterMs);
        }
      } catch (error) {
        if (mayPass(error, context)) {
          if (writes.length > 0) await steps.begin(id, next.name, fence, writes);
          throw error;
        }
        context.logger.warn({ err: error, operation: id, step: next.name }, 'a step of a long operation failed');
        await steps.fail(id, next.name, error, fence, writes);
        return settled;
      }
      const done = await steps.finish(id, next.name, fence, writes);
      return done.status === 'PENDING' ? again(0) : settled;
    },
  };
}

async function move(
  step: LongOperationStep | undefined,
  name: string,
  {
    record,
    callerOf,
    writes,
  }: {
    readonly record: OperationRecord;
    readonly callerOf: (record: OperationRecord) => Principal;
    readonly writes: RecordedWrite[];
  },
  context: ReconcileContext,
): Promise<StepResult> {
  // A newer replica began it, or the plugin has changed: somebody has to decide.
  if (!step) throw new Error(`nobody knows how to do the step '${name}'`);
  const ticket: OperationHandle = { id: record.id, isDryRun: false, note: (write) => writes.push(write) };
  return step.run({ record, ticket, principal: callerOf(record) }, context);
}

/** Whether the queue shall come back to it by itself. */
function mayPass(error: unknown, { signal, attempt }: ReconcileContext): boolean {
  if (error instanceof FenceLostError || (signal.aborted && attempt <= mostAttempts)) return true;
  const { loop } = errorRowOf(error);
  return (loop === 'backoff' || loop === 'reread') && attempt <= mostAttempts;
}
