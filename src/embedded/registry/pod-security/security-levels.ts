export const securityModes = ['enforce', 'audit', 'warn'] as const;
export type SecurityMode = (typeof securityModes)[number];

/** From the most permissive to the strictest. */
const levels = ['privileged', 'baseline', 'restricted'] as const;
export type SecurityLevel = (typeof levels)[number];

const prefix = 'pod-security.kubernetes.io/';

/** What a namespace wants done about pods that a mode finds too permissive. */
export interface SecurityPolicy {
  readonly level: SecurityLevel;
  /** `latest`, or `v1.<minor>`. */
  readonly version: string;
}

/** The policy of a namespace for one mode; nothing said is privileged. An unreadable level is the strictest. */
export function policyOf(labels: Readonly<Record<string, string>> | undefined, mode: SecurityMode): SecurityPolicy {
  const label = labels?.[`${prefix}${mode}`] ?? 'privileged';
  const version = labels?.[`${prefix}${mode}-version`] ?? 'latest';
  return {
    level: levels.find((level) => level === label) ?? 'restricted',
    version: isVersion(version) ? version : 'latest',
  };
}

/** Why a label of a namespace is no policy; undefined for good ones and for labels that mean something else. */
export function problemOfSecurityLabel(key: string, value: string): string | undefined {
  if (!key.startsWith(prefix)) return undefined;
  const name = key.slice(prefix.length);
  if (securityModes.some((mode) => mode === name)) {
    return levels.some((level) => level === value) ? undefined : `must be one of ${levels.join(', ')}`;
  }
  if (securityModes.some((mode) => `${mode}-version` === name)) {
    return isVersion(value) ? undefined : 'must be "latest" or "v1.x"';
  }
  return undefined;
}

function isVersion(version: string): boolean {
  return version === 'latest' || /^v1\.(0|[1-9]\d*)$/.test(version);
}
