import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from './controller.ts';
import { type CronJobDecision, decideCronJob } from './decide-cron-job.ts';
import { isNamespaceEnding } from './is-namespace-ending.ts';
import { finishedCondition, isJobFinished } from './job-pods.ts';
import { createKindClient } from './kind-client.ts';
import type { CronJob, Job, ObjectReference } from './kubernetes-shapes.ts';
import { controllerReference, isControlledBy } from './owner-reference.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';
import { zoneOffsetMs } from './zone-offset.ts';

const component = 'cronjob-controller';

type Concurrency = 'Allow' | 'Forbid' | 'Replace';

/** Makes Jobs at the times of their CronJobs, and clears away the finished ones beyond the history limits. */
export function createCronJobController(context: ClusterContext): Controller {
  const { store, clock, events } = context;
  const manager = 'kube-controller-manager';
  const cronJobs = createKindClient<CronJob>(store, manager, 'batch', 'cronjobs');
  const jobs = createKindClient<Job>(store, manager, 'batch', 'jobs');
  /** What each CronJob's schedule was when it was last looked at, by uid. */
  const schedules = new Map<string, string>();
  store.onChange(({ type, object }) => {
    if (type === 'DELETED' && object.kind === 'CronJob') schedules.delete(object.metadata.uid ?? '');
  });

  function ownedJobs(cronJob: CronJob): Job[] {
    return store
      .listOwned(cronJob.metadata.uid ?? '')
      .filter((object): object is Job => object.kind === 'Job' && isControlledBy(object, cronJob));
  }

  function tell(cronJob: CronJob, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(cronJob, { type, reason, message, component });
  }

  /** The Job of this time; one that is there already under the name counts when it is ours. */
  function start(cronJob: CronJob, scheduledMs: number): Job | undefined {
    const { jobTemplate, timeZone } = cronJob.spec;
    const { namespace } = cronJob.metadata;
    // The name belongs to the time, so that one time never makes two Jobs.
    const name = jobName(cronJob, scheduledMs);
    const known = jobs.get(namespace, name);
    if (known !== undefined) return isControlledBy(known, cronJob) ? known : undefined;
    try {
      const job = jobs.create({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: {
          name,
          namespace,
          ...(jobTemplate.metadata?.labels === undefined ? {} : { labels: jobTemplate.metadata.labels }),
          annotations: {
            ...jobTemplate.metadata?.annotations,
            'batch.kubernetes.io/cronjob-scheduled-timestamp': zonedTimestamp(scheduledMs, timeZone),
          },
          ownerReferences: [controllerReference(cronJob)],
        },
        spec: jobTemplate.spec,
      });
      tell(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
      return job;
    } catch (cause) {
      if (!isNamespaceEnding(cause)) {
        const why = cause instanceof Error ? cause.message : String(cause);
        tell(cronJob, 'Warning', 'FailedCreate', `Error creating job: ${why}`);
      }
      throw cause;
    }
  }

  function deleteJob(cronJob: CronJob, job: Job): void {
    jobs.delete(job, { propagationPolicy: 'Background' });
    tell(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
  }

  /** Returns the uids of what it deleted. */
  function clearHistory(cronJob: CronJob, owned: readonly Job[]): ReadonlySet<string | undefined> {
    const finished = owned.filter(isJobFinished);
    const succeeded = finished.filter((job) => findCondition(job.status?.conditions, 'Complete')?.status === 'True');
    const failed = finished.filter((job) => !succeeded.includes(job));
    const excess = [
      ...oldestBeyond(succeeded, cronJob.spec.successfulJobsHistoryLimit ?? 3),
      ...oldestBeyond(failed, cronJob.spec.failedJobsHistoryLimit ?? 1),
    ].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (const job of excess) deleteJob(cronJob, job);
    return new Set(excess.map(({ metadata }) => metadata.uid));
  }

  type Reference = NonNullable<NonNullable<CronJob['status']>['active']>[number];

  /** The Jobs that run, by the status and by what is there; what has become of the others is told once. */
  function reviewActive(
    cronJob: CronJob,
    owned: readonly Job[],
    cleared: ReadonlySet<string | undefined>,
  ): Reference[] {
    const listed = (cronJob.status?.active ?? []).filter(({ uid }) => !cleared.has(uid));
    for (const job of owned) {
      const isListed = listed.some(({ uid }) => uid === job.metadata.uid);
      if (!isListed && !isJobFinished(job)) {
        const message = `Saw a job that the controller did not create or forgot: ${job.metadata.name}`;
        tell(cronJob, 'Warning', 'UnexpectedJob', message);
      } else if (isListed && isJobFinished(job)) {
        const condition = finishedCondition(job)?.type ?? '';
        const message = `Saw completed job: ${job.metadata.name}, condition: ${condition}`;
        tell(cronJob, 'Normal', 'SawCompletedJob', message);
      }
    }
    return listed.filter((reference) => {
      const job = owned.find(({ metadata }) => metadata.uid === reference.uid);
      if (job === undefined) {
        tell(cronJob, 'Normal', 'MissingJob', `Active job went missing: ${reference.name ?? ''}`);
        return false;
      }
      return !isJobFinished(job);
    });
  }

  function decide(cronJob: CronJob, hasActive: boolean): CronJobDecision {
    const { spec, status, metadata } = cronJob;
    return decideCronJob({
      schedule: spec.schedule,
      timeZone: spec.timeZone,
      isSuspended: spec.suspend === true,
      sinceMs: Date.parse(status?.lastScheduleTime ?? metadata.creationTimestamp ?? timestamp(clock.now())),
      nowMs: clock.now(),
      startingDeadlineMs: spec.startingDeadlineSeconds === undefined ? undefined : spec.startingDeadlineSeconds * 1000,
      concurrencyPolicy: (spec.concurrencyPolicy ?? 'Allow') as Concurrency,
      hasActive,
    });
  }

  function reconcile(key: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const cronJob = cronJobs.get(namespace, name);
    if (cronJob === undefined) return undefined;
    const owned = ownedJobs(cronJob);
    let active = reviewActive(cronJob, owned, clearHistory(cronJob, owned));
    let scheduledMs: number | undefined;
    let againMs: number | undefined;
    try {
      if (cronJob.metadata.deletionTimestamp !== undefined) return undefined;
      const hasNewSchedule = isRescheduled(cronJob);
      const decision = tryDecide(cronJob, active.length > 0);
      if (decision === undefined) return undefined;
      againMs = decision.againMs;
      if (hasNewSchedule) return againMs;
      const name = decision.dueMs === undefined ? undefined : jobName(cronJob, decision.dueMs);
      // Times are told apart by the minute: of several in one minute the first counts as long as its Job runs.
      if (active.some((reference) => reference.name === name)) return againMs;
      if (decision.hasMissedMany) {
        const cure = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
        tell(cronJob, 'Warning', 'TooManyMissedTimes', `too many missed start times. ${cure}`);
      }
      if (decision.skipped !== undefined) {
        const why = 'Not starting job because prior execution is running and concurrency policy is Forbid';
        tell(cronJob, 'Normal', 'JobAlreadyActive', why);
      }
      if (decision.replacesActive) {
        for (const { uid } of active) {
          const job = owned.find(({ metadata }) => metadata.uid === uid);
          if (job !== undefined && job.metadata.deletionTimestamp === undefined) deleteJob(cronJob, job);
        }
        active = [];
      }
      if (decision.startForMs !== undefined) {
        const job = start(cronJob, decision.startForMs);
        if (job !== undefined) {
          scheduledMs = decision.startForMs;
          active = [...active, referenceTo(job)];
        }
      }
    } finally {
      writeStatus(cronJob, owned, active, scheduledMs);
    }
    return againMs;
  }

  /** Whether this is the first look since the schedule was changed: a new one counts from now on, not from before. */
  function isRescheduled({ metadata, spec }: CronJob): boolean {
    const schedule = `${spec.schedule} ${spec.timeZone ?? ''}`;
    const known = schedules.get(metadata.uid ?? '');
    schedules.set(metadata.uid ?? '', schedule);
    return known !== undefined && known !== schedule;
  }

  /** A schedule that never comes is told of; nothing happens until somebody changes it. */
  function tryDecide(cronJob: CronJob, hasActive: boolean): CronJobDecision | undefined {
    try {
      return decide(cronJob, hasActive);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      tell(cronJob, 'Warning', 'InvalidSchedule', `invalid schedule: ${cronJob.spec.schedule} : ${why}`);
      return undefined;
    }
  }

  function writeStatus(
    cronJob: CronJob,
    owned: readonly Job[],
    active: readonly Reference[],
    scheduledMs: number | undefined,
  ): void {
    const successes = owned.flatMap(({ status }) =>
      status?.completionTime === undefined ? [] : [status.completionTime],
    );
    const lastSuccessfulTime = [cronJob.status?.lastSuccessfulTime, ...successes]
      .filter((time) => time !== undefined)
      .sort()
      .at(-1);
    const { active: _, ...rest } = cronJob.status ?? {};
    cronJobs.updateStatus(cronJob, {
      ...rest,
      ...(active.length === 0 ? {} : { active }),
      ...(scheduledMs === undefined ? {} : { lastScheduleTime: timestamp(scheduledMs) }),
      ...(lastSuccessfulTime === undefined ? {} : { lastSuccessfulTime }),
    });
  }

  return {
    name: 'cronjob',
    keysOf: keysByResource({ 'cronjobs.batch': ownKey, 'jobs.batch': controllerKeys('CronJob') }),
    reconcile,
  };
}

function jobName({ metadata }: CronJob, scheduledMs: number): string {
  return `${metadata.name}-${Math.floor(scheduledMs / 60_000)}`;
}

function referenceTo({ apiVersion, kind, metadata: { name, namespace, uid, resourceVersion } }: Job): ObjectReference {
  return {
    apiVersion,
    kind,
    name,
    ...(namespace === undefined ? {} : { namespace }),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  };
}

/** RFC 3339 in the zone of the schedule, with its offset from UTC. */
function zonedTimestamp(timeMs: number, timeZone = 'UTC'): string {
  const offsetMs = zoneOffsetMs(timeMs, timeZone);
  if (offsetMs === 0) return timestamp(timeMs);
  const minutes = Math.abs(offsetMs) / 60_000;
  const [hour, minute] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'));
  return `${timestamp(timeMs + offsetMs).slice(0, -1)}${offsetMs < 0 ? '-' : '+'}${hour}:${minute}`;
}

function oldestBeyond(jobs: readonly Job[], limit: number): readonly Job[] {
  // Those that never started are taken for the newest.
  const rank = ({ status, metadata }: Job): string => `${status?.startTime ?? '~'} ${metadata.name}`;
  const oldestFirst = [...jobs].sort((left, right) => (rank(left) < rank(right) ? -1 : 1));
  return oldestFirst.slice(0, Math.max(0, jobs.length - limit));
}
