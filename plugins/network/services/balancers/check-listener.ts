import { checkText, PreconditionError, type Profile, type TextRule, type ValidationIssue } from 'longshore/sdk';
import { lbProtocols, lbSensitivePorts, lbSensitivePortsApproved } from '../../profile-keys/balancers.ts';
import type { ListenerEntry } from './gateway-kinds.ts';

export type ListenerProtocol = 'TCP' | 'UDP' | 'HTTP' | 'HTTPS';

/** A listener as forms say it. */
export interface ListenerForm {
  readonly name: string;
  readonly protocol: ListenerProtocol;
  readonly port: number;
  readonly hostname?: string | null | undefined;
  readonly certificateSecret?: string | null | undefined;
}

type Path = readonly (string | number)[];

/** What a Gateway takes as the name of a listener, with room for what controllers make of it (RFC 1123). */
export const kubernetesName: TextRule = {
  min: 1,
  max: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  says: "lower-case letters, digits and '-', beginning and ending with a letter or digit",
  examples: ['web', 'shop-443'],
};

const hostnameRule: TextRule = {
  min: 1,
  max: 253,
  pattern: '^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
  says: "a host name in lower case, perhaps beginning with '*.'",
  examples: ['shop.example.com', '*.example.com'],
};

/** Everything that is wrong with a listener by itself (NET-17, NET-20). */
export function checkListener(form: ListenerForm, path: Path): readonly ValidationIssue[] {
  const { name, protocol, port, hostname, certificateSecret } = form;
  const isHttp = protocol === 'HTTP' || protocol === 'HTTPS';
  const refuse = (field: string, code: string, message: string): ValidationIssue => ({
    path: [...path, field],
    code,
    message,
  });
  return [
    ...checkText(kubernetesName, [...path, 'name'], name),
    ...checkPort(port, [...path, 'port']),
    ...(hostname && !isHttp ? [refuse('hostname', 'not_for_protocol', `${protocol} knows no host names`)] : []),
    ...(hostname && isHttp ? checkText(hostnameRule, [...path, 'hostname'], hostname) : []),
    ...(protocol === 'HTTPS' && !certificateSecret
      ? [refuse('certificateSecret', 'required', 'HTTPS needs a certificate: name a Secret of type kubernetes.io/tls')]
      : []),
    ...(protocol !== 'HTTPS' && certificateSecret
      ? [refuse('certificateSecret', 'not_for_protocol', `${protocol} has no certificate: use HTTPS`)]
      : []),
  ];
}

export function checkPort(port: number, path: Path): readonly ValidationIssue[] {
  if (port >= 1 && port <= 65_535) return [];
  return [{ path, code: port < 1 ? 'too_small' : 'too_big', message: `port must be 1 to 65535, got ${port}` }];
}

/** What the profile of its place does not offer. */
export function checkOffered(protocol: string, profile: Profile, path: Path): readonly ValidationIssue[] {
  const offered: readonly string[] = profile.get(lbProtocols);
  if (offered.includes(protocol)) return [];
  const message = `By the profile '${profile.name}' listeners speak ${offered.join(', ')}, got ${protocol}`;
  return [{ path, code: 'not_offered', message }];
}

/** Why a port may not be opened: it is a sensitive one whose filing was not approved (VND-03). Undefined where it may. */
export function whySensitive(port: number, profile: Profile): string | undefined {
  const sensitive = profile.get(lbSensitivePorts) ?? [];
  if (!sensitive.includes(port) || profile.get(lbSensitivePortsApproved)) return undefined;
  return `Port ${port} is sensitive by the profile '${profile.name}' (${sensitive.join(', ')}) and needs to be filed and approved first`;
}

/** Throws `PreconditionError` for a sensitive port without approval (NET-17). */
export function requirePortAllowed(port: number, profile: Profile): void {
  const why = whySensitive(port, profile);
  if (why !== undefined) throw new PreconditionError('SENSITIVE_PORT', why);
}

/** The entry of a Gateway that a form makes. */
export function entryOf({ name, protocol, port, hostname, certificateSecret }: ListenerForm): ListenerEntry {
  return {
    name,
    port,
    protocol,
    ...(hostname ? { hostname } : {}),
    ...(certificateSecret ? { tls: { mode: 'Terminate', certificateRefs: [{ name: certificateSecret }] } } : {}),
  };
}
