import type { ContainerEnd, ContainerRuntime, KubeletEffect } from './container-runtime.ts';
import type { Container, LifecycleHandler } from './kubernetes-shapes.ts';
import type { ContainerProgram } from './read-simulation.ts';
import { timestamp } from './timestamp.ts';

const killed: ContainerEnd = { exitCode: 137, reason: 'Error' };

export interface StopRequest {
  readonly nowMs: number;
  readonly speed: number;
  /** The program is killed after this time, which includes its preStop hook. */
  readonly graceMs: number;
  /** How a program ends that obeys in time. */
  readonly end: ContainerEnd;
}

/** Asks a running container to end: first its preStop hook, then SIGTERM, and SIGKILL when the grace period is over. */
export function askToStop(
  spec: Container,
  runtime: ContainerRuntime,
  program: ContainerProgram,
  { nowMs, speed, graceMs, end }: StopRequest,
): ContainerRuntime {
  const neededMs = preStopMs(spec.lifecycle?.preStop) + program.stopMs;
  // A program that obeys within a second is not said to have been killed by a grace period below that.
  const isKilled = neededMs > graceMs && neededMs > 1_000;
  return {
    ...runtime,
    phase: 'stopping',
    dueAtMs: nowMs + Math.min(neededMs, graceMs) / speed,
    stop: isKilled ? killed : end,
    startup: undefined,
    readiness: undefined,
    liveness: undefined,
  };
}

/** Shortens the time a stopping container has left; what is cut off is killed. */
export function hasten(runtime: ContainerRuntime, deadlineMs: number): ContainerRuntime {
  if (runtime.phase !== 'stopping' || runtime.dueAtMs <= deadlineMs) return runtime;
  return { ...runtime, dueAtMs: deadlineMs, stop: killed };
}

/** The container has ended and is not started again. */
export function endContainer(runtime: ContainerRuntime, end: ContainerEnd, nowMs: number): ContainerRuntime {
  return {
    ...runtime,
    phase: 'ended',
    dueAtMs: Number.POSITIVE_INFINITY,
    readyAtMs: Number.POSITIVE_INFINITY,
    hasStartedUp: false,
    startup: undefined,
    readiness: undefined,
    liveness: undefined,
    stop: undefined,
    state: terminatedState(runtime, end, nowMs),
  };
}

export function terminatedState(
  { state, startedAtMs, containerId }: ContainerRuntime,
  { exitCode, reason }: ContainerEnd,
  nowMs: number,
): ContainerRuntime['state'] {
  const startedAt = state.running?.startedAt ?? timestamp(startedAtMs);
  return { terminated: { exitCode, reason, startedAt, finishedAt: timestamp(nowMs), containerID: containerId } };
}

export function closeLog(container: string, exitCode: number): KubeletEffect {
  return { do: 'close-log', container, exitCode };
}

/** A hook that sleeps takes its time; what others do is done at once. */
function preStopMs(hook: LifecycleHandler | undefined): number {
  if (hook?.sleep !== undefined) return hook.sleep.seconds * 1000;
  const sleep = /(?:^|[\s;&/])sleep (\d+(?:\.\d+)?)/.exec((hook?.exec?.command ?? []).join(' '));
  return sleep === null ? 0 : Number(sleep[1]) * 1000;
}
