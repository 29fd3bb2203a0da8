import type { ClusterObject } from '../../../store/types.ts';

/** Values are those of `status.phase` and of each container's phase; a request that ended, well or not, is Completed. */
export type RecreatePhase = 'Pending' | 'Recreating' | 'Succeeded' | 'Failed' | 'Completed';

export interface RecreateState {
  readonly name: string;
  readonly phase: RecreatePhase;
  readonly message?: string;
  readonly isKilled?: boolean;
}

export interface RecreateContainer {
  readonly name: string;
  /** What ran when the request was made. */
  readonly statusContext?: { readonly containerID: string; readonly restartCount: number };
}

export interface RecreateStrategy {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly orderedRecreate?: boolean;
  readonly forceRecreate?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly unreadyGracePeriodSeconds?: number;
  readonly minStartedSeconds?: number;
}

export interface ContainerRecreateRequest extends ClusterObject {
  readonly spec: {
    readonly podName: string;
    readonly containers: readonly RecreateContainer[];
    readonly strategy?: RecreateStrategy;
    readonly activeDeadlineSeconds?: number;
    readonly ttlSecondsAfterFinished?: number;
  };
  readonly status?: {
    readonly phase: RecreatePhase;
    readonly completionTime?: string;
    readonly message?: string;
    readonly containerRecreateStates?: readonly RecreateState[];
  };
}

export const podUidLabel = 'crr.apps.kruise.io/pod-uid';
export const nodeNameLabel = 'crr.apps.kruise.io/node-name';
/** On requests that are not done yet. */
export const activeLabel = 'crr.apps.kruise.io/active';
/** Finalizer while the pod is held unready, and annotation with the time since when. */
export const unreadyAcquired = 'crr.apps.kruise.io/unready-acquired';
