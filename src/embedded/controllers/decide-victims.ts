import type { Pod } from './kubernetes-shapes.ts';
import { controllerOf } from './owner-reference.ts';
import { isFinished, isReady } from './pod-state.ts';
import { findCondition } from './set-condition.ts';

const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';

/**
 * The pods a ReplicaSet ends first when it has `count` too many, by the rules of Kubernetes: without a node before
 * bound, pending before running, unready before ready, cheap before dear, crowded nodes first, then the youngest.
 * `neighbours` are all pods whose crowding counts.
 */
export function decideVictims(
  active: readonly Pod[],
  neighbours: readonly Pod[],
  count: number,
  nowMs: number,
): readonly Pod[] {
  const owner = active[0] === undefined ? undefined : controllerOf(active[0])?.uid;
  const crowding = new Map<string, number>();
  for (const pod of neighbours) {
    if (isFinished(pod) || controllerOf(pod)?.uid !== owner) continue;
    const node = pod.spec.nodeName ?? '';
    crowding.set(node, (crowding.get(node) ?? 0) + 1);
  }
  return active
    .map((pod) => ({ pod, rank: rankOf(pod, crowding, nowMs) }))
    .sort((left, right) => compareRanks(left.rank, right.rank))
    .slice(0, Math.max(0, count))
    .map(({ pod }) => pod);
}

/** The lower, the sooner it goes. */
function rankOf(pod: Pod, crowding: ReadonlyMap<string, number>, nowMs: number): readonly number[] {
  const restarts = (pod.status?.containerStatuses ?? []).reduce(
    (most, status) => Math.max(most, status.restartCount),
    0,
  );
  return [
    (pod.spec.nodeName ?? '') === '' ? 0 : 1,
    pod.status?.phase === 'Running' ? 1 : 0,
    isReady(pod) ? 1 : 0,
    deletionCost(pod),
    -(crowding.get(pod.spec.nodeName ?? '') ?? 0),
    ageRank(findCondition(pod.status?.conditions, 'Ready')?.lastTransitionTime, nowMs),
    -restarts,
    ageRank(pod.metadata.creationTimestamp, nowMs),
  ];
}

function deletionCost(pod: Pod): number {
  const cost = Number(pod.metadata.annotations?.[deletionCostAnnotation] ?? 0);
  return Number.isInteger(cost) ? cost : 0;
}

/** Ages count by orders of magnitude, so that pods of about the same age are equals. */
function ageRank(since: string | undefined, nowMs: number): number {
  const age = nowMs - Date.parse(since ?? '');
  return Number.isNaN(age) ? 0 : Math.floor(Math.log2(Math.max(1, age / 1000)));
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (const [index, rank] of left.entries()) {
    const difference = rank - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
