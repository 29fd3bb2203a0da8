import type { Principal } from '../kernel/principal.ts';
import type { QueueFence } from '../work/fence.ts';
import type { OperationActor } from './operation-actor.ts';
import type { OperationHandle, RecordedWrite } from './operation-handle.ts';
import type { OperationRecord, ResultReference } from './operation-records.ts';

export const stepStatuses = ['NOT_EXECUTED', 'RUNNING', 'SUCCESS', 'ERROR'] as const;
export type StepStatus = (typeof stepStatuses)[number];

/** One step of a long operation (CORE-23). */
export interface OperationStep {
  /** Unique in its operation, e.g. `create-nodes`. */
  readonly name: string;
  readonly status: StepStatus;
  /** It failed, and somebody decided to go on without it. */
  readonly isIgnored: boolean;
  /** How often it was begun; more than 1 where it was retried. */
  readonly attempts: number;
  /** Moments in RFC 3339. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** Why it failed the last time: a code of the error table and a message without secrets. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Who retried or ignored it last; absent where nobody has. */
  readonly decidedBy?: OperationActor;
}

export interface StepPlan {
  /** The reconciler that carries the operation on: its name and the key of its queue. */
  readonly runner: { readonly name: string; readonly key: string };
  /** In the order in which they are done; 1 to 64, each name once. */
  readonly steps: readonly string[];
  /** What a repeated call with the same idempotency key finds. */
  readonly result?: ResultReference | undefined;
}

/**
 * Long operations in ordered steps. The record stays `PENDING` while its loop carries it on, is `FAILED` while a failed step
 * waits for somebody to retry or ignore it, and `SUCCEEDED` once every step is done or ignored. Each call is one transaction, or part of
 * the caller's: what the loop writes of its own is committed with it. Every change is told to listeners as that of a record.
 */
export interface OperationSteps {
  /**
   * Makes the open operation a long one and wakes its loop: call it in the transaction that writes what the loop works from. From
   * its commit on the record is the loop's to close, whatever becomes of the request. Does nothing in a dry run.
   */
  start(ticket: OperationHandle, plan: StepPlan): Promise<void>;
  /**
   * The three that a loop calls; `writes` are added to the record's. Each may be repeated after a kill: a step that is there already stays as it is. Throws
   * `FenceLostError` where another worker has the key by now.
   */
  begin(id: string, step: string, fence: QueueFence, writes?: readonly RecordedWrite[]): Promise<OperationRecord>;
  finish(id: string, step: string, fence: QueueFence, writes?: readonly RecordedWrite[]): Promise<OperationRecord>;
  /** `error` is described as that of any operation: what is not of the error table stays in the log. */
  fail(
    id: string,
    step: string,
    error: unknown,
    fence: QueueFence,
    writes?: readonly RecordedWrite[],
  ): Promise<OperationRecord>;
  /**
   * Fails the step of an operation whose loop runs nowhere any more, and takes its key out of the queue; nothing happens where somebody works
   * on it. It waits for a decision like any other failed step.
   */
  abandon(id: string, step: string, error: unknown): Promise<void>;
  /**
   * Wakes the loop to do a failed step again, or to go on as if it had been done; what follows is done in the name of `by`. A dry run says what would be refused. Throws
   * `PreconditionError` STEP_NOT_FAILED, and `NotFoundError` for a step that is not there.
   */
  decide(
    id: string,
    step: string,
    decision: 'retry' | 'ignore',
    options: { readonly by: Principal; readonly isDryRun?: boolean },
  ): Promise<OperationRecord>;
}
