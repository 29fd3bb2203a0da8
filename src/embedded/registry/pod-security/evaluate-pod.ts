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
import type { SecurityLevel, SecurityPolicy } from './security-levels.ts';

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

/** What a pod does that a policy of the Pod Security Standards forbids, by the rules of the policy's version. */
export function evaluatePod(policy: SecurityPolicy, metadata: unknown, spec: JsonObject): readonly Violation[] {
  const minor = policy.version === 'latest' ? Number.POSITIVE_INFINITY : Number(policy.version.slice('v1.'.length));
  const pod = readPod(metadata, spec, minor);
  return checksOf(policy.level, minor).flatMap((check) => check.check(pod) ?? []);
}

/** The violations in one sentence part: `privileged (container "a" must not …), host namespaces (hostNetwork=true)`. */
export function describeViolations(violations: readonly Violation[]): string {
  return violations.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');
}

function checksOf(level: SecurityLevel, minor: number): readonly PodCheck[] {
  if (level === 'privileged') return [];
  const isKnown = ({ since = 0 }: PodCheck): boolean => since <= minor;
  const weaker = baseline.filter(isKnown);
  if (level === 'baseline') return weaker;
  const stricter = restricted.filter(isKnown);
  const replaced = new Set(stricter.map(({ replaces }) => replaces));
  return [...weaker.filter(({ id }) => !replaced.has(id)), ...stricter];
}
