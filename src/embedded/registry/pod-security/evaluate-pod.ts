import type { JsonObject } from '../../machinery/json.ts';
import {
  baselineCapabilities,
  baselineProcMount,
  hostPorts,
  privileged,
  privilegeEscalation,
  probeHosts,
  restrictedCapabilities,
  restrictedProcMount,
  windowsHostProcess,
} from './container-checks.ts';
import { type PodCheck, readPod, type Violation } from './pod-check.ts';
import {
  appArmorProfile,
  baselineSeccomp,
  hostNamespaces,
  hostPathVolumes,
  restrictedSeccomp,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seLinuxOptions,
  sysctls,
} from './pod-checks.ts';
import type { SecurityLevel } from './security-levels.ts';

const baseline: readonly PodCheck[] = [
  appArmorProfile,
  baselineCapabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  probeHosts,
  privileged,
  baselineProcMount,
  seLinuxOptions,
  baselineSeccomp,
  sysctls,
  windowsHostProcess,
];
const restricted: readonly PodCheck[] = [
  privilegeEscalation,
  restrictedCapabilities,
  restrictedProcMount,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  restrictedSeccomp,
];
const replaced = new Set(restricted.map(({ replaces }) => replaces));

/** What a pod does that the level of the Pod Security Standards forbids. All versions are judged by the newest rules. */
export function evaluatePod(level: SecurityLevel, metadata: unknown, spec: JsonObject): readonly Violation[] {
  const pod = readPod(metadata, spec);
  return checksOf(level).flatMap((check) => check.check(pod) ?? []);
}

/** The violations in one sentence part: `privileged (container "a" must not …), host namespaces (hostNetwork=true)`. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
}

function checksOf(level: SecurityLevel): readonly PodCheck[] {
  if (level === 'privileged') return [];
  if (level === 'baseline') return baseline;
  return [...baseline.filter(({ id }) => !replaced.has(id)), ...restricted];
}
