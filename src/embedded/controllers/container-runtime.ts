import type { ContainerState } from './kubernetes-shapes.ts';

/**
 * Where a simulated container stands between two looks of its kubelet. `idle` waits for its turn, `created` between
 * creation and start, `stopped` has ended and will be started again, `ended` will not.
 */
export type ContainerPhase =
  | 'idle'
  | 'pulling'
  | 'pull-failed'
  | 'pull-back-off'
  | 'misconfigured'
  | 'creating'
  | 'running'
  | 'stopped'
  | 'back-off'
  | 'ended';

export interface ContainerRuntime {
  readonly name: string;
  readonly image: string;
  readonly phase: ContainerPhase;
  /** When the phase is over, in milliseconds of the clock; infinity when only a change from outside ends it. */
  readonly dueAtMs: number;
  readonly state: ContainerState;
  readonly lastState: ContainerState;
  readonly containerId: string;
  readonly restartCount: number;
  /** Ends in a row that count for the back-off; a long run sets it back. */
  readonly crashes: number;
  readonly failedPulls: number;
  readonly startedAtMs: number;
  /** When the readiness probe first succeeds; infinity while the container does not run. */
  readonly readyAtMs: number;
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
    restartCount,
    crashes: 0,
    failedPulls: 0,
    startedAtMs: 0,
    readyAtMs: Number.POSITIVE_INFINITY,
  };
}
