import { type CronTimes, createCronTimes } from './create-cron-times.ts';

export interface CronJobInput {
  readonly schedule: string;
  /** IANA zone; UTC when the CronJob names none. */
  readonly timeZone: string | undefined;
  readonly isSuspended: boolean;
  /** When a Job was last scheduled, or when the CronJob was created. */
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly startingDeadlineMs: number | undefined;
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
  readonly hasActive: boolean;
}

export interface CronJobDecision {
  /** The newest time of the schedule that has passed and was not looked at. */
  readonly dueMs: number | undefined;
  /** The time of the schedule a Job is to be made for now. */
  readonly startForMs: number | undefined;
  /** Whether what still runs gives way to it. */
  readonly replacesActive: boolean;
  /** Why the schedule's time was let pass. */
  readonly skipped: 'JobAlreadyActive' | undefined;
  /** Whether more than a hundred times have passed unnoticed: the clock is wrong, or the absence was long. */
  readonly hasMissedMany: boolean;
  /** How long until the schedule's next time; undefined when it has none or is suspended. */
  readonly againMs: number | undefined;
}

const many = 100;

/**
 * Whether a CronJob is due, by the newest schedule time that has passed (`batch/v1`, CronJob concept page). Throws on a
 * schedule or zone that is none, and on one that never comes.
 */
export function decideCronJob(input: CronJobInput): CronJobDecision {
  const { nowMs } = input;
  const nothing = {
    dueMs: undefined,
    startForMs: undefined,
    replacesActive: false,
    skipped: undefined,
    hasMissedMany: false,
  };
  if (input.isSuspended) return { ...nothing, againMs: undefined };
  const times = createCronTimes(input.schedule, input.timeZone ?? 'UTC');
  const againMs = waitMs(times, input);
  // What is older than the deadline allows is not looked for.
  const sinceMs = Math.max(input.sinceMs, nowMs - (input.startingDeadlineMs ?? Number.POSITIVE_INFINITY));
  const { dueMs, missed } = newestDue(times, sinceMs, nowMs);
  if (dueMs === undefined) return { ...nothing, againMs };
  const hasMissedMany = missed > many;
  if (input.hasActive && input.concurrencyPolicy === 'Forbid') {
    return { ...nothing, dueMs, skipped: 'JobAlreadyActive', hasMissedMany, againMs };
  }
  const replacesActive = input.hasActive && input.concurrencyPolicy === 'Replace';
  return { dueMs, startForMs: dueMs, replacesActive, skipped: undefined, hasMissedMany, againMs };
}

/** How long until the next time that has not been looked at. */
function waitMs(times: CronTimes, { sinceMs, nowMs }: CronJobInput): number {
  const { dueMs, missed } = newestDue(times, sinceMs, nowMs);
  const next = times.next(dueMs ?? (missed > 0 ? nowMs : sinceMs));
  return Math.max(1, (next ?? nowMs) - nowMs);
}

/**
 * The newest time that has passed, and about how many have, judged by the distance of the first two. Of a schedule with
 * uneven distances the newest is looked for only within about one such distance from now.
 */
function newestDue(
  times: CronTimes,
  sinceMs: number,
  nowMs: number,
): { readonly dueMs: number | undefined; readonly missed: number } {
  const first = times.next(sinceMs);
  const second = first === undefined ? undefined : times.next(first);
  if (first === undefined || second === undefined) {
    throw new Error('time difference between two schedules is less than 1 second');
  }
  if (first > nowMs) return { dueMs: undefined, missed: 0 };
  if (second > nowMs) return { dueMs: first, missed: 0 };
  const missed = Math.floor((nowMs - first) / (second - first)) + 1;
  let dueMs: number | undefined;
  let next = times.next(first + (missed - 2) * (second - first));
  while (next !== undefined && next <= nowMs) {
    dueMs = next;
    next = times.next(next);
  }
  return { dueMs, missed };
}
