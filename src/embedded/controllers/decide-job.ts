/** A Job and its pods, reduced to what decides over its next steps. */
export interface JobInput {
  readonly parallelism: number;
  /** undefined: a work queue, complete when one pod has succeeded and all have ended. */
  readonly completions: number | undefined;
  readonly isIndexed: boolean;
  readonly isSuspended: boolean;
  readonly backoffLimit: number;
  readonly succeeded: number;
  /** Failed pods that count. */
  readonly failed: number;
  /** Whether containers that are restarted in place have been restarted too often. */
  readonly isPastRestartLimit: boolean;
  /** Completion indexes that have succeeded, of an indexed Job. */
  readonly succeededIndexes: ReadonlySet<number>;
  /** Completion indexes that have failed for good; undefined without a back-off limit per index. */
  readonly failedIndexes: ReadonlySet<number> | undefined;
  readonly maxFailedIndexes: number | undefined;
  /** In the order in which surplus ones are ended. */
  readonly active: readonly { readonly name: string; readonly index: number | undefined }[];
  /** Pods that are ending and whose replacements wait for them; 0 where they do not wait. */
  readonly awaitedEndings: number;
  readonly isPastDeadline: boolean;
  /** How long until the back-off after failures allows another pod. */
  readonly backOffLeftMs: number;
  /** The same for single indexes, where each has a back-off of its own. */
  readonly backOffLeftMsOfIndex: ReadonlyMap<number, number>;
  /** Why a failed pod fails the whole Job, by its podFailurePolicy. */
  readonly policyFailure: string | undefined;
  /** Which rule of the successPolicy is satisfied. */
  readonly policySuccess: string | undefined;
}

export type JobDecision =
  | { readonly do: 'succeed'; readonly reason: 'SuccessPolicy' | 'CompletionsReached'; readonly message: string }
  | { readonly do: 'fail'; readonly reason: JobFailureReason; readonly message: string }
  | {
      readonly do: 'run';
      /** One entry per pod to make: its completion index, undefined where the Job has none. */
      readonly create: readonly (number | undefined)[];
      /** Names of pods to end. */
      readonly remove: readonly string[];
      readonly againMs: number | undefined;
    };

type JobFailureReason =
  | 'PodFailurePolicy'
  | 'BackoffLimitExceeded'
  | 'DeadlineExceeded'
  | 'MaxFailedIndexesExceeded'
  | 'FailedIndexes';

/** So many pods are made or ended in one pass. */
const podsPerPass = 500;

/** What a Job does next, by the rules of batch/v1: failures are looked at before successes. */
export function decideJob(input: JobInput): JobDecision {
  const failure = decideFailure(input);
  if (failure !== undefined) return failure;
  if (input.policySuccess !== undefined) {
    return { do: 'succeed', reason: 'SuccessPolicy', message: input.policySuccess };
  }
  const running = decidePods(input);
  return isComplete(input, running)
    ? { do: 'succeed', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
    : running;
}

function decideFailure(input: JobInput): JobDecision | undefined {
  const fail = (reason: JobFailureReason, message: string): JobDecision => ({ do: 'fail', reason, message });
  if (input.policyFailure !== undefined) return fail('PodFailurePolicy', input.policyFailure);
  if (input.failed > input.backoffLimit || input.isPastRestartLimit) {
    return fail('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if (input.isPastDeadline) return fail('DeadlineExceeded', 'Job was active longer than specified deadline');
  const { failedIndexes } = input;
  if (failedIndexes === undefined) return undefined;
  if (input.maxFailedIndexes !== undefined && failedIndexes.size > input.maxFailedIndexes) {
    return fail('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  }
  const ended = failedIndexes.size + input.succeededIndexes.size;
  return failedIndexes.size > 0 && ended >= (input.completions ?? 0)
    ? fail('FailedIndexes', 'Job has failed indexes')
    : undefined;
}

type Running = Extract<JobDecision, { do: 'run' }>;

function decidePods(input: JobInput): Running {
  const { active } = input;
  const wanted = input.isSuspended ? 0 : wantedPods(input);
  const excess = Math.max(0, active.length - wanted);
  const names = removalOrder(input).slice(0, Math.min(excess, podsPerPass));
  const nothing: Running = { do: 'run', create: [], remove: names, againMs: undefined };
  const missing = Math.min(podsPerPass, wanted - active.length - input.awaitedEndings);
  if (input.isSuspended || excess > 0 || missing <= 0) return nothing;
  if (input.failedIndexes === undefined && input.backOffLeftMs > 0) return { ...nothing, againMs: input.backOffLeftMs };
  if (!input.isIndexed) return { ...nothing, create: Array.from({ length: missing }, () => undefined) };
  const pending = pendingIndexes(input).slice(0, missing);
  const waits = pending.map((index) => input.backOffLeftMsOfIndex.get(index) ?? 0);
  const create = pending.filter((_, at) => (waits[at] ?? 0) <= 0);
  const againMs = create.length === 0 && waits.length > 0 ? Math.min(...waits) : undefined;
  return { ...nothing, create, againMs };
}

function wantedPods({ completions, succeeded, parallelism, active }: JobInput): number {
  // Of a work queue no further pods begin once one has succeeded.
  if (completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(parallelism, completions - succeeded));
}

/** Pods of an index that does not exist (any more) or that another pod has go before all others. */
function removalOrder({ active, isIndexed, completions }: JobInput): readonly string[] {
  if (!isIndexed) return active.map(({ name }) => name);
  const seen = new Set<number>();
  const spare: string[] = [];
  const rest: string[] = [];
  for (const { name, index } of [...active].reverse()) {
    const isSpare = index === undefined || index >= (completions ?? 0) || seen.has(index);
    if (index !== undefined) seen.add(index);
    if (isSpare) spare.push(name);
    else rest.unshift(name);
  }
  return [...spare, ...rest];
}

function isComplete({ completions, succeeded, active, isSuspended }: JobInput, running: Running): boolean {
  const left = active.length - running.remove.length + running.create.length;
  if (left > 0 || (isSuspended && completions === undefined && succeeded === 0)) return false;
  return completions === undefined ? succeeded > 0 : succeeded >= completions;
}

function pendingIndexes({ completions, succeededIndexes, failedIndexes, active }: JobInput): number[] {
  const taken = new Set(active.map(({ index }) => index));
  const free: number[] = [];
  for (let index = 0; index < (completions ?? 0); index += 1) {
    if (!taken.has(index) && !succeededIndexes.has(index) && failedIndexes?.has(index) !== true) free.push(index);
  }
  return free;
}
