import type { LifecycleState } from '../lifecycle.ts';

/** A pod of a CloneSet, neither ended nor ending, as far as decisions about it are concerned. */
export interface CloneSetPod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it is at the revision that pods are updated to. */
  readonly isUpdated: boolean;
  readonly state: LifecycleState;
  /** Running, ready, and not made unready for an update in place. */
  readonly isReady: boolean;
  /** Ready for long enough. */
  readonly hasBeenReady: boolean;
  /** Named in `podsToDelete` or labelled `apps.kruise.io/specified-delete`. */
  readonly isSpecified: boolean;
  /** Held back by the hook before deletion. */
  readonly isHeldFromDeletion: boolean;
  /** Waits unready for its images to be changed. */
  readonly isInGrace: boolean;
}

/** Whether its users may count on the pod. One in the middle of a hook or an update is not available, however ready. */
export function isAvailable(pod: CloneSetPod): boolean {
  return pod.hasBeenReady && isSettled(pod);
}

export function isSettled({ state }: CloneSetPod): boolean {
  return state === '' || state === 'Normal';
}
