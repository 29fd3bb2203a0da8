import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from './controller.ts';
import { type CronJobDecision, decideCronJob } from './decide-cron-job.ts';
import { isJobFinished } from './job-pods.ts';
import { createKindClient } from './kind-client.ts';
import type { CronJob, Job } from './kubernetes-shapes.ts';
import { controllerReference, isControlledBy } from './owner-reference.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const component = 'cronjob-controller';

type Concurrency = 'Allow' | 'Forbid' | 'Replace';

/** Makes Jobs at the times of their CronJobs, and clears away the finished ones beyond the history limits. */
export function createCronJobController(context: ClusterContext): Controller {
  const { store, clock, events } = context;
  const manager = 'kube-controller-manager';
  const cronJobs = createKindClient<CronJob>(store, manager, 'batch', 'cronjobs');
  const jobs = createKindClient<Job>(store, manager, 'batch', 'jobs');

  function ownedJobs(cronJob: CronJob): Job[] {
    return store
      .listOwned(cronJob.metadata.uid ?? '')
      .filter((object): object is Job => object.kind === 'Job' && isControlledBy(object, cronJob));
  }

  function tell(cronJob: CronJob, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(cronJob, { type, reason, message, component });
  }

  function start(cronJob: CronJob, scheduledMs: number): void {
    const { jobTemplate } = cronJob.spec;
    // The name belongs to the time, so that one time never makes two Jobs.
    const name = `${cronJob.metadata.name.slice(0, 52)}-${Math.floor(scheduledMs / 60_000)}`;
    if (jobs.get(cronJob.metadata.namespace, name) !== undefined) return;
    jobs.create({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: {
        name,
        namespace: cronJob.metadata.namespace,
        ...(jobTemplate.metadata?.labels === undefined ? {} : { labels: jobTemplate.metadata.labels }),
        annotations: {
          ...jobTemplate.metadata?.annotations,
          'batch.kubernetes.io/cronjob-scheduled-timestamp': timestamp(scheduledMs),
        },
        ownerReferences: [controllerReference(cronJob)],
      },
      spec: jobTemplate.spec,
    });
    tell(cronJob, 'Normal', 'SuccessfulCreate', `Created job ${name}`);
  }

  function clearHistory(cronJob: CronJob): void {
    const finished = ownedJobs(cronJob).filter(isJobFinished);
    const succeeded = finished.filter((job) => findCondition(job.status?.conditions, 'Complete')?.status === 'True');
    const failed = finished.filter((job) => !succeeded.includes(job));
    const excess = [
      ...oldestBeyond(succeeded, cronJob.spec.successfulJobsHistoryLimit ?? 3),
      ...oldestBeyond(failed, cronJob.spec.failedJobsHistoryLimit ?? 1),
    ].filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    for (const job of excess) {
      jobs.delete(job, { propagationPolicy: 'Background' });
      tell(cronJob, 'Normal', 'SuccessfulDelete', `Deleted job ${job.metadata.name}`);
    }
  }

  /** Jobs that were running when the status was last written and have finished since are told of once. */
  function tellFinished(cronJob: CronJob, owned: readonly Job[]): void {
    for (const { uid } of cronJob.status?.active ?? []) {
      const job = owned.find(({ metadata }) => metadata.uid === uid);
      if (job === undefined || !isJobFinished(job)) continue;
      const type = findCondition(job.status?.conditions, 'Complete')?.status === 'True' ? 'Complete' : 'Failed';
      tell(cronJob, 'Normal', 'SawCompletedJob', `Saw completed job: ${job.metadata.name}, condition: ${type}`);
    }
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
    if (cronJob === undefined || cronJob.metadata.deletionTimestamp !== undefined) return undefined;
    const owned = ownedJobs(cronJob);
    const active = owned.filter((job) => !isJobFinished(job) && job.metadata.deletionTimestamp === undefined);
    tellFinished(cronJob, owned);
    const decision = decide(cronJob, active.length > 0);
    if (decision.replacesActive) for (const job of active) jobs.delete(job, { propagationPolicy: 'Background' });
    if (decision.startForMs !== undefined) start(cronJob, decision.startForMs);
    clearHistory(cronJob);
    writeStatus(cronJob, decision.startForMs);
    return decision.againMs;
  }

  function writeStatus(cronJob: CronJob, scheduledMs: number | undefined): void {
    const owned = ownedJobs(cronJob);
    const active = owned
      .filter((job) => !isJobFinished(job) && job.metadata.deletionTimestamp === undefined)
      .map(({ metadata: { name, namespace, uid } }) => ({ apiVersion: 'batch/v1', kind: 'Job', name, namespace, uid }));
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

function oldestBeyond(jobs: readonly Job[], limit: number): readonly Job[] {
  const started = (job: Job): string => job.status?.startTime ?? job.metadata.creationTimestamp ?? '';
  const oldestFirst = [...jobs].sort((left, right) => (started(left) < started(right) ? -1 : 1));
  return oldestFirst.slice(0, Math.max(0, jobs.length - limit));
}
