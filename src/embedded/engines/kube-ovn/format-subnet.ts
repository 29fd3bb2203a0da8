import { isInside, parseAddress, parseNetwork, parseRange, printAddress, printNetwork } from './address-math.ts';
import { names, ovnProvider, type SubnetSpec } from './kinds.ts';

export type FormattedSubnet = { readonly spec: SubnetSpec } | { readonly problem: string };

/**
 * What the controller writes into a spec before it looks at anything else: canonical networks, a gateway, the gateway
 * among the addresses that are kept back, and the defaults of the default Vpc.
 */
export function formatSubnet(name: string, spec: SubnetSpec): FormattedSubnet {
  const cidrs = (spec.cidrBlock ?? '').split(',');
  const networks = cidrs.flatMap((cidr) => parseNetwork(cidr) ?? []);
  const broken = cidrs.find((cidr) => parseNetwork(cidr) === undefined);
  if (broken !== undefined)
    return { problem: `failed to format subnet ${name}, subnet ${name} cidr ${broken} is invalid` };
  const firsts = networks.map(({ first, bits }) => printAddress({ value: first + 1n, bits }));
  const given = spec.gateway ?? '';
  const gateway = given === '' ? firsts.join(',') : withMissingFamily(given, firsts);
  const provider = (spec.provider ?? '') === '' ? ovnProvider : spec.provider;
  const isOvn = provider === ovnProvider || provider?.endsWith(`.${ovnProvider}`) === true;
  const vpc = (spec.vpc ?? '') === '' && isOvn ? names.defaultVpc : spec.vpc;
  const isJoin = name === names.nodeSubnet;
  const isInDefaultVpc = vpc === names.defaultVpc && !isJoin;
  const { enableLb, ...rest } = spec;
  return {
    spec: {
      ...rest,
      cidrBlock: networks.map(printNetwork).join(','),
      gateway,
      excludeIps: withGateways(spec.excludeIps ?? [], gateway.split(',')),
      protocol: protocolOf(networks.map(({ bits }) => bits)),
      ...(provider === undefined ? {} : { provider }),
      ...(vpc === undefined ? {} : { vpc }),
      ...(isInDefaultVpc && (spec.gatewayType ?? '') === '' ? { gatewayType: 'distributed' } : {}),
      ...(isInDefaultVpc && spec.default === true && name !== names.defaultSubnet ? { default: false } : {}),
      ...(isJoin ? {} : { enableLb: enableLb ?? true }),
    },
  };
}

function protocolOf(bits: readonly (32 | 128)[]): string {
  if (bits.includes(32) && bits.includes(128)) return 'Dual';
  return bits.includes(128) ? 'IPv6' : 'IPv4';
}

function withMissingFamily(gateway: string, firsts: readonly string[]): string {
  const isV6 = (text: string): boolean => text.includes(':');
  const given = gateway.split(',');
  const missing = firsts.filter((first) => !given.some((each) => isV6(each) === isV6(first)));
  const all = [...given, ...missing];
  return [...all.filter((each) => !isV6(each)), ...all.filter(isV6)].join(',');
}

function withGateways(excluded: readonly string[], gateways: readonly string[]): string[] {
  const sorted = [...gateways].sort();
  if (excluded.length === 0) return sorted;
  const missing = sorted.filter((gateway) => !excluded.some((range) => covers(range, gateway)));
  return missing.length === 0 ? [...excluded] : [...excluded, ...missing].sort();
}

function covers(range: string, text: string): boolean {
  const address = parseAddress(text);
  const parsed = parseRange(range);
  return range === text || (address !== undefined && parsed !== undefined && isInside(address, parsed));
}
