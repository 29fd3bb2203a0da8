import type { Pod } from '../../controllers/kubernetes-shapes.ts';
import type { Lifecycle, LifecycleHook } from './kinds.ts';

/** Where a pod stands, as its label tells; the empty text for pods that were made by others and adopted. */
export type LifecycleState =
  | ''
  | 'PreparingNormal'
  | 'Normal'
  | 'PreparingUpdate'
  | 'Updating'
  | 'Updated'
  | 'PreparingDelete';

export const stateLabel = 'lifecycle.apps.kruise.io/state';
export const stateTimeAnnotation = 'lifecycle.apps.kruise.io/timestamp';
export const specifiedDeleteLabel = 'apps.kruise.io/specified-delete';

const states: ReadonlySet<string> = new Set<LifecycleState>([
  'PreparingNormal',
  'Normal',
  'PreparingUpdate',
  'Updating',
  'Updated',
  'PreparingDelete',
]);

export function stateOf({ metadata }: Pod): LifecycleState {
  const state = metadata.labels?.[stateLabel] ?? '';
  return states.has(state) ? (state as LifecycleState) : '';
}

/** Whether anything of the hook is on the pod, which then holds it back. */
export function isHooked(hook: LifecycleHook | undefined, { metadata }: Pod): boolean {
  if (hook === undefined) return false;
  return (
    (hook.finalizersHandler ?? []).some((finalizer) => metadata.finalizers?.includes(finalizer) === true) ||
    Object.entries(hook.labelsHandler ?? {}).some(([key, value]) => metadata.labels?.[key] === value)
  );
}

/** Whether everything of the hook is on the pod, which is how somebody says that it may go on. */
export function isFullyHooked(hook: LifecycleHook | undefined, { metadata }: Pod): boolean {
  if (hook === undefined) return false;
  return (
    (hook.finalizersHandler ?? []).every((finalizer) => metadata.finalizers?.includes(finalizer) === true) &&
    Object.entries(hook.labelsHandler ?? {}).every(([key, value]) => metadata.labels?.[key] === value)
  );
}

/** A pod that was made unready for its end is not given back to its users. */
export function marksPodsUnready(lifecycle: Lifecycle | undefined): boolean {
  return lifecycle?.preDelete?.markPodNotReady === true || lifecycle?.inPlaceUpdate?.markPodNotReady === true;
}

export interface StateChange {
  readonly state: LifecycleState;
  readonly lifecycle: Lifecycle | undefined;
  readonly isScheduled: boolean;
  /** Whether its containers run what they should; asked only where it matters. */
  readonly isFullyUpdated: () => boolean;
  /** Whether the pod is labelled with the revision that pods are updated to. */
  readonly isAtUpdateRevision: boolean;
  /** Pods of StatefulSets become Normal at once, those of CloneSets when they have a node. */
  readonly waitsForNode: boolean;
}

/** The state that the pod has reached by itself; undefined while it stays where it is. */
export function decideState(pod: Pod, change: StateChange): LifecycleState | undefined {
  const { lifecycle, state } = change;
  const afterUpdate = (): LifecycleState =>
    lifecycle !== undefined && !isFullyHooked(lifecycle.inPlaceUpdate, pod) ? 'Updated' : 'Normal';
  switch (state) {
    case 'PreparingNormal': {
      const hook = lifecycle?.preNormal;
      const isLetGo = hook === undefined ? change.isScheduled || !change.waitsForNode : isFullyHooked(hook, pod);
      return isLetGo ? 'Normal' : undefined;
    }
    case 'PreparingUpdate':
      // Its template was taken back while it waited: there is nothing to update any more.
      return change.isAtUpdateRevision ? afterUpdate() : undefined;
    case 'Updating':
      return change.isFullyUpdated() ? afterUpdate() : undefined;
    case 'Updated':
      return lifecycle?.inPlaceUpdate === undefined || isFullyHooked(lifecycle.inPlaceUpdate, pod)
        ? 'Normal'
        : undefined;
    default:
      return undefined;
  }
}
