import type { ManifestMisfit } from 'longshore/sdk';
import { parseAddress, parseCidr } from '../vpc/cidr.ts';
import type { OvnSecurityGroup, OvnSecurityRule } from './group-kinds.ts';

type Path = readonly (string | number)[];

/** In the words of Kube-OVN and in those of the form. */
export const groupDirections = [
  { field: 'ingress', rules: 'ingressRules' },
  { field: 'egress', rules: 'egressRules' },
] as const;

const mostPriority = 16_384;

/**
 * What stands against the rules of a security group: Kube-OVN takes anything, says so in its log alone, and leaves the old rules in force
 * (`validateSgRule`, 1.16). Other groups are not looked for here. Pure.
 */
export function checkGroupSpec(spec: NonNullable<OvnSecurityGroup['spec']>): readonly ManifestMisfit[] {
  return groupDirections.flatMap(({ rules }) =>
    listOf(spec[rules]).flatMap((rule, index) => checkRule(rule, ['spec', rules, index])),
  );
}

/** Text may have anything there. */
const listOf = (rules: readonly OvnSecurityRule[] | undefined): readonly OvnSecurityRule[] =>
  (Array.isArray(rules) ? rules : []).map((rule) => rule ?? {});

function checkRule(rule: OvnSecurityRule, path: Path): readonly ManifestMisfit[] {
  const found: ManifestMisfit[] = [];
  const refuse = (field: string, code: string, message: string): void => {
    found.push({ path: [...path, field], code, message });
  };
  const oneOf = (field: 'ipVersion' | 'protocol' | 'policy' | 'remoteType', ...words: readonly string[]): void => {
    if (!words.includes(String(rule[field]))) refuse(field, 'not_supported', `${field} must be ${words.join(' or ')}`);
  };
  oneOf('ipVersion', 'ipv4', 'ipv6');
  oneOf('protocol', 'all', 'icmp', 'tcp', 'udp');
  oneOf('policy', 'allow', 'drop');
  oneOf('remoteType', 'address', 'securityGroup');
  const { priority, protocol } = rule;
  if (!isWhole(priority, 1, mostPriority)) {
    refuse('priority', 'out_of_range', `priority must be 1 to ${mostPriority}, got ${priority ?? 'none'}`);
  }
  if (rule.remoteType === 'address') found.push(...checkAddress(rule, path));
  if (rule.remoteType === 'securityGroup' && !rule.remoteSecurityGroup) {
    refuse('remoteSecurityGroup', 'required', 'remoteSecurityGroup must name a security group');
  }
  if (protocol === 'tcp' || protocol === 'udp') found.push(...checkPorts(rule, path));
  return found;
}

function checkAddress({ remoteAddress = '', ipVersion }: OvnSecurityRule, path: Path): readonly ManifestMisfit[] {
  const at = [...path, 'remoteAddress'];
  const text = String(remoteAddress);
  const family = (text.includes('/') ? parseCidr(text) : parseAddress(text))?.family;
  if (family === undefined) {
    const message = `remoteAddress must be an address or a network such as 10.0.0.0/16, got '${text.slice(0, 50)}'`;
    return [{ path: at, code: 'invalid_address', message }];
  }
  if (ipVersion !== `ipv${family}` && (ipVersion === 'ipv4' || ipVersion === 'ipv6')) {
    return [{ path: at, code: 'other_family', message: `remoteAddress must be of ${ipVersion}, got ${text}` }];
  }
  return [];
}

function checkPorts({ portRangeMin, portRangeMax }: OvnSecurityRule, path: Path): readonly ManifestMisfit[] {
  const ends = { portRangeMin, portRangeMax };
  const found = Object.entries(ends).flatMap(([field, port]) =>
    isWhole(port, 1, 65_535)
      ? []
      : [
          {
            path: [...path, field],
            code: 'out_of_range',
            message: `${field} must be 1 to 65535, got ${port ?? 'none'}`,
          },
        ],
  );
  if (found.length > 0 || Number(portRangeMin) <= Number(portRangeMax)) return found;
  const message = `portRangeMax must be ${portRangeMin} or more, got ${portRangeMax}`;
  return [{ path: [...path, 'portRangeMax'], code: 'invalid', message }];
}

const isWhole = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
