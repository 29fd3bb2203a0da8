import { createHash } from 'node:crypto';
import { canonicalJson } from '../../controllers/canonical-json.ts';
import { type Controller, keysByResource } from '../../controllers/controller.ts';
import { parseAddress, parseNetwork } from './address-math.ts';
import { fieldManager, group, type SecurityGroup, type SecurityRule } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

/** Says which rules of a SecurityGroup are in force; one with a rule that makes no sense changes nothing. */
export function createSecurityGroupController({ context, complain, calm }: OvnWorld): Controller {
  const groups = context.kind<SecurityGroup>(group, 'security-groups', fieldManager);
  return {
    name: 'kube-ovn-security-group',
    keysOf: keysByResource({ [`security-groups.${group}`]: () => groups.list().map(({ metadata }) => metadata.name) }),
    reconcile(name) {
      const found = groups.get(undefined, name);
      if (found === undefined) return undefined;
      const { ingressRules = [], egressRules = [], allowSameGroupTraffic = false } = found.spec ?? {};
      const isThere = (other: string): boolean => groups.get(undefined, other) !== undefined;
      const problem = [...ingressRules, ...egressRules]
        .map((rule) => securityRuleProblem(rule, isThere))
        .find((each) => each !== undefined);
      if (problem !== undefined) return complain(`security group ${name}`, problem);
      calm(`security group ${name}`);
      groups.updateStatus(found, {
        portGroup: `ovn.sg.${name.replaceAll('-', '.')}`,
        allowSameGroupTraffic,
        ingressMd5: md5(ingressRules),
        ingressLastSyncSuccess: true,
        egressMd5: md5(egressRules),
        egressLastSyncSuccess: true,
      });
      return undefined;
    },
  };
}

/** Why a rule cannot be put into force; undefined when it can. `isThere` knows other groups. */
export function securityRuleProblem(rule: SecurityRule, isThere: (group: string) => boolean): string | undefined {
  const { ipVersion = '', protocol = '', policy = '', priority = 0, remoteType = '' } = rule;
  if (!['ipv4', 'ipv6'].includes(ipVersion)) return `IPVersion should be 'ipv4' or 'ipv6'`;
  if (!['all', 'icmp', 'tcp', 'udp'].includes(protocol)) return `protocol '${protocol}' is not supported`;
  if (priority < 1 || priority > 16_384) return `priority '${priority}' is not in the range of 1 to 16384`;
  if (!['allow', 'drop'].includes(policy)) return `policy '${policy}' is not supported`;
  if (remoteType === 'securityGroup') {
    const remote = rule.remoteSecurityGroup ?? '';
    if (!isThere(remote)) return `failed to get remote sg '${remote}'`;
  } else if (remoteType === 'address') {
    const address = rule.remoteAddress ?? '';
    const isRange = address.includes('/') ? parseNetwork(address) !== undefined : parseAddress(address) !== undefined;
    if (!isRange) return `invalid ${address.includes('/') ? 'CIDR' : 'ip'} '${address}'`;
  } else return `not support sgRemoteType '${remoteType}'`;
  const { portRangeMin = 0, portRangeMax = 0 } = rule;
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  if ([portRangeMin, portRangeMax].some((port) => port < 1 || port > 65_535)) return 'portRange is out of range';
  return portRangeMin <= portRangeMax ? undefined : 'portRange err, range Minimum value greater than maximum value';
}

function md5(rules: readonly SecurityRule[]): string {
  return createHash('md5').update(canonicalJson(rules)).digest('hex');
}
