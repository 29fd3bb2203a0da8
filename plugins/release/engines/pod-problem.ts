import type { PodObject } from 'longshore/plugins/compute';

/** Reasons of a waiting container that no patience cures (kubelet's `kuberuntime` and `images/types.go`). */
const hopeless = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
]);

/** So often a container may end and begin again before it counts as broken, whatever state it is caught in. */
const manyRestarts = 3;
/** State of an in-place update (OpenKruise): it restarts containers, so what they count says nothing about them. */
const inPlaceState = 'apps.kruise.io/inplace-update-state';

type ContainerStatus = NonNullable<NonNullable<PodObject['status']>['containerStatuses']>[number];

/** Why a pod will not come up by itself; undefined while that is open. */
export function problemOf(pod: PodObject): string | undefined {
  const { status, metadata } = pod;
  if (status?.phase === 'Failed') return told(status.reason ?? 'Failed', status.message);
  const wasUpdatedInPlace = metadata.annotations?.[inPlaceState] !== undefined;
  for (const container of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    const { waiting } = container.state ?? {};
    if (waiting?.reason && hopeless.has(waiting.reason)) return ofContainer(container, waiting.reason, waiting.message);
    if (!wasUpdatedInPlace && isCrashing(container)) {
      const ended = container.state?.terminated ?? container.lastState?.terminated;
      return ofContainer(container, `restarted ${container.restartCount} times`, ended?.reason);
    }
  }
  return undefined;
}

function isCrashing({ ready, restartCount, state, lastState }: ContainerStatus): boolean {
  const exitCode = (state?.terminated ?? lastState?.terminated)?.exitCode;
  return !ready && restartCount >= manyRestarts && exitCode !== undefined && exitCode !== 0;
}

/** What a pod without a problem waits for, as far as the scheduler says. */
export function noteOf({ status }: PodObject): string | undefined {
  const scheduled = status?.conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status !== 'False') return undefined;
  return told(scheduled.reason ?? 'Unschedulable', scheduled.message);
}

const told = (reason: string, message: string | undefined): string => (message ? `${reason}: ${message}` : reason);
const ofContainer = ({ name }: ContainerStatus, reason: string, message: string | undefined): string =>
  `container ${name}: ${told(reason, message)}`;
