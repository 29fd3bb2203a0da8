import type { Condition, Job, Pod } from './kubernetes-shapes.ts';
import { matchPodFailurePolicy } from './match-pod-failure-policy.ts';

/** Holds an ended pod until the Job has counted it, so that none is counted twice or forgotten. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
export const indexFailuresAnnotation = 'batch.kubernetes.io/job-index-failure-count';
export const indexIgnoredFailuresAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';

/** The condition that says how the Job ended; undefined while it has not. */
export function finishedCondition(job: Job): Condition | undefined {
  return (job.status?.conditions ?? []).find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

export function isJobFinished(job: Job): boolean {
  return finishedCondition(job) !== undefined;
}

export function isTracked(pod: Pod): boolean {
  return (pod.metadata.finalizers ?? []).includes(trackingFinalizer);
}

/** Whether a new pod comes only when the old one has ended, and not already when it is being deleted. */
export function replacesOnlyFailed(job: Job): boolean {
  return job.spec.podReplacementPolicy === 'Failed' || job.spec.podFailurePolicy !== undefined;
}

/** A pod that is deleted before it ended has failed as far as its Job is concerned, unless replacements wait for it. */
export function hasFailed(job: Job, pod: Pod): boolean {
  if (pod.status?.phase === 'Failed') return true;
  if (replacesOnlyFailed(job)) return false;
  return pod.metadata.deletionTimestamp !== undefined && pod.status?.phase !== 'Succeeded';
}

/** The completion index of a pod of an indexed Job; undefined when it has none or one beyond the completions. */
export function indexOf(job: Job, pod: Pod): number | undefined {
  const index = Number(pod.metadata.annotations?.[indexAnnotation] ?? Number.NaN);
  return Number.isInteger(index) && index < (job.spec.completions ?? 0) ? index : undefined;
}

/** How often this index had failed before this pod. */
export function failuresBefore(pod: Pod): { readonly counted: number; readonly ignored: number } {
  const read = (name: string): number => Number(pod.metadata.annotations?.[name] ?? 0) || 0;
  return { counted: read(indexFailuresAnnotation), ignored: read(indexIgnoredFailuresAnnotation) };
}

/** Whether with this pod its index has failed for good. */
export function failsIndex(job: Job, pod: Pod): boolean {
  if (!hasFailed(job, pod)) return false;
  const { action, isCounted } = matchPodFailurePolicy(job.spec.podFailurePolicy, pod);
  if (action === 'FailIndex') return true;
  return isCounted && failuresBefore(pod).counted >= (job.spec.backoffLimitPerIndex ?? 0);
}

/** The pod spec of one index: its number in the environment and in the host name. */
export function withIndex(spec: Pod['spec'], index: number, job: string): Pod['spec'] {
  const fieldRef = { apiVersion: 'v1', fieldPath: `metadata.labels['${indexAnnotation}']` };
  const variable = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef } };
  const add = <T extends { readonly env?: readonly { readonly name: string }[] }>(container: T): T => {
    if (container.env?.some(({ name }) => name === variable.name) === true) return container;
    return { ...container, env: [...(container.env ?? []), variable] };
  };
  return {
    ...spec,
    ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(add) }),
    containers: spec.containers.map(add),
    hostname: `${job}-${index}`,
  };
}

/** Restarts of containers in place, of pods that have not ended. */
export function restartsOf(pods: readonly Pod[]): number {
  return pods
    .filter(({ status }) => status?.phase === 'Running' || status?.phase === 'Pending')
    .flatMap(({ status }) => [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** When the pod ended: by its containers, else by its Ready condition, its deletion or its creation. */
export function endedAtMs(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) =>
    Date.parse(state?.terminated?.finishedAt ?? ''),
  );
  if (ends.length > 0 && ends.every((end) => !Number.isNaN(end))) return Math.max(...ends);
  const notReady = (pod.status?.conditions ?? []).find(({ type, status }) => type === 'Ready' && status === 'False');
  const times = [notReady?.lastTransitionTime, pod.metadata.deletionTimestamp, pod.metadata.creationTimestamp];
  return times.map((time) => Date.parse(time ?? '')).find((time) => !Number.isNaN(time)) ?? 0;
}
