import { isInside, type Network, parseAddress, parseNetwork, parseRange, rangesOverlap } from './address-math.ts';
import type { Subnet, SubnetSpec } from './kinds.ts';

/** Networks that no subnet may touch, in the order they are looked at. */
const forbidden = [
  ['255.255.255.255/32', 'v4 broadcast'],
  ['224.0.0.0/4', 'v4 multicast'],
  ['127.0.0.0/8', 'v4 loopback'],
  ['0.0.0.0/32', 'v4 localnet'],
  ['169.254.0.0/16', 'v4 link local'],
  ['::/128', 'v6 unspecified'],
  ['::1/128', 'v6 loopback'],
  ['ff00::/8', 'v6 multicast'],
  ['fe80::/10', 'v6 link local'],
] as const;

/** Why Kube-OVN refuses a formatted spec by itself (reason ValidateLogicalSwitchFailed); undefined when it does not. */
export function subnetProblem(name: string, spec: SubnetSpec): string | undefined {
  const cidrBlock = spec.cidrBlock ?? '';
  const networks = cidrBlock.split(',').flatMap((cidr) => parseNetwork(cidr) ?? []);
  return (
    gatewayProblem(spec.gateway ?? '', cidrBlock, networks) ??
    specialProblem(cidrBlock, networks) ??
    excludedProblem(spec.excludeIps ?? []) ??
    networkProblem(name, cidrBlock, networks) ??
    choiceProblem(name, spec) ??
    egressProblem(spec) ??
    (spec.vips ?? [])
      .filter((vip) => !isWithin(vip, networks))
      .map((vip) => `vip ${vip} conflicts with subnet ${name} cidr ${cidrBlock}`)[0] ??
    (spec.logicalGateway === true && spec.u2oInterconnection === true
      ? "logicalGateway and u2oInterconnection can't be opened at the same time"
      : undefined)
  );
}

/** Why a subnet cannot stand beside the others of its Vpc; undefined when it can. */
export function conflictProblem(subnet: Subnet, others: readonly Subnet[]): string | undefined {
  const own = networksOf(subnet);
  const rival = others.find(
    (other) =>
      other.metadata.name !== subnet.metadata.name &&
      (other.spec?.vpc ?? '') === (subnet.spec?.vpc ?? '') &&
      (other.spec?.vlan ?? '') === (subnet.spec?.vlan ?? '') &&
      networksOf(other).some((network) => own.some((each) => rangesOverlap(each, network))),
  );
  if (rival === undefined) return undefined;
  return `subnet ${subnet.metadata.name} cidr ${subnet.spec?.cidrBlock} is conflict with subnet ${rival.metadata.name} cidr ${rival.spec?.cidrBlock}`;
}

function networksOf({ spec }: Subnet): Network[] {
  return (spec?.cidrBlock ?? '').split(',').flatMap((cidr) => parseNetwork(cidr) ?? []);
}

function isWithin(text: string, networks: readonly Network[]): boolean {
  return text.split(',').every((each) => {
    const address = parseAddress(each);
    return address !== undefined && networks.some((network) => isInside(address, network));
  });
}

function gatewayProblem(gateway: string, cidrBlock: string, networks: readonly Network[]): string | undefined {
  if (gateway === '') return undefined;
  if (/[A-Z]/.test(gateway)) return `subnet gateway ${gateway} v6 ip address can not contain upper case`;
  if (!isWithin(gateway, networks)) return `gateway ${gateway} is not in cidr ${cidrBlock}`;
  for (const each of gateway.split(',')) {
    const { value, bits } = parseAddress(each) ?? {};
    const network = networks.find((candidate) => candidate.bits === bits);
    if (network === undefined || network.last - network.first < 2n) continue;
    const edge = value === network.first ? 'network' : value === network.last && bits === 32 ? 'broadcast' : undefined;
    if (edge !== undefined) {
      return `validate gateway ${gateway} for cidr ${cidrBlock} failed: ${each} is the ${edge} ip address in cidr ${cidrBlock}`;
    }
  }
  return undefined;
}

function specialProblem(cidrBlock: string, networks: readonly Network[]): string | undefined {
  for (const [cidr, word] of forbidden) {
    const special = parseNetwork(cidr);
    if (special !== undefined && networks.some((network) => rangesOverlap(network, special))) {
      return `${cidrBlock} conflict with ${word} cidr ${cidr}`;
    }
  }
  return undefined;
}

function excludedProblem(excluded: readonly string[]): string | undefined {
  for (const range of excluded) {
    if (/[A-Z]/.test(range)) return `subnet exclude ip ${range} can not contain upper case`;
    const parts = range.split('..');
    if (parts.length > 2) return `${range} in excludeIps is not a valid ip range`;
    const wrong = parts.find((part) => parseAddress(part) === undefined);
    if (wrong !== undefined) return `ip ${wrong} in excludeIps is not a valid address`;
    if (parseRange(range) === undefined) return `${range} in excludeIps is not a valid ip range`;
  }
  return undefined;
}

function networkProblem(name: string, cidrBlock: string, networks: readonly Network[]): string | undefined {
  if (/[A-Z]/.test(cidrBlock)) return `subnet cidr block ${cidrBlock} v6 ip address can not contain upper case`;
  const single = networks.find(({ prefix, bits }) => prefix === bits);
  if (single === undefined) return undefined;
  return `subnet ${name} cidr ${cidrBlock} mask is invalid, due to invalid network mask ${single.prefix}`;
}

function choiceProblem(name: string, spec: SubnetSpec): string | undefined {
  const allowed = (spec.allowSubnets ?? []).find((cidr) => parseNetwork(cidr) === undefined);
  if (allowed !== undefined) return `${allowed} in allowSubnets is not a valid address`;
  const { gatewayType = '', protocol = '' } = spec;
  if (!['', 'distributed', 'centralized'].includes(gatewayType)) return `${gatewayType} is not a valid gateway type`;
  if (!['', 'IPv4', 'IPv6', 'Dual'].includes(protocol)) return `${protocol} is not a valid protocol type`;
  if (spec.vpc === name) return `subnet ${name} and vpc ${spec.vpc} cannot have the same name`;
  return undefined;
}

function egressProblem({ externalEgressGateway = '', natOutgoing }: SubnetSpec): string | undefined {
  if (externalEgressGateway === '') return undefined;
  if (natOutgoing === true) return 'conflict configuration: natOutgoing and externalEgressGateway';
  const wrong = externalEgressGateway.split(',').find((each) => parseAddress(each) === undefined);
  return wrong === undefined ? undefined : `IP ${wrong} in externalEgressGateway is not a valid address`;
}
