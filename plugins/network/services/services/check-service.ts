import { checkText, type ManifestMisfit, type Profile } from 'longshore/sdk';
import { accessProtocols } from '../../profile-keys/access.ts';
import {
  serviceName,
  serviceNodePortMax,
  serviceNodePortMin,
  serviceProtocols,
  serviceTypes,
} from '../../profile-keys/services.ts';
import { accessProtocolOf, type SeenService, type SeenServicePort, wordOfService } from './seen-service.ts';

/** A Service that somebody wants to write, by form or as YAML, as a whole. */
export interface WrittenService {
  readonly service: SeenService;
  /** What is there now; undefined for a new one. */
  readonly existing: SeenService | undefined;
  readonly name: string;
  readonly profile: Profile;
}

/** Rules of Services on every road (NET-02, NET-03, NET-09). What is there against them already need not be changed. */
export function checkService(written: WrittenService): readonly ManifestMisfit[] {
  return [...checkName(written), ...checkType(written), ...checkPorts(written)];
}

function checkName({ existing, name, profile }: WrittenService): readonly ManifestMisfit[] {
  if (existing) return [];
  return checkText(profile.get(serviceName), ['metadata', 'name'], name).map(({ path, code, message }) => ({
    path,
    code,
    message,
  }));
}

/** CON-30. */
function checkType({ service, existing, profile }: WrittenService): readonly ManifestMisfit[] {
  const word = wordOfService(service);
  const offered = profile.get(serviceTypes);
  if (word === undefined || offered.includes(word) || (existing && wordOfService(existing) === word)) return [];
  const message = `By the profile '${profile.name}' no Service of type ${word} can be made; offered are ${offered.join(', ')}`;
  return [{ path: ['spec', 'type'], code: 'type_not_offered', message }];
}

function checkPorts({ service, existing, profile }: WrittenService): readonly ManifestMisfit[] {
  const known = existing?.spec?.ports ?? [];
  const isBalanced = service.spec?.type === 'LoadBalancer';
  const wasBalanced = existing?.spec?.type === 'LoadBalancer';
  return (service.spec?.ports ?? []).flatMap((port, index) => {
    const before = known.find((one) => isSame(one, port));
    return [
      ...(before ? [] : checkProtocol(port, index, profile)),
      ...(isBalanced && !(before && wasBalanced && accessProtocolOf(before) === accessProtocolOf(port))
        ? checkAccessProtocol(port, index, profile)
        : []),
      ...(port.nodePort && port.nodePort !== before?.nodePort ? checkNodePort(port.nodePort, index, profile) : []),
    ];
  });
}

const isSame = (one: SeenServicePort, other: SeenServicePort): boolean =>
  one.port === other.port && (one.protocol ?? 'TCP') === (other.protocol ?? 'TCP');

function checkProtocol({ protocol = 'TCP' }: SeenServicePort, index: number, profile: Profile): ManifestMisfit[] {
  const offered: readonly string[] = profile.get(serviceProtocols);
  if (offered.includes(protocol)) return [];
  const message = `By the profile '${profile.name}' ports have one of the protocols ${offered.join(', ')}, got ${protocol}`;
  return [{ path: ['spec', 'ports', index, 'protocol'], code: 'protocol_not_offered', message }];
}

/** NET-06, NET-09, CON-44: a load balancer speaks what the platform's can. */
function checkAccessProtocol(port: SeenServicePort, index: number, profile: Profile): ManifestMisfit[] {
  const offered: readonly string[] = profile.get(accessProtocols);
  const protocol = accessProtocolOf(port);
  if (offered.includes(protocol)) return [];
  const message = `By the profile '${profile.name}' load balancers are reached by ${offered.join(', ')}, got ${protocol}`;
  return [{ path: ['spec', 'ports', index, 'protocol'], code: 'protocol_not_offered', message }];
}

function checkNodePort(nodePort: number, index: number, profile: Profile): ManifestMisfit[] {
  const [min, max] = [profile.get(serviceNodePortMin), profile.get(serviceNodePortMax)];
  if (nodePort >= min && nodePort <= max) return [];
  const message = `nodePort must be ${min} to ${max}, got ${nodePort}`;
  return [{ path: ['spec', 'ports', index, 'nodePort'], code: nodePort < min ? 'too_small' : 'too_big', message }];
}
