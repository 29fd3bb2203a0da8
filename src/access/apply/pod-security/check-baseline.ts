import type { ApplyViolation } from '../apply-violation.ts';
import type { PodSpec } from '../find-pod-specs.ts';
import { appArmorProfile } from './app-armor-profile.ts';
import { capabilities } from './capabilities.ts';
import { hostNamespaces } from './host-namespaces.ts';
import { hostPathVolumes } from './host-path-volumes.ts';
import { hostPorts } from './host-ports.ts';
import { hostProbes } from './host-probes.ts';
import type { PodControl } from './pod-control.ts';
import { privileged } from './privileged.ts';
import { procMount } from './proc-mount.ts';
import { seLinuxOptions } from './se-linux-options.ts';
import { seccompProfile } from './seccomp-profile.ts';
import { sysctls } from './sysctls.ts';
import { windowsHostProcess } from './windows-host-process.ts';

/**
 * All controls of level baseline, as of Kubernetes 1.36.
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const baselineControls: readonly PodControl[] = [
  hostNamespaces,
  privileged,
  capabilities,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  appArmorProfile,
  seLinuxOptions,
  procMount,
  seccompProfile,
  sysctls,
  windowsHostProcess,
];

export function checkBaseline(pod: PodSpec): readonly ApplyViolation[] {
  return baselineControls.flatMap((control) => control.check(pod));
}
