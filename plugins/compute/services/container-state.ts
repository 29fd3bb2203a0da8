import type { ContainerState } from './containers.ts';

/** One state of a container, flattened: a console shows one line and not three alternatives. */
export interface ContainerStateFacts {
  readonly state: 'WAITING' | 'RUNNING' | 'TERMINATED' | 'UNKNOWN';
  /** One word, e.g. `CrashLoopBackOff`, `OOMKilled`, `Completed`. */
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly startedAt: string | undefined;
  readonly finishedAt: string | undefined;
  readonly exitCode: number | undefined;
  readonly signal: number | undefined;
}

const nothing = {
  reason: undefined,
  message: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  exitCode: undefined,
  signal: undefined,
};

/** Of a container without any state the kubelet means that it waits; before the kubelet spoke nothing is known. */
export function describeContainerState(state: ContainerState | undefined): ContainerStateFacts {
  if (state?.running) return { ...nothing, state: 'RUNNING', startedAt: state.running.startedAt };
  if (state?.terminated) {
    const { reason, message, startedAt, finishedAt, exitCode, signal } = state.terminated;
    return { state: 'TERMINATED', reason, message, startedAt, finishedAt, exitCode, signal };
  }
  if (state) return { ...nothing, state: 'WAITING', reason: state.waiting?.reason, message: state.waiting?.message };
  return { ...nothing, state: 'UNKNOWN' };
}
