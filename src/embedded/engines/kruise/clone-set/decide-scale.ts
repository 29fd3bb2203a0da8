import type { CloneSetPod } from './clone-set-pod.ts';
import type { CloneSetNumbers } from './decide-numbers.ts';

export type ScaleStep =
  | { readonly do: 'create'; readonly old: number; readonly updated: number }
  | { readonly do: 'delete'; readonly pod: string }
  /** The pod is held back by a hook: it is told that it is to go. */
  | { readonly do: 'prepare-delete'; readonly pod: string }
  | { readonly do: 'cancel-delete'; readonly pod: string };

export interface ScaleInput {
  readonly replicas: number;
  readonly numbers: CloneSetNumbers;
  readonly pods: readonly CloneSetPod[];
  /** The names of these pods in the order in which pods are given up, the first the sooner. */
  readonly rank: (pods: readonly CloneSetPod[]) => readonly CloneSetPod[];
  /** A pod that a hook has made unready is not called back. */
  readonly neverCallsBack: boolean;
}

/**
 * What makes a CloneSet as large as it should be; nothing when it is, or has to wait. Pods are made, or some are
 * deleted, never both in one go: what was specified first, then the surplus, and of the ready ones only as many as may
 * be unavailable.
 */
export function decideScale(input: ScaleInput): readonly ScaleStep[] {
  const { numbers, pods } = input;
  const specified = pods.filter(({ isSpecified }) => isSpecified);
  const leaving = pods.filter(({ state }) => state === 'PreparingDelete');
  const planned = new Set([...specified, ...leaving]).size;

  // 1. Pods that were to go are called back where too many would be.
  const calledBack = input.neverCallsBack ? [] : callBack(leaving, input.replicas - pods.length + planned);
  if (calledBack.length > 0) return calledBack;

  // 2. Missing pods are made, those of the old revision first.
  if (numbers.missing > 0) {
    const old = Math.min(numbers.missingOld, numbers.creatable);
    return numbers.creatable === 0 ? [] : [{ do: 'create', old, updated: numbers.creatable - old }];
  }

  // 3. Pods whose hooks were waited for.
  const finished = deleteAll(leaving);
  if (finished.length > 0) return finished;

  // 4. Specified pods, and then the surplus.
  let limit = numbers.deletableReady;
  const within = (candidates: readonly CloneSetPod[]): readonly CloneSetPod[] =>
    candidates.filter(({ isReady, state }) => {
      // As long as it is prepared for something a pod is not available, so nobody counts on it.
      if (!isReady || (state !== '' && state !== 'Normal')) return true;
      limit -= 1;
      return limit >= 0;
    });
  const demanded = deleteAll(within(specified.filter(({ state }) => state !== 'PreparingDelete')));
  if (demanded.length > 0) return demanded;
  if (numbers.surplus === 0 || planned > 0) return [];
  return deleteAll(within(chooseSurplus(input)));
}

function callBack(leaving: readonly CloneSetPod[], count: number): readonly ScaleStep[] {
  return leaving
    .filter(({ isSpecified }) => !isSpecified)
    .slice(0, Math.max(0, count))
    .map(({ name }) => ({ do: 'cancel-delete', pod: name }));
}

function deleteAll(pods: readonly CloneSetPod[]): readonly ScaleStep[] {
  return pods.flatMap((pod): ScaleStep[] => {
    if (!pod.isHeldFromDeletion) return [{ do: 'delete', pod: pod.name }];
    return pod.state === 'PreparingDelete' ? [] : [{ do: 'prepare-delete', pod: pod.name }];
  });
}

/** The surplus of the old revision goes before that of the new one. */
function chooseSurplus({ numbers, pods, rank }: ScaleInput): readonly CloneSetPod[] {
  const fromOld = Math.min(numbers.surplusOld, numbers.surplus);
  const choose = (candidates: readonly CloneSetPod[], count: number): readonly CloneSetPod[] =>
    count === 0 ? [] : rank(candidates).slice(0, count);
  return [
    ...choose(
      pods.filter(({ isUpdated }) => !isUpdated),
      fromOld,
    ),
    ...choose(
      pods.filter(({ isUpdated }) => isUpdated),
      numbers.surplus - fromOld,
    ),
  ];
}
