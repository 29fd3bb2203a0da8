import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from './controller.ts';
import { decideJob } from './decide-job.ts';
import { formatIndexes, parseIndexes } from './index-ranges.ts';
import {
  completionsOf,
  endedAtMs,
  hasEnded,
  indexAnnotation,
  indexOf,
  isJobFinished,
  restartsOf,
  trackingFinalizer,
  withIndex,
} from './job-pods.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Job, Pod } from './kubernetes-shapes.ts';
import { controllerOf, controllerReference, isControlledBy } from './owner-reference.ts';
import { isActive, isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random-suffix.ts';
import { findCondition, setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const component = 'job-controller';
const firstBackOffMs = 10_000;
const longestBackOffMs = 360_000;

type JobStatus = NonNullable<Job['status']>;

/** Runs the pods of Jobs until enough have succeeded or too many have failed. */
export function createJobController(context: ClusterContext): Controller {
  const { store, clock, events, speed } = context;
  const manager = 'kube-controller-manager';
  const jobs = createKindClient<Job>(store, manager, 'batch', 'jobs');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');

  function ownedPods(job: Job): Pod[] {
    return store
      .listOwned(job.metadata.uid ?? '')
      .filter((object): object is Pod => object.kind === 'Pod' && isControlledBy(object, job));
  }

  function tell(job: Job, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(job, { type, reason, message, component });
  }

  /** Counts pods that have ended since the last pass, then lets them go. */
  function count(job: Job, owned: readonly Pod[]): JobStatus {
    const uncounted = owned.filter(
      (pod) => hasEnded(pod) && (pod.metadata.finalizers ?? []).includes(trackingFinalizer),
    );
    const succeeded = uncounted.filter((pod) => pod.status?.phase === 'Succeeded');
    const indexes = parseIndexes(job.status?.completedIndexes);
    let newlySucceeded = 0;
    for (const pod of succeeded) {
      const index = indexOf(pod);
      if (index === undefined || !indexes.has(index)) newlySucceeded += 1;
      if (index !== undefined) indexes.add(index);
    }
    for (const pod of uncounted) release(pod);
    return {
      ...job.status,
      succeeded: (job.status?.succeeded ?? 0) + newlySucceeded,
      failed: (job.status?.failed ?? 0) + uncounted.length - succeeded.length,
      ...(job.spec.completionMode === 'Indexed' ? { completedIndexes: formatIndexes(indexes) } : {}),
    };
  }

  function release(pod: Pod): void {
    const current = pods.get(pod.metadata.namespace, pod.metadata.name);
    if (current === undefined || current.metadata.uid !== pod.metadata.uid) return;
    const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== trackingFinalizer);
    if (finalizers.length === (current.metadata.finalizers ?? []).length) return;
    pods.update({ ...current, metadata: { ...current.metadata, finalizers } });
  }

  function createPod(job: Job, index: number | undefined): void {
    const { template } = job.spec;
    const { name, namespace, uid = '' } = job.metadata;
    const generateName = index === undefined ? `${name}-` : `${name}-${index}-`;
    const indexed = index === undefined ? {} : { [indexAnnotation]: String(index) };
    const pod = pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${generateName.slice(0, 58)}${randomSuffix(context.random)}`,
        generateName,
        namespace,
        labels: {
          ...template.metadata?.labels,
          'batch.kubernetes.io/controller-uid': uid,
          'batch.kubernetes.io/job-name': name,
          'controller-uid': uid,
          'job-name': name,
          ...indexed,
        },
        annotations: { ...template.metadata?.annotations, ...indexed },
        finalizers: [trackingFinalizer],
        ownerReferences: [controllerReference(job)],
      },
      spec: index === undefined ? template.spec : withIndex(template.spec, index, name),
    });
    tell(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  function deletePod(job: Job, name: string): void {
    const pod = pods.get(job.metadata.namespace, name);
    if (pod === undefined) return;
    pods.delete(pod);
    tell(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }

  /** Failed pods are replaced after a growing delay, counted from the last failure. */
  function backOffLeftMs(status: JobStatus, owned: readonly Pod[]): number {
    const failures = owned.filter((pod) => pod.status?.phase === 'Failed');
    if (failures.length === 0) return 0;
    const lastMs = Math.max(...failures.map(endedAtMs));
    const delayMs = Math.min(longestBackOffMs, firstBackOffMs * 2 ** Math.min((status.failed ?? 1) - 1, 20)) / speed;
    return Math.max(0, lastMs + delayMs - clock.now());
  }

  function finish(job: Job, status: JobStatus, conditions: readonly Condition[], owned: readonly Pod[]): void {
    for (const pod of owned.filter(isActive)) deletePod(job, pod.metadata.name);
    const now = timestamp(clock.now());
    const merged = conditions.reduce(
      (list, condition) => setCondition(list, { ...condition, lastProbeTime: now }, now),
      status.conditions ?? [],
    );
    const isComplete = conditions.some(({ type }) => type === 'Complete');
    const { active: _, ...rest } = status;
    jobs.updateStatus(job, {
      ...rest,
      ready: 0,
      terminating: 0,
      conditions: merged,
      uncountedTerminatedPods: {},
      ...(isComplete ? { completionTime: now } : {}),
    });
    const [type, reason, message] = isComplete
      ? (['Normal', 'Completed', 'Job completed'] as const)
      : (['Warning', conditions[0]?.reason ?? 'Failed', conditions[0]?.message ?? ''] as const);
    tell(job, type, reason, message);
  }

  /** A finished Job with a time to live is deleted when it is over. */
  function expire(job: Job): number | undefined {
    const ttl = job.spec.ttlSecondsAfterFinished;
    if (ttl === undefined) return undefined;
    const finishedAt = (job.status?.conditions ?? []).find(
      ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
    )?.lastTransitionTime;
    const leftMs = Date.parse(finishedAt ?? '') + ttl * 1000 - clock.now();
    if (Number.isNaN(leftMs)) return undefined;
    if (leftMs > 0) return leftMs;
    jobs.delete(job, { propagationPolicy: 'Background' });
    return undefined;
  }

  function withSuspension(job: Job, status: JobStatus): JobStatus {
    const now = timestamp(clock.now());
    const known = findCondition(status.conditions, 'Suspended');
    const isSuspended = job.spec.suspend === true;
    if (!isSuspended && known === undefined) return status;
    if ((known?.status === 'True') === isSuspended) return status;
    const [reason, message] = isSuspended ? ['Suspended', 'Job suspended'] : ['Resumed', 'Job resumed'];
    tell(job, 'Normal', reason, message);
    const condition: Condition = {
      type: 'Suspended',
      status: isSuspended ? 'True' : 'False',
      reason: `Job${reason}`,
      message,
      lastProbeTime: now,
    };
    const { startTime: _, ...rest } = status;
    return { ...rest, conditions: setCondition(status.conditions ?? [], condition, now) };
  }

  function run(job: Job): number | undefined {
    const owned = ownedPods(job);
    let status = withSuspension(job, count(job, owned));
    if (status.startTime === undefined && job.spec.suspend !== true) {
      status = { ...status, startTime: timestamp(clock.now()) };
    }
    const active = owned.filter(isActive);
    const deadlineMs = (job.spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    const leftMs = Date.parse(status.startTime ?? timestamp(clock.now())) + deadlineMs - clock.now();
    const restartsInPlace = job.spec.template.spec.restartPolicy === 'OnFailure';
    const decision = decideJob({
      parallelism: job.spec.parallelism ?? 1,
      completions: completionsOf(job),
      isIndexed: job.spec.completionMode === 'Indexed',
      isSuspended: job.spec.suspend === true,
      backoffLimit: job.spec.backoffLimit ?? 6,
      succeeded: status.succeeded ?? 0,
      failures: (status.failed ?? 0) + (restartsInPlace ? restartsOf(active) : 0),
      succeededIndexes: parseIndexes(status.completedIndexes),
      active: active.map((pod) => ({ name: pod.metadata.name, index: indexOf(pod) })),
      isPastDeadline: leftMs <= 0,
      backOffLeftMs: backOffLeftMs(status, owned),
    });
    if (decision.do === 'complete') {
      const message = 'Reached expected number of succeeded pods';
      const reason = 'CompletionsReached';
      const conditions = (['SuccessCriteriaMet', 'Complete'] as const).map((type) =>
        trueCondition(type, reason, message),
      );
      finish(job, status, conditions, owned);
      return jobs.get(job.metadata.namespace, job.metadata.name) === undefined ? undefined : 0;
    }
    if (decision.do === 'fail') {
      const { reason, message } = decision;
      const conditions = (['FailureTarget', 'Failed'] as const).map((type) => trueCondition(type, reason, message));
      finish(job, status, conditions, owned);
      return 0;
    }
    for (const name of decision.remove) deletePod(job, name);
    for (const index of decision.create) createPod(job, index);
    writeCounts(job, status);
    const waits = [decision.againMs, Number.isFinite(leftMs) ? leftMs : undefined].filter((wait) => wait !== undefined);
    return waits.length === 0 ? undefined : Math.min(...waits);
  }

  function writeCounts(job: Job, status: JobStatus): void {
    const owned = ownedPods(job);
    const active = owned.filter(isActive);
    const { active: _, ...rest } = status;
    jobs.updateStatus(job, {
      ...rest,
      ...(active.length === 0 ? {} : { active: active.length }),
      ready: active.filter(isReady).length,
      terminating: owned.filter((pod) => !isFinished(pod) && !isActive(pod)).length,
      uncountedTerminatedPods: {},
    });
  }

  return {
    name: 'job',
    keysOf: keysByResource({ 'jobs.batch': ownKey, pods: controllerKeys('Job') }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(namespace, name);
      if (job === undefined || job.metadata.deletionTimestamp !== undefined || isJobFinished(job)) {
        releaseAll(key);
        return job === undefined || job.metadata.deletionTimestamp !== undefined ? undefined : expire(job);
      }
      return run(job);
    },
  };

  /** Nobody counts the pods of a Job that is over or gone; nothing may hold them. */
  function releaseAll(key: string): void {
    const { namespace, name } = splitKey(key);
    for (const pod of pods.list(namespace)) {
      const owner = controllerOf(pod);
      if (owner?.kind === 'Job' && owner.name === name) release(pod);
    }
  }
}

function trueCondition(type: string, reason: string, message: string): Condition {
  return { type, status: 'True', reason, message };
}
