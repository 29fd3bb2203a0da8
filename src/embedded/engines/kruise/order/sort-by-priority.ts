import { matchesSelector } from '../../../controllers/matches-selector.ts';
import type { PriorityStrategy } from '../kinds.ts';

export interface LabelledPod {
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Pods in the order in which a priorityStrategy updates them: the greater sum of weights first, or, where keys are
 * ordered, pods without any of the keys, then by the first key that a pod has, the greater number at its value's end
 * first. Equals keep their order.
 */
export function sortByPriority<T extends LabelledPod>(pods: readonly T[], strategy: PriorityStrategy | undefined): T[] {
  const weights = strategy?.weightPriority ?? [];
  const keys = (strategy?.orderPriority ?? []).map(({ orderedKey }) => orderedKey);
  if (weights.length > 0) {
    const weightOf = ({ labels }: T): number =>
      weights.reduce(
        (sum, { weight, matchSelector }) => sum + (matchesSelector(matchSelector, labels) ? weight : 0),
        0,
      );
    return ranked(pods, (pod) => [-weightOf(pod)]);
  }
  if (keys.length === 0) return [...pods];
  return ranked(pods, ({ labels }) => {
    const level = keys.findIndex((key) => labels[key] !== undefined);
    const value = labels[keys[level] ?? ''] ?? '';
    return [level, -Number(/\d*$/.exec(value)?.[0] ?? 0)];
  });
}

/** Sorted by rank, the lowest first; ranks are worked out once. */
function ranked<T>(pods: readonly T[], rankOf: (pod: T) => readonly [number, ...number[]]): T[] {
  return pods
    .map((pod) => ({ pod, rank: rankOf(pod) }))
    .sort((left, right) => left.rank[0] - right.rank[0] || (left.rank[1] ?? 0) - (right.rank[1] ?? 0))
    .map(({ pod }) => pod);
}
