import type { PodObject } from '../api.ts';
import { enumValue } from './enum-value.ts';

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
