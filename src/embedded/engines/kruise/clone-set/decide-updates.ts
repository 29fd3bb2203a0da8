import type { PriorityStrategy, ScatterTerm } from '../kinds.ts';
import { scatterPods } from '../order/scatter-pods.ts';
import { sortByPriority } from '../order/sort-by-priority.ts';
import { type CloneSetPod, isAvailable } from './clone-set-pod.ts';
import type { CloneSetNumbers } from './decide-numbers.ts';

export interface UpdateInput {
  readonly numbers: CloneSetNumbers;
  /** In the order in which pods are updated unless the strategies say otherwise: the least useful first. */
  readonly pods: readonly CloneSetPod[];
  readonly priority: PriorityStrategy | undefined;
  readonly scatter: readonly ScatterTerm[];
}

/**
 * The old pods that are updated now, in their order: as many as the partition leaves, and while no more are unavailable
 * than may be, of all pods as of the updated ones. A pod that is unavailable anyway costs nothing.
 */
export function decideUpdates({ numbers, pods, priority, scatter }: UpdateInput): readonly CloneSetPod[] {
  const waiting = pods.filter((pod) => !pod.isUpdated && pod.state !== 'PreparingDelete' && isFree(pod));
  const sorted = scatterPods(sortByPriority(waiting, priority), pods, scatter);
  // Pods that were already told to prepare come first.
  const isPreparing = ({ state }: CloneSetPod): boolean => state === 'PreparingUpdate';
  const ordered = [...sorted.filter(isPreparing), ...sorted.filter((pod) => !isPreparing(pod))];

  let unavailable = pods.filter((pod) => !isAvailable(pod)).length;
  const unavailableUpdated = pods.filter((pod) => pod.isUpdated && !isAvailable(pod)).length;
  const chosen: CloneSetPod[] = [];
  for (const pod of ordered.slice(0, numbers.outdated)) {
    if (unavailableUpdated + chosen.length >= numbers.updateMaxUnavailable) break;
    if (isAvailable(pod)) {
      if (unavailable >= numbers.updateMaxUnavailable) break;
      unavailable += 1;
    }
    chosen.push(pod);
  }
  return chosen;
}

/** One that still waits for its images to be changed is not changed again. */
function isFree({ isInGrace, state }: CloneSetPod): boolean {
  return state === 'Updated' || !isInGrace;
}
