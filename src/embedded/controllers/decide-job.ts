/** A Job and its pods, reduced to what decides over its next steps. */
export interface JobInput {
  readonly parallelism: number;
  /** undefined: a work queue, complete when one pod has succeeded and all have ended. */
  readonly completions: number | undefined;
  readonly isIndexed: boolean;
  readonly isSuspended: boolean;
  readonly backoffLimit: number;
  readonly succeeded: number;
  /** Failed pods and, where containers are restarted in place, their restarts. */
  readonly failures: number;
  /** Completion indexes that have succeeded, of an indexed Job. */
  readonly succeededIndexes: ReadonlySet<number>;
  readonly active: readonly { readonly name: string; readonly index: number | undefined }[];
  readonly isPastDeadline: boolean;
  /** How long until the back-off after failures allows another pod. */
  readonly backOffLeftMs: number;
}

export type JobDecision =
  | { readonly do: 'complete' }
  | { readonly do: 'fail'; readonly reason: 'BackoffLimitExceeded' | 'DeadlineExceeded'; readonly message: string }
  | {
      readonly do: 'run';
      /** One entry per pod to make: its completion index, undefined where the Job has none. */
      readonly create: readonly (number | undefined)[];
      /** Names of pods to end. */
      readonly remove: readonly string[];
      readonly againMs: number | undefined;
    };

/** What a Job does next, by the rules of batch/v1. */
export function decideJob(input: JobInput): JobDecision {
  const { active, completions } = input;
  if (isComplete(input)) return { do: 'complete' };
  if (input.failures > input.backoffLimit) {
    const message = 'Job has reached the specified backoff limit';
    return { do: 'fail', reason: 'BackoffLimitExceeded', message };
  }
  if (input.isPastDeadline) {
    return { do: 'fail', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' };
  }
  const remaining = completions === undefined ? workQueueSize(input) : completions - input.succeeded;
  const wanted = input.isSuspended ? 0 : Math.max(0, Math.min(input.parallelism, remaining));
  const excess = active.slice(wanted).map(({ name }) => name);
  const missing = wanted - active.length;
  if (missing <= 0) return { do: 'run', create: [], remove: excess, againMs: undefined };
  if (input.backOffLeftMs > 0) return { do: 'run', create: [], remove: [], againMs: input.backOffLeftMs };
  return { do: 'run', create: indexesFor(missing, input), remove: [], againMs: undefined };
}

function isComplete({ completions, succeeded, active, parallelism }: JobInput): boolean {
  if (completions !== undefined) return succeeded >= completions;
  return active.length === 0 && (succeeded > 0 || parallelism === 0);
}

/** Of a work queue no further pods begin once one has succeeded. */
function workQueueSize({ succeeded, active, parallelism }: JobInput): number {
  return succeeded > 0 ? active.length : parallelism;
}

function indexesFor(
  count: number,
  { isIndexed, completions, succeededIndexes, active }: JobInput,
): (number | undefined)[] {
  if (!isIndexed) return Array.from({ length: count }, () => undefined);
  const taken = new Set(active.map(({ index }) => index));
  const free: number[] = [];
  for (let index = 0; index < (completions ?? 0) && free.length < count; index += 1) {
    if (!taken.has(index) && !succeededIndexes.has(index)) free.push(index);
  }
  return free;
}
