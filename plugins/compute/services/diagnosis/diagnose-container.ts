import type { ContainerStatus, ContainerView } from '../containers.ts';
import type { PodFinding, PodFindingCode } from './pod-finding.ts';

/** Words in which registries and runtimes say the same; the first that fits. */
const pullCauses: readonly (readonly [RegExp, PodFindingCode])[] = [
  [/not ?found|manifest unknown|does not exist|no such (image|manifest)/i, 'IMAGE_NOT_FOUND'],
  [/unauthorized|denied|forbidden|authentication required|no basic auth|401|403/i, 'IMAGE_PULL_DENIED'],
];

/** Reasons of a waiting container (kubelet's `kuberuntime` and `images/types.go`). */
const waitingReasons: Readonly<Record<string, PodFindingCode>> = {
  ErrImageNeverPull: 'IMAGE_NOT_PRESENT',
  InvalidImageName: 'IMAGE_NAME_INVALID',
  RegistryUnavailable: 'IMAGE_PULL_FAILED',
  ImageInspectError: 'IMAGE_PULL_FAILED',
  SignatureValidationFailed: 'IMAGE_PULL_DENIED',
  CreateContainerConfigError: 'CONFIGURATION_MISSING',
  CreateContainerError: 'START_FAILED',
  RunContainerError: 'START_FAILED',
  PreCreateHookError: 'START_FAILED',
  PostStartHookError: 'START_FAILED',
};

/** What is wrong with one container, from what its kubelet last said; nothing for one that does as it should. */
export function diagnoseContainer({ spec, status }: ContainerView): PodFinding | undefined {
  if (!status) return undefined;
  const { waiting, terminated, running } = status.state ?? {};
  const tell = (code: PodFindingCode, message: string): PodFinding => ({ code, container: spec.name, message });
  if (waiting) {
    const reason = waiting.reason ?? '';
    const message = waiting.message ?? reason;
    if (reason === 'ErrImagePull' || reason === 'ImagePullBackOff') {
      return tell(pullCauses.find(([pattern]) => pattern.test(message))?.[1] ?? 'IMAGE_PULL_FAILED', message);
    }
    const known = Object.hasOwn(waitingReasons, reason) ? waitingReasons[reason] : undefined;
    if (known) return tell(known, message);
    return reason === 'CrashLoopBackOff' ? tell(...ended(status, message)) : undefined;
  }
  if (terminated && terminated.exitCode !== 0) return tell(...ended(status, ''));
  if (running && status.started === false && spec.startupProbe)
    return tell('NOT_STARTED', 'The startup probe has not succeeded.');
  // One that was killed and runs again is well only as long as its readiness says so.
  if (running && !status.ready && spec.readinessProbe)
    return tell('NOT_READY', 'The readiness probe does not succeed.');
  return undefined;
}

function ended(status: ContainerStatus, waiting: string): [PodFindingCode, string] {
  const last = status.state?.terminated ?? status.lastState?.terminated;
  if (!last) return ['CRASHED', waiting];
  const { reason, exitCode, signal, message } = last;
  const how = `${reason ?? 'Ended'}: ${signal ? `signal ${signal}` : `exit code ${exitCode}`}`;
  const words = [how, message?.trim(), waiting].filter((part) => part).join('; ');
  if (reason === 'OOMKilled') return ['OUT_OF_MEMORY', words];
  if (reason === 'StartError' || reason === 'ContainerCannotRun') return ['START_FAILED', words];
  return ['CRASHED', words];
}
