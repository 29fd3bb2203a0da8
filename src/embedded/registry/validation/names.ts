import type { NameRule } from '../resource-strategy.ts';

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label1035 = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const qualifiedPart = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const environmentName = /^[\x20-\x3C\x3E-\x7E]+$/;
const configKey = /^[-._a-zA-Z0-9]+$/;

const labelWords =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomainWords =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const label1035Words =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const qualifiedWords =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const labelValueWords =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Why the name breaks the rule, in Kubernetes' words; empty when it does not. */
export function problemsOfName(name: string, rule: NameRule): string[] {
  switch (rule) {
    case 'dns-label':
      // A valid subdomain that is no label can only have dots too many.
      return problems(name, label, subdomain.test(name) ? 'must not contain dots' : labelWords, 63);
    case 'dns-1035-label':
      return problems(name, label1035, label1035Words, 63);
    case 'dns-subdomain':
      return problems(name, subdomain, subdomainWords, 253);
    case 'path-segment':
      if (name === '.' || name === '..') return [`may not be '${name}'`];
      return ['/', '%'].filter((mark) => name.includes(mark)).map((mark) => `may not contain '${mark}'`);
  }
}

/** Why the key of a label or annotation is refused; empty when it is good. */
export function problemsOfQualifiedName(key: string): string[] {
  const parts = key.split('/');
  if (parts.length > 2) {
    return [
      `a valid label key ${qualifiedWords.slice('name part '.length)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const [prefix, name] = parts.length === 2 ? [parts[0] ?? '', parts[1] ?? ''] : [undefined, key];
  const found: string[] = [];
  if (prefix === '') found.push('prefix part must be non-empty');
  else if (prefix !== undefined) {
    if (prefix.length > 253) found.push('prefix part must be no more than 253 bytes');
    if (!subdomain.test(prefix)) found.push(`prefix part ${subdomainWords}`);
  }
  if (name === '') found.push('name part must be non-empty');
  else if (name.length > 63) found.push('name part must be no more than 63 bytes');
  if (!qualifiedPart.test(name)) found.push(qualifiedWords);
  return found;
}

/** Why a label's value is refused; empty when it is good. */
export function problemsOfLabelValue(value: string): string[] {
  const found: string[] = [];
  if (value.length > 63) found.push('must be no more than 63 bytes');
  if (value !== '' && !qualifiedPart.test(value)) found.push(labelValueWords);
  return found;
}

export function problemsOfEnvironmentName(name: string): string[] {
  return environmentName.test(name)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

/** Why a key of a ConfigMap or Secret is refused; empty when it is good. */
export function problemsOfConfigKey(key: string): string[] {
  if (key.length > 253) return ['must be no more than 253 bytes'];
  if (key === '.' || key === '..') return [`must not be '${key}'`];
  if (key.startsWith('..')) return ["must not start with '..'"];
  return configKey.test(key)
    ? []
    : [
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')",
      ];
}

/** Why the name of a port is refused (IANA service names); empty when it is good. */
export function problemsOfPortName(name: string): string[] {
  const found: string[] = [];
  if (name.length > 15) found.push('must be no more than 15 characters');
  if (!/^[-a-z0-9]+$/.test(name)) {
    found.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(name)) found.push('must contain at least one letter (a-z)');
  if (name.includes('--')) found.push('must not contain consecutive hyphens');
  if (name.startsWith('-') || name.endsWith('-')) found.push('must not begin or end with a hyphen');
  return found;
}

/** Why a wildcard host name such as `*.example.com` is refused; empty when it is good. */
export function problemsOfWildcardName(name: string): string[] {
  const isWildcard = name.startsWith('*.') && subdomain.test(name.slice(2)) && name.length <= 253;
  return isWildcard
    ? []
    : [
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
      ];
}

function problems(name: string, pattern: RegExp, words: string, maxLength: number): string[] {
  const found: string[] = [];
  if (name.length > maxLength) found.push(`must be no more than ${maxLength} characters`);
  if (!pattern.test(name)) found.push(words);
  return found;
}
