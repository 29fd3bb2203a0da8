import { enumValue } from 'longshore/sdk';
import type { PodObject } from '../api.ts';

export const podPhases = {
  Pending: 'PENDING',
  Running: 'RUNNING',
  Succeeded: 'SUCCEEDED',
  Failed: 'FAILED',
  Unknown: 'UNKNOWN',
} as const;
export type PodPhase = (typeof podPhases)[keyof typeof podPhases];

export function phaseOf(pod: PodObject): PodPhase {
  return enumValue(podPhases, pod.status?.phase);
}

/** In one word for a list (CMP-83): its phase, unless it ends, or runs without taking traffic. */
export const podStates = {
  PENDING: 'It waits for a node, a volume or an image.',
  RUNNING: 'It runs and is ready.',
  NOT_READY: 'It runs, but is not ready: its containers start, fail, or do not answer their probes.',
  TERMINATING: 'Somebody deleted it, and it is not gone yet.',
  SUCCEEDED: 'All its containers have ended with success and stay so.',
  FAILED: 'All its containers have ended, at least one without success.',
  UNKNOWN: 'Its node has not been heard, or the phase is one that this version does not know.',
} as const;
export type PodState = keyof typeof podStates;

export function podStateOf(pod: PodObject): PodState {
  const phase = phaseOf(pod);
  if (phase === 'SUCCEEDED' || phase === 'FAILED') return phase;
  if (pod.metadata.deletionTimestamp !== undefined) return 'TERMINATING';
  return phase === 'RUNNING' && !isPodReady(pod) ? 'NOT_READY' : phase;
}

/** Whether its condition Ready is true: all containers are ready and all readiness gates open. */
export function isPodReady(pod: PodObject): boolean {
  return (
    pod.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
  );
}

/** RFC 3339: when the scheduler bound it to a node. */
export function scheduledAtOf(pod: PodObject): string | undefined {
  return pod.status?.conditions?.find((condition) => condition.type === 'PodScheduled' && condition.status === 'True')
    ?.lastTransitionTime;
}

/**
 * The most telling sentence on why the pod is not as it should be: its own message, that of a container that waits or
 * has failed, or what the scheduler says.
 */
export function messageOf(pod: PodObject): string | undefined {
  const { status } = pod;
  if (status?.message) return status.message;
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const { waiting, terminated } = container.state ?? {};
    const message = waiting?.message || (terminated && terminated.exitCode !== 0 ? terminated.message : undefined);
    if (message) return message;
  }
  return status?.conditions?.find((condition) => condition.type === 'PodScheduled' && condition.status === 'False')
    ?.message;
}
