import type { Principal } from '../kernel/principal.ts';
import type { ReconcileContext } from '../work/reconciler.ts';
import type { OperationHandle } from './operation-handle.ts';
import type { OperationRecord } from './operation-records.ts';

/** How one look at a step ended. */
export type StepResult = 'done' | { readonly againAfterMs: number };

/** The operation that a step belongs to. */
export interface RunningOperation {
  readonly record: OperationRecord;
  /** For the step's writes to clusters: they are noted on the operation's own record. */
  readonly ticket: OperationHandle;
  /**
   * Who began it, or decided on a step of it last, with the rights that they have now: write and read clusters as them. The platform itself where
   * no caller began it.
   */
  readonly principal: Principal;
}

export interface LongOperationStep {
  /** Unique in its operation, e.g. `create-nodes`; also what consoles show. */
  readonly name: string;
  /** What it does and what is lost without it. */
  readonly description: string;
  /**
   * Takes the step one idempotent move further: it may have been killed between any two statements and be called again, by any
   * replica. Errors of which the error table says that they may pass are tried again five times with pauses; all others,
   * and the sixth, fail the step, which then waits until somebody retries or ignores it. It is not called, and fails with FORBIDDEN, once the
   * caller in whose name it would run may not be here or may not do what the operation does.
   */
  readonly run: (operation: RunningOperation, context: ReconcileContext) => Promise<StepResult>;
}

/**
 * A kind of operation that outlives its request, in ordered steps (CORE-23). A mutation begins one in its own transaction with
 * `operations.steps.start(ticket, planOf(longOperation, ticket))`; the gateway runs the steps, keeps their states, and offers to
 * retry or ignore one that failed. A plugin whose loop is more than a list of steps uses `OperationSteps` in a reconciler of its own.
 */
export interface LongOperation {
  /** Unique over all plugins: `<plugin>.<noun>`, e.g. `compute.clusterCreations`. */
  readonly name: string;
  /** What it is for and what is lost without it. */
  readonly description: string;
  readonly steps: readonly LongOperationStep[];
  /**
   * Does the steps that only who begins an operation can name (`planOf`'s `named`), such as one for each thing it makes: asked for names that `steps` does not
   * have. Undefined for what it does not know.
   */
  readonly stepNamed?: (name: string) => LongOperationStep | undefined;
  /** How long one look at a step may take, in ms; default five minutes. */
  readonly timeoutMs?: number;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Operations in steps that the gateway carries on. */
    readonly longOperations?: readonly LongOperation[];
  }
}
