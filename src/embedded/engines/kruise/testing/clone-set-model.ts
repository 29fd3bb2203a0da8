import { type CloneSetPod, isAvailable } from '../clone-set/clone-set-pod.ts';
import { type CloneSetWish, decideNumbers } from '../clone-set/decide-numbers.ts';
import { decideScale } from '../clone-set/decide-scale.ts';
import { decideUpdates } from '../clone-set/decide-updates.ts';

export interface Model {
  readonly wish: CloneSetWish;
  readonly inPlace: boolean;
  readonly pods: readonly CloneSetPod[];
  readonly made: number;
}

/** A pod that works, at the old revision. */
export function oldPod(name: string): CloneSetPod {
  return {
    name,
    labels: {},
    isUpdated: false,
    state: 'Normal',
    isReady: true,
    hasBeenReady: true,
    isSpecified: false,
    isHeldFromDeletion: false,
    isInGrace: false,
  };
}

/** One pass of the controller: it scales or it updates. The same model when there is nothing to do, or to wait for. */
export function runPass(model: Model): Model {
  const { wish, pods } = model;
  const numbers = decideNumbers(wish, pods);
  const rank = (candidates: readonly CloneSetPod[]): readonly CloneSetPod[] =>
    [...candidates].sort((left, right) => Number(isAvailable(left)) - Number(isAvailable(right)));
  const steps = decideScale({ replicas: wish.replicas, numbers, pods, rank, neverCallsBack: false });
  if (steps.length > 0) {
    const gone = new Set(steps.map((step) => (step.do === 'delete' ? step.pod : undefined)));
    const added = steps.flatMap((step) => {
      if (step.do !== 'create') return [];
      return Array.from({ length: step.old + step.updated }, (_, at) =>
        unready({ ...oldPod(`new-${model.made + at}`), isUpdated: at >= step.old, state: 'PreparingNormal' }),
      );
    });
    const kept = pods.filter(({ name }) => !gone.has(name));
    return { ...model, pods: [...kept, ...added], made: model.made + added.length };
  }
  const chosen = new Set(decideUpdates({ numbers, pods: rank(pods), priority: undefined, scatter: [] }));
  if (chosen.size === 0) return model;
  return {
    ...model,
    pods: pods.map((pod) => {
      if (!chosen.has(pod)) return pod;
      return model.inPlace ? unready({ ...pod, isUpdated: true, state: 'Updating' }) : { ...pod, isSpecified: true };
    }),
  };
}

/** The kubelet brings up the pods that `isDue` picks. */
export function bringUp(model: Model, isDue: (at: number) => boolean): Model {
  return {
    ...model,
    pods: model.pods.map((pod, at) =>
      isAvailable(pod) || !isDue(at) ? pod : { ...pod, state: 'Normal', isReady: true, hasBeenReady: true },
    ),
  };
}

export function availableIn({ pods }: Model): number {
  return pods.filter(isAvailable).length;
}

function unready(pod: CloneSetPod): CloneSetPod {
  return { ...pod, isReady: false, hasBeenReady: false };
}
