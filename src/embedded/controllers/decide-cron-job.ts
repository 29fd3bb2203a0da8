import { Cron } from 'croner';

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
  /** The time of the schedule a Job is to be made for now. */
  readonly startForMs: number | undefined;
  /** Whether what still runs gives way to it. */
  readonly replacesActive: boolean;
  /** The schedule time that was let pass, because the deadline is over or another Job still runs. */
  readonly skipped: 'MissSchedule' | 'JobAlreadyActive' | undefined;
  /** How long until the schedule's next time; undefined when it has none or is suspended. */
  readonly againMs: number | undefined;
}

/** Missed times are searched back this far; more of them make the oldest irrelevant, as only the newest is made up for. */
const searchLimit = 100;

/** Whether a CronJob is due, by the newest schedule time that has passed. Throws on a schedule or zone that is none. */
export function decideCronJob(input: CronJobInput): CronJobDecision {
  const { nowMs } = input;
  const cron = new Cron(input.schedule, { paused: true, timezone: input.timeZone ?? 'UTC', mode: '5-part' });
  if (input.isSuspended)
    return { startForMs: undefined, replacesActive: false, skipped: undefined, againMs: undefined };
  const nextMs = cron.nextRun(new Date(nowMs))?.getTime();
  const againMs = nextMs === undefined ? undefined : Math.max(1, nextMs - nowMs);
  const none = { startForMs: undefined, replacesActive: false, againMs };
  const dueMs = newestDue(cron, input.sinceMs, nowMs);
  if (dueMs === undefined) return { ...none, skipped: undefined };
  if (input.startingDeadlineMs !== undefined && nowMs - dueMs > input.startingDeadlineMs) {
    return { ...none, skipped: 'MissSchedule' };
  }
  if (input.hasActive && input.concurrencyPolicy === 'Forbid') return { ...none, skipped: 'JobAlreadyActive' };
  const replacesActive = input.hasActive && input.concurrencyPolicy === 'Replace';
  return { startForMs: dueMs, replacesActive, skipped: undefined, againMs };
}

function newestDue(cron: Cron, sinceMs: number, nowMs: number): number | undefined {
  let newest: number | undefined;
  let from = sinceMs;
  for (let count = 0; count < searchLimit; count += 1) {
    const next = cron.nextRun(new Date(from))?.getTime();
    if (next === undefined || next > nowMs) return newest;
    newest = next;
    from = next;
  }
  // So many missed times are a long absence: only the last one before now matters.
  const previous = cron.previousRuns(1, new Date(nowMs + 1000))[0]?.getTime();
  return previous !== undefined && previous <= nowMs ? previous : newest;
}
