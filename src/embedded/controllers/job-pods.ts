import type { Job, Pod } from './kubernetes-shapes.ts';
import { isFinished } from './pod-state.ts';

/** Holds an ended pod until the Job has counted it, so that none is counted twice or forgotten. */
export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';

export function isJobFinished(job: Job): boolean {
  return (job.status?.conditions ?? []).some(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
}

/** A pod that was deleted while it ran has failed, as far as its Job is concerned. */
export function hasEnded(pod: Pod): boolean {
  return (
    isFinished(pod) || (pod.metadata.deletionTimestamp !== undefined && pod.metadata.deletionGracePeriodSeconds === 0)
  );
}

export function completionsOf(job: Job): number | undefined {
  // With neither number the defaults are one and one; with parallelism alone it is a work queue.
  if (job.spec.completions === undefined && job.spec.parallelism === undefined) return 1;
  return job.spec.completions;
}

export function indexOf(pod: Pod): number | undefined {
  const index = pod.metadata.annotations?.[indexAnnotation];
  return index === undefined ? undefined : Number(index);
}

export function withIndex(spec: Pod['spec'], index: number, job: string): Pod['spec'] {
  const environment = { name: 'JOB_COMPLETION_INDEX', value: String(index) };
  const containers = spec.containers.map((container) => ({
    ...container,
    env: [...(container.env ?? []), environment],
  }));
  return { ...spec, containers, hostname: `${job}-${index}` };
}

export function restartsOf(active: readonly Pod[]): number {
  return active
    .flatMap((pod) => pod.status?.containerStatuses ?? [])
    .reduce((sum, { restartCount }) => sum + restartCount, 0);
}

export function endedAtMs(pod: Pod): number {
  const ends = (pod.status?.containerStatuses ?? []).map(({ state }) => Date.parse(state.terminated?.finishedAt ?? ''));
  return Math.max(0, ...ends.filter((end) => !Number.isNaN(end)));
}
