import type { PodObject } from '../../api.ts';
import { type ContainerView, containersOf, ephemeralContainersOf, initContainersOf } from '../containers.ts';

/** How far a container of a pod has come, as its kubelet last said. */
export interface ContainerProgress {
  /** Number of the newest run that has begun, 0 for the first; undefined before it. */
  readonly run: number | undefined;
  readonly isRunning: boolean;
  /** Whether no later run can come: the container is done, or its pod is. */
  readonly isFinal: boolean;
}

/** Of a pod that is not there any more nothing will come. */
export const goneContainer: ContainerProgress = { run: undefined, isRunning: false, isFinal: true };

export function progressOf(pod: PodObject, container: string): ContainerProgress {
  const init = initContainersOf(pod).find(({ spec }) => spec.name === container);
  const view =
    init ?? [...containersOf(pod), ...ephemeralContainersOf(pod)].find(({ spec }) => spec.name === container);
  const isPodDone = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
  if (!view?.status) return { run: undefined, isRunning: false, isFinal: isPodDone };
  const { state, lastState, restartCount } = view.status;
  const hasBegun =
    state?.running !== undefined || state?.terminated !== undefined || lastState?.terminated !== undefined;
  return {
    run: hasBegun ? restartCount : undefined,
    isRunning: state?.running !== undefined,
    isFinal: isPodDone || (state?.terminated !== undefined && !runsAgain(pod, view, init !== undefined)),
  };
}

/** `restartPolicy` of the pod, and of init containers that run beside the others (Kubernetes, "Pod Lifecycle"). */
function runsAgain(pod: PodObject, view: ContainerView, isInit: boolean): boolean {
  const hasFailed = view.status?.state?.terminated?.exitCode !== 0;
  if (view.isSidecar) return true;
  const policy = pod.spec?.restartPolicy ?? 'Always';
  if (policy === 'Never' || isEphemeral(pod, view)) return false;
  return isInit || policy === 'OnFailure' ? hasFailed : true;
}

function isEphemeral(pod: PodObject, view: ContainerView): boolean {
  return pod.spec?.ephemeralContainers?.some(({ name }) => name === view.spec.name) ?? false;
}
