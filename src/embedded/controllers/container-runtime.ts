import type { ContainerState, ResourceRequirements } from './kubernetes-shapes.ts';

/**
 * Where a simulated container stands between two looks of its kubelet. `idle` waits for its turn, `stopping` has been
 * asked to end, `stopped` has ended and will be started again, `ended` will not.
 */
export type ContainerPhase =
  | 'idle'
  | 'pulling'
  | 'pull-failed'
  | 'pull-back-off'
  | 'misconfigured'
  | 'creating'
  | 'running'
  | 'stopping'
  | 'stopped'
  | 'back-off'
  | 'ended';

/** `ephemeral` containers come later, are never restarted and count for nothing. */
export type ContainerRole = 'init' | 'main' | 'ephemeral';

/** A probe that is still of interest: one that always succeeds from now on is not run at all. */
export interface ProbeRun {
  readonly dueAtMs: number;
  /** In a row. */
  readonly failures: number;
  readonly successes: number;
}

export interface ContainerRuntime {
  readonly name: string;
  readonly image: string;
  readonly phase: ContainerPhase;
  /** When something happens next, in milliseconds of the clock; infinity when only a change from outside does. */
  readonly dueAtMs: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly containerId: string;
  /** Image of the container that was created last; the spec may name another by now. */
  readonly createdImage: string;
  readonly restartCount: number;
  /** Ends in a row that count for the back-off; a long run sets it back. */
  readonly crashes: number;
  readonly failedPulls: number;
  readonly startedAtMs: number;
  /** When the program ends by itself. */
  readonly exitAtMs: number;
  /** Whether the startup probe, if there is one, has succeeded. */
  readonly hasStartedUp: boolean;
  /** When the readiness probe first succeeded; infinity while the container is not ready. */
  readonly readyAtMs: number;
  readonly startup: ProbeRun | undefined;
  readonly readiness: ProbeRun | undefined;
  readonly liveness: ProbeRun | undefined;
  /** How the container ends that is being stopped. */
  readonly stop: ContainerEnd | undefined;
}

export interface ContainerEnd {
  readonly exitCode: number;
  readonly reason: string;
}

/** Why a pod has failed as a whole, such as `DeadlineExceeded` or `Evicted`. */
export interface PodFailure {
  readonly reason: string;
  readonly message: string;
}

/** A change of resources in place that is not done yet, as the conditions PodResizePending and PodResizeInProgress say. */
export interface PodResize {
  readonly condition: 'PodResizePending' | 'PodResizeInProgress';
  readonly reason?: 'Deferred';
  readonly message?: string;
  /** When it is done, if it is in progress. */
  readonly doneAtMs: number;
}

export interface PodRuntime {
  readonly uid: string;
  readonly startedAtMs: number;
  /** When the sandbox (network, volumes) is there and containers may begin. */
  readonly sandboxAtMs: number;
  /** How often mounting the volumes has failed, and when it is tried and told again. */
  readonly failedMounts: number;
  readonly mountAtMs: number;
  readonly podIP: string;
  readonly hostIP: string;
  readonly init: readonly ContainerRuntime[];
  readonly main: readonly ContainerRuntime[];
  readonly ephemeral: readonly ContainerRuntime[];
  readonly failure: PodFailure | undefined;
  /** What the node has set aside and given, by container; the spec may ask for something else by now. */
  readonly allocated: Readonly<Record<string, ResourceRequirements>>;
  readonly actual: Readonly<Record<string, ResourceRequirements>>;
  readonly resize: PodResize | undefined;
  /** When the pod was asked to end; undefined while it is to run. */
  readonly stoppedAtMs: number | undefined;
}

/** What happened while time passed, for the kubelet to carry out. */
export type KubeletEffect =
  | {
      readonly do: 'record-event';
      readonly type: 'Normal' | 'Warning';
      readonly reason: string;
      readonly message: string;
      readonly fieldPath: string | undefined;
    }
  | { readonly do: 'keep-image'; readonly image: string }
  | { readonly do: 'open-log'; readonly container: string }
  | { readonly do: 'close-log'; readonly container: string; readonly exitCode: number };

export function newContainerRuntime(
  name: string,
  image: string,
  waitingReason: string,
  restartCount: number,
): ContainerRuntime {
  return {
    name,
    image,
    phase: 'idle',
    dueAtMs: 0,
    state: { waiting: { reason: waitingReason } },
    lastState: {},
    containerId: '',
    createdImage: '',
    restartCount,
    crashes: 0,
    failedPulls: 0,
    startedAtMs: 0,
    exitAtMs: Number.POSITIVE_INFINITY,
    hasStartedUp: false,
    readyAtMs: Number.POSITIVE_INFINITY,
    startup: undefined,
    readiness: undefined,
    liveness: undefined,
    stop: undefined,
  };
}
