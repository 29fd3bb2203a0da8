import { claimObjects } from './claim-objects.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, controllerKeys, keysByResource, ownKey, splitKey } from './controller.ts';
import { createObjectIndex } from './create-object-index.ts';
import { decideJob, type JobInput } from './decide-job.ts';
import { decideVictims } from './decide-victims.ts';
import { formatIndexes, parseIndexes } from './index-ranges.ts';
import { isNamespaceEnding } from './is-namespace-ending.ts';
import { backOffLeftMs, countEndings, type JobBackOff, noBackOff } from './job-back-off.ts';
import {
  endedAtMs,
  failsIndex,
  failuresBefore,
  finishedCondition,
  hasFailed,
  indexAnnotation,
  indexFailuresAnnotation,
  indexIgnoredFailuresAnnotation,
  indexOf,
  isJobFinished,
  isTracked,
  replacesOnlyFailed,
  restartsOf,
  trackingFinalizer,
  withIndex,
} from './job-pods.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Job, Pod } from './kubernetes-shapes.ts';
import { matchPodFailurePolicy } from './match-pod-failure-policy.ts';
import { matchSuccessPolicy } from './match-success-policy.ts';
import { omitZeros } from './omit-zeros.ts';
import { controllerOf, controllerReference } from './owner-reference.ts';
import { isActive, isFinished, isReady } from './pod-state.ts';
import { randomSuffix } from './random-suffix.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const component = 'job-controller';
const ownName = 'kubernetes.io/job-controller';

type JobStatus = NonNullable<Job['status']>;

/** What one look at a Job and its pods found. */
interface Sight {
  readonly pods: readonly Pod[];
  readonly active: readonly Pod[];
  readonly succeeded: readonly Pod[];
  readonly failed: readonly Pod[];
  readonly succeededIndexes: ReadonlySet<number>;
  readonly failedIndexes: ReadonlySet<number> | undefined;
  /** The last failed pod of each index that is to be tried again: kept until its successor has its count of failures. */
  readonly retried: ReadonlyMap<number, Pod>;
}

/** Runs the pods of Jobs until enough have succeeded or too many have failed. */
export function createJobController(context: ClusterContext): Controller {
  const { store, clock, events, speed } = context;
  const manager = 'kube-controller-manager';
  const jobs = createKindClient<Job>(store, manager, 'batch', 'jobs');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const tracked = createObjectIndex<Pod>(store, pods.resource, trackedBy);
  const backOffs = new Map<string, JobBackOff>();

  function claimPods(job: Job): Pod[] {
    const owned = store.listOwned(job.metadata.uid ?? '').filter((object): object is Pod => object.kind === 'Pod');
    const orphans = context.podIndex.orphans(job.metadata.namespace).filter((pod) => !isFinished(pod));
    return claimObjects({
      owner: job,
      selector: job.spec.selector,
      candidates: [...owned, ...orphans],
      relink: (pod, ownerReferences) =>
        pods.update({
          ...pod,
          metadata: {
            ...pod.metadata,
            ownerReferences,
            ...(controllerOf({ ...pod, metadata: { ...pod.metadata, ownerReferences } }) === undefined || isTracked(pod)
              ? {}
              : { finalizers: [...(pod.metadata.finalizers ?? []), trackingFinalizer] }),
          },
        }),
    });
  }

  function tell(job: Job, type: 'Normal' | 'Warning', reason: string, message: string): void {
    events.record(job, { type, reason, message, component });
  }

  function look(job: Job): Sight {
    const owned = claimPods(job);
    const active = owned.filter(isActive);
    const isIndexed = job.spec.completionMode === 'Indexed';
    const isValid = (pod: Pod): boolean => isTracked(pod) && (!isIndexed || indexOf(job, pod) !== undefined);
    const succeeded = owned.filter((pod) => isValid(pod) && pod.status?.phase === 'Succeeded');
    const failed = owned.filter((pod) => isValid(pod) && hasFailed(job, pod));
    const indexesOf = (list: readonly Pod[]): number[] => list.map((pod) => indexOf(job, pod) ?? -1);
    const succeededIndexes = isIndexed
      ? new Set([...parseIndexes(job.status?.completedIndexes), ...indexesOf(succeeded)])
      : new Set<number>();
    for (const index of succeededIndexes) if (index >= (job.spec.completions ?? 0)) succeededIndexes.delete(index);
    const failedIndexes =
      isIndexed && job.spec.backoffLimitPerIndex !== undefined
        ? new Set([
            ...parseIndexes(job.status?.failedIndexes),
            ...indexesOf(failed.filter((pod) => failsIndex(job, pod))),
          ])
        : undefined;
    const retried = new Map<number, Pod>();
    if (failedIndexes !== undefined) {
      const busy = new Set(indexesOf(active));
      for (const pod of [...failed].sort((left, right) => endedAtMs(left) - endedAtMs(right))) {
        const index = indexOf(job, pod) ?? -1;
        if (!succeededIndexes.has(index) && !failedIndexes.has(index) && !busy.has(index)) retried.set(index, pod);
      }
    }
    return { pods: owned, active, succeeded, failed, succeededIndexes, failedIndexes, retried };
  }

  function decide(job: Job, sight: Sight, startTime: string | undefined): ReturnType<typeof decideJob> {
    const { spec, status } = job;
    const isIndexed = spec.completionMode === 'Indexed';
    const isSuspended = spec.suspend === true;
    const newlyFailed = sight.failed.filter((pod) => matchPodFailurePolicy(spec.podFailurePolicy, pod).isCounted);
    const policyFailure = sight.pods
      .filter((pod) => hasFailed(job, pod))
      .map((pod) => matchPodFailurePolicy(spec.podFailurePolicy, pod).message)
      .find((message) => message !== undefined);
    const deadlineMs = (spec.activeDeadlineSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    const limit = spec.backoffLimit ?? 6;
    const restarts = spec.template.spec.restartPolicy === 'OnFailure' ? restartsOf(sight.pods) : 0;
    const input: JobInput = {
      parallelism: spec.parallelism ?? 1,
      completions: completionsOf(job),
      isIndexed,
      isSuspended,
      backoffLimit: limit,
      succeeded: isIndexed ? sight.succeededIndexes.size : (status?.succeeded ?? 0) + sight.succeeded.length,
      failed: (status?.failed ?? 0) + newlyFailed.length,
      isPastRestartLimit: limit === 0 ? restarts > 0 : restarts >= limit,
      succeededIndexes: sight.succeededIndexes,
      failedIndexes: sight.failedIndexes,
      maxFailedIndexes: spec.maxFailedIndexes,
      active: decideVictims(sight.active, sight.active, sight.active.length, clock.now()).map((pod) => ({
        name: pod.metadata.name,
        index: isIndexed ? indexOf(job, pod) : undefined,
      })),
      awaitedEndings: replacesOnlyFailed(job) ? sight.pods.filter(isEnding).length : 0,
      isPastDeadline: startTime !== undefined && !isSuspended && clock.now() - Date.parse(startTime) >= deadlineMs,
      backOffLeftMs: backOffLeftMs(countEndings(recordOf(job), sight.succeeded, sight.failed), clock.now(), speed),
      backOffLeftMsOfIndex: new Map(
        [...sight.retried].map(([index, pod]) => {
          const { counted, ignored } = failuresBefore(pod);
          const record = { failures: counted + ignored + 1, lastFailureMs: endedAtMs(pod) };
          return [index, backOffLeftMs(record, clock.now(), speed)];
        }),
      ),
      policyFailure,
      policySuccess: isIndexed ? matchSuccessPolicy(spec.successPolicy, sight.succeededIndexes) : undefined,
    };
    return decideJob(input);
  }

  function recordOf(job: Job): JobBackOff {
    return backOffs.get(job.metadata.uid ?? '') ?? noBackOff;
  }

  function createPod(job: Job, index: number | undefined, predecessor: Pod | undefined): void {
    const { template } = job.spec;
    const { name, namespace } = job.metadata;
    const generateName = index === undefined ? `${name}-` : indexedPrefix(name, index);
    const indexed = index === undefined ? {} : { [indexAnnotation]: String(index) };
    const annotations = { ...template.metadata?.annotations, ...indexed, ...failureCounts(job, index, predecessor) };
    const finalizers = new Set([...(template.metadata?.finalizers ?? []), trackingFinalizer]);
    const pod = pods.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${generateName.slice(0, 58)}${randomSuffix(context.random)}`,
        generateName,
        namespace,
        labels: { ...template.metadata?.labels, ...indexed },
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
        finalizers: [...finalizers],
        ownerReferences: [controllerReference(job)],
      },
      spec: index === undefined ? template.spec : withIndex(template.spec, index, name),
    });
    tell(job, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
  }

  function failureCounts(job: Job, index: number | undefined, predecessor: Pod | undefined): Record<string, string> {
    if (index === undefined || job.spec.backoffLimitPerIndex === undefined) return {};
    const before = predecessor === undefined ? { counted: 0, ignored: 0 } : failuresBefore(predecessor);
    const adds = predecessor !== undefined && matchPodFailurePolicy(job.spec.podFailurePolicy, predecessor).isCounted;
    const ignored = before.ignored + (predecessor !== undefined && !adds ? 1 : 0);
    return {
      [indexFailuresAnnotation]: String(before.counted + (adds ? 1 : 0)),
      ...(ignored === 0 ? {} : { [indexIgnoredFailuresAnnotation]: String(ignored) }),
    };
  }

  /** A slow start: the first refusal ends the pass. */
  function createPods(job: Job, indexes: readonly (number | undefined)[], sight: Sight): unknown {
    for (let from = 0, batch = 1; from < indexes.length; from += batch, batch *= 2) {
      let failure: unknown;
      for (const index of indexes.slice(from, from + batch)) {
        try {
          createPod(job, index, index === undefined ? undefined : sight.retried.get(index));
        } catch (cause) {
          if (isNamespaceEnding(cause)) continue;
          const why = cause instanceof Error ? cause.message : String(cause);
          tell(job, 'Warning', 'FailedCreate', `Error creating: ${why}`);
          failure ??= cause ?? new Error('failed without a reason');
        }
      }
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  function deletePod(job: Job, name: string): void {
    const pod = pods.get(job.metadata.namespace, name);
    if (pod === undefined) return;
    pods.delete(pod);
    tell(job, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  }

  function release(pod: Pod): void {
    const current = pods.get(pod.metadata.namespace, pod.metadata.name);
    if (current === undefined || current.metadata.uid !== pod.metadata.uid || !isTracked(current)) return;
    const finalizers = (current.metadata.finalizers ?? []).filter((finalizer) => finalizer !== trackingFinalizer);
    pods.update({ ...current, metadata: { ...current.metadata, finalizers } });
  }

  /** The conditions with which an end that was decided is announced, before its pods have gone. */
  function announce(conditions: readonly Condition[], type: string, reason: string, message: string): Condition[] {
    const known = findCondition(conditions, type);
    return known?.status === 'True' ? [...conditions] : [...conditions, newCondition(type, 'True', reason, message)];
  }

  function newCondition(type: string, status: Condition['status'], reason: string, message: string): Condition {
    const now = timestamp(clock.now());
    return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
  }

  function suspensionOf(job: Job, conditions: readonly Condition[]): { conditions: Condition[]; hasChanged: boolean } {
    const known = findCondition(conditions, 'Suspended');
    const isSuspended = job.spec.suspend === true;
    if ((known?.status === 'True') === isSuspended) return { conditions: [...conditions], hasChanged: false };
    const [reason, message] = isSuspended ? ['Suspended', 'Job suspended'] : ['Resumed', 'Job resumed'];
    tell(job, 'Normal', reason, message);
    const next = newCondition('Suspended', isSuspended ? 'True' : 'False', `Job${reason}`, message);
    const rest = conditions.map((condition) => (condition.type === 'Suspended' ? next : condition));
    return { conditions: known === undefined ? [...rest, next] : rest, hasChanged: true };
  }

  function run(job: Job): number | undefined {
    const sight = look(job);
    const isIndexed = job.spec.completionMode === 'Indexed';
    const isLeaving = job.metadata.deletionTimestamp !== undefined;
    let startTime = job.status?.startTime ?? (job.spec.suspend === true ? undefined : timestamp(clock.now()));
    let conditions: Condition[] = [...(job.status?.conditions ?? [])];
    const end = endOf(job, sight, startTime);
    let failure: unknown;
    let againMs: number | undefined;
    let activeCount = sight.active.length;

    if (end.do !== 'run') {
      for (const pod of sight.active) deletePod(job, pod.metadata.name);
      activeCount = 0;
      const type = end.do === 'fail' ? 'FailureTarget' : 'SuccessCriteriaMet';
      conditions = announce(conditions, type, end.reason, end.message);
    } else if (!isLeaving) {
      for (const name of end.remove) {
        const pod = pods.get(job.metadata.namespace, name);
        // Pods that the Job takes back have not failed: they are let go uncounted.
        if (pod !== undefined) release(pod);
        deletePod(job, name);
      }
      failure = createPods(job, end.create, sight);
      againMs = end.againMs;
      activeCount = againMs === undefined ? claimPods(job).filter(isActive).length : 0;
      const suspension = suspensionOf(job, conditions);
      conditions = suspension.conditions;
      if (suspension.hasChanged) startTime = job.spec.suspend === true ? undefined : timestamp(clock.now());
    }

    const counts = countEnded(job, sight, end.do === 'fail', end.do !== 'run');
    const left = claimPods(job);
    const terminating = left.filter(isEnding).length;
    if (end.do !== 'run' && terminating === 0) {
      const isComplete = end.do === 'succeed';
      conditions.push(newCondition(isComplete ? 'Complete' : 'Failed', 'True', end.reason, end.message));
    }
    const status: JobStatus = {
      ...(conditions.length === 0 ? {} : { conditions }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(conditions.some(({ type }) => type === 'Complete') ? { completionTime: timestamp(clock.now()) } : {}),
      ...omitZeros({ active: activeCount, ...counts }),
      terminating,
      ...(isIndexed && sight.succeededIndexes.size > 0
        ? { completedIndexes: formatIndexes(sight.succeededIndexes) }
        : {}),
      ...(sight.failedIndexes === undefined ? {} : { failedIndexes: formatIndexes(sight.failedIndexes) }),
      uncountedTerminatedPods: {},
      ready: left.filter((pod) => isActive(pod) && isReady(pod)).length,
    };
    const current = jobs.get(job.metadata.namespace, job.metadata.name);
    if (current !== undefined && current.metadata.uid === job.metadata.uid) jobs.updateStatus(current, status);
    if (conditions.length > (job.status?.conditions ?? []).length) tellEnd(job, conditions, status);
    if (failure !== undefined) throw failure;
    return soonest([againMs, deadlineIn(job, startTime)]);
  }

  /** An end that was announced stays; else the Job is judged anew. */
  function endOf(job: Job, sight: Sight, startTime: string | undefined): ReturnType<typeof decideJob> {
    const met = findCondition(job.status?.conditions, 'SuccessCriteriaMet');
    if (met?.status === 'True') {
      return { do: 'succeed', reason: (met.reason ?? '') as 'SuccessPolicy', message: met.message ?? '' };
    }
    const target = findCondition(job.status?.conditions, 'FailureTarget');
    if (target?.status === 'True') {
      return { do: 'fail', reason: (target.reason ?? '') as 'PodFailurePolicy', message: target.message ?? '' };
    }
    return decide(job, sight, startTime);
  }

  /** Counts pods that have ended since the last pass, then lets them go. */
  function countEnded(
    job: Job,
    sight: Sight,
    isFailure: boolean,
    isOver: boolean,
  ): { readonly succeeded: number; readonly failed: number } {
    const isIndexed = job.spec.completionMode === 'Indexed';
    let failed = job.status?.failed ?? 0;
    const kept = new Set([...sight.retried.values()].map(({ metadata }) => metadata.uid));
    const failures = new Set(sight.failed.map(({ metadata }) => metadata.uid));
    for (const pod of sight.pods.filter(isTracked)) {
      const hasEnded = pod.status?.phase === 'Succeeded' || hasFailed(job, pod);
      const isHeld = kept.has(pod.metadata.uid) && !isOver;
      if ((!hasEnded && !isOver && job.metadata.deletionTimestamp === undefined) || isHeld) continue;
      release(pod);
      if (pod.status?.phase === 'Succeeded') continue;
      const isFailed = failures.has(pod.metadata.uid) || (isFailure && !hasEnded);
      if (isFailed && matchPodFailurePolicy(job.spec.podFailurePolicy, pod).isCounted) failed += 1;
    }
    const newlyFailed = sight.failed.filter(({ metadata }) => !kept.has(metadata.uid));
    const id = job.metadata.uid ?? '';
    backOffs.set(id, countEndings(recordOf(job), sight.succeeded, newlyFailed));
    const succeeded = isIndexed ? sight.succeededIndexes.size : (job.status?.succeeded ?? 0) + sight.succeeded.length;
    return { succeeded, failed };
  }

  function tellEnd(job: Job, conditions: readonly Condition[], status: JobStatus): void {
    const end = finishedCondition({ ...job, status: { conditions } });
    if (end === undefined || isJobFinished(job)) return;
    if (end.type === 'Failed') {
      tell(job, 'Warning', end.reason ?? '', end.message ?? '');
      return;
    }
    if ((status.succeeded ?? 0) > (job.spec.completions ?? Number.POSITIVE_INFINITY)) {
      const message = 'Too many succeeded pods running after completion count reached';
      tell(job, 'Warning', 'TooManySucceededPods', message);
    }
    tell(job, 'Normal', 'Completed', 'Job completed');
  }

  function deadlineIn(job: Job, startTime: string | undefined): number | undefined {
    if (job.spec.activeDeadlineSeconds === undefined || startTime === undefined) return undefined;
    const leftMs = Date.parse(startTime) + job.spec.activeDeadlineSeconds * 1000 - clock.now();
    return leftMs > 0 ? leftMs : undefined;
  }

  /** A finished Job with a time to live is deleted, with its pods, when that is over. */
  function expire(job: Job): number | undefined {
    const ttl = job.spec.ttlSecondsAfterFinished;
    if (ttl === undefined || job.metadata.deletionTimestamp !== undefined) return undefined;
    const leftMs = Date.parse(finishedCondition(job)?.lastTransitionTime ?? '') + ttl * 1000 - clock.now();
    if (Number.isNaN(leftMs)) return undefined;
    if (leftMs > 0) return leftMs;
    jobs.delete(job, { propagationPolicy: 'Foreground' });
    return undefined;
  }

  /** Nobody counts the pods of a Job that is over or gone; nothing may hold them. */
  function releaseAll(key: string): void {
    for (const pod of tracked.get(key)) release(pod);
  }

  return {
    name: 'job',
    keysOf: keysByResource({
      'jobs.batch': ownKey,
      pods: (object, change) => [...controllerKeys('Job')(object, change), ...trackedBy(object as Pod)],
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const job = jobs.get(namespace, name);
      if (job === undefined) {
        releaseAll(key);
        return undefined;
      }
      if (job.spec.managedBy !== undefined && job.spec.managedBy !== ownName) return undefined;
      if (isJobFinished(job)) {
        backOffs.delete(job.metadata.uid ?? '');
        releaseAll(key);
        return expire(job);
      }
      return run(job);
    },
  };
}

/** The key of the Job that counts the pod or, when it was orphaned, did. */
function trackedBy(pod: Pod): readonly string[] {
  if (!isTracked(pod)) return [];
  const owner = controllerOf(pod);
  if (owner !== undefined && owner.kind !== 'Job') return [];
  const name = owner?.name ?? pod.metadata.labels?.['batch.kubernetes.io/job-name'];
  return name === undefined ? [] : [`${pod.metadata.namespace ?? ''}/${name}`];
}

function isEnding(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp !== undefined;
}

function completionsOf(job: Job): number | undefined {
  // With neither number the defaults are one and one; with parallelism alone it is a work queue.
  if (job.spec.completions === undefined && job.spec.parallelism === undefined) return 1;
  return job.spec.completions;
}

function indexedPrefix(job: string, index: number): string {
  const suffix = `-${index}-`;
  return `${job.slice(0, 58 - suffix.length)}${suffix}`;
}

function soonest(waits: readonly (number | undefined)[]): number | undefined {
  const known = waits.filter((wait) => wait !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
