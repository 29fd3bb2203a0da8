const securityModes = ['enforce', 'audit', 'warn'] as const;

/** From the most permissive to the strictest. */
const levels = ['privileged', 'baseline', 'restricted'] as const;

const prefix = 'pod-security.kubernetes.io/';

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
