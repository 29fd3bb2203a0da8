import { Cron } from 'croner';
import { again, type ReconcileContext, type Reconciler } from './reconciler.ts';

/** Something done at certain times, once over all replicas. One that was missed while nothing ran is made up for, once. */
export interface Job {
  /** Unique over all plugins: `<plugin>.<noun>`. */
  readonly name: string;
  readonly description: string;
  /** Five fields: minute, hour, day, month, weekday. */
  readonly cron: string;
  /** IANA time zone the expression is meant in, e.g. `Europe/Berlin` or `UTC`. */
  readonly zone: string;
  readonly run: (context: ReconcileContext) => Promise<void>;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** What the plugin does at certain times, once over all replicas. */
    readonly jobs?: readonly Job[];
  }
}

/** The only key of a job's reconciler. */
export const jobKey = 'tick';

/** The first time after `afterMs` that the job is due (UTC ms). Throws on an expression or zone that means nothing. */
export function nextRun(job: Pick<Job, 'name' | 'cron' | 'zone'>, afterMs: number): number {
  let next: Date | null;
  try {
    next = new Cron(job.cron, { timezone: job.zone, mode: '5-part', paused: true }).nextRun(new Date(afterMs));
  } catch (cause) {
    throw new Error(
      `job '${job.name}' needs a cron expression of five fields and an IANA zone, got '${job.cron}' in '${job.zone}'`,
      { cause },
    );
  }
  if (!next) throw new Error(`job '${job.name}' is never due: '${job.cron}'`);
  return next.getTime();
}

/** A job is a reconciler with one key: leases, retries and shutdown are the queue's. */
export function toReconciler(job: Job): Reconciler {
  nextRun(job, 0);
  return {
    name: `job:${job.name}`,
    description: job.description,
    async reconcile(_key, context) {
      await job.run(context);
      const now = context.clock.now();
      return again(nextRun(job, now) - now);
    },
  };
}
