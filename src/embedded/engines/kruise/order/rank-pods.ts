import type { Pod } from '../../../controllers/kubernetes-shapes.ts';
import { isReady } from '../../../controllers/pod-state.ts';
import { findCondition } from '../../../controllers/set-condition.ts';

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The least useful first: without a node before bound, pending before running, unready before ready, then the one that
 * was made ready last, the one with the most restarts, the youngest. So pods are updated (`pkg/controller` ActivePods).
 */
export function rankForUpdate(pods: readonly Pod[]): Pod[] {
  return ranked(pods, (pod) => [...placeOf(pod), isReady(pod) ? 1 : 0, ...ageOf(pod)]);
}

/** So pods are given up: as they are updated, but cheap before dear, and of the pods of one node all but the best first. */
export function rankForDeletion(pods: readonly Pod[], isAvailable: (pod: Pod) => boolean): Pod[] {
  const crowding = new Map<Pod, number>();
  const byNode = Map.groupBy(
    pods.filter(({ spec }) => (spec.nodeName ?? '') !== ''),
    ({ spec }) => spec.nodeName,
  );
  for (const neighbours of byNode.values()) {
    const sorted = rankForUpdate(neighbours);
    for (const [at, pod] of sorted.entries()) crowding.set(pod, sorted.length - 1 - at);
  }
  return ranked(pods, (pod) => [
    ...placeOf(pod),
    isAvailable(pod) ? 1 : 0,
    isReady(pod) ? 1 : 0,
    deletionCostOf(pod),
    -(crowding.get(pod) ?? 0),
    ...ageOf(pod),
  ]);
}

function placeOf({ spec, status }: Pod): readonly number[] {
  return [(spec.nodeName ?? '') === '' ? 0 : 1, phases[status?.phase ?? ''] ?? 0];
}

function ageOf(pod: Pod): readonly number[] {
  const restarts = (pod.status?.containerStatuses ?? []).map(({ restartCount }) => restartCount);
  const readySince = isReady(pod) ? findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime : undefined;
  return [youth(readySince), -Math.max(0, ...restarts), youth(pod.metadata.creationTimestamp)];
}

/** The later, the lower; what has no time counts as latest. */
function youth(since: string | undefined): number {
  const time = Date.parse(since ?? '');
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : -time;
}

function deletionCostOf({ metadata }: Pod): number {
  const text = metadata.annotations?.[deletionCostAnnotation] ?? '';
  return /^(?:0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

function ranked(pods: readonly Pod[], rankOf: (pod: Pod) => readonly number[]): Pod[] {
  return pods
    .map((pod) => ({ pod, rank: rankOf(pod) }))
    .sort((left, right) => compare(left.rank, right.rank))
    .map(({ pod }) => pod);
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (const [at, rank] of left.entries()) {
    const other = right[at] ?? 0;
    if (rank !== other) return rank < other ? -1 : 1;
  }
  return 0;
}
