import {
  type AddressRange,
  countAddresses,
  gapsBetween,
  hostsOf,
  isInside,
  mergeRanges,
  type Network,
  parseAddress,
  parseNetwork,
  parseRange,
  printRanges,
} from './address-math.ts';
import type { SubnetSpec } from './kinds.ts';

/** One family of a subnet: what hosts can have, and what of that is kept back. */
export interface FamilyRanges {
  readonly network: Network;
  readonly hosts: AddressRange;
  readonly excluded: readonly AddressRange[];
}

export interface SubnetRanges {
  readonly v4?: FamilyRanges;
  readonly v6?: FamilyRanges;
}

/** The ranges of a formatted spec; without what cannot be read. */
export function rangesOf(spec: SubnetSpec): SubnetRanges {
  const networks = (spec.cidrBlock ?? '').split(',').flatMap((cidr) => parseNetwork(cidr) ?? []);
  const kept = (spec.excludeIps ?? []).flatMap((range) => parseRange(range) ?? []);
  const family = (bits: 32 | 128): FamilyRanges | undefined => {
    const network = networks.find((each) => each.bits === bits);
    if (network === undefined) return undefined;
    const hosts = hostsOf(network);
    return { network, hosts, excluded: mergeRanges(kept, hosts) };
  };
  const v4 = family(32);
  const v6 = family(128);
  return { ...(v4 === undefined ? {} : { v4 }), ...(v6 === undefined ? {} : { v6 }) };
}

export interface SubnetCounts {
  readonly v4availableIPs: number;
  readonly v4availableIPrange: string;
  readonly v4usingIPs: number;
  readonly v4usingIPrange: string;
  readonly v6availableIPs: number;
  readonly v6availableIPrange: string;
  readonly v6usingIPs: number;
  readonly v6usingIPrange: string;
}

/**
 * What a Subnet's status says of its addresses. `used` are those given out; `users` is how many objects hold some, which
 * counts for both families alike, and those that hold one that is kept back do not count.
 */
export function countSubnet(ranges: SubnetRanges, used: readonly string[], users: number): SubnetCounts {
  const v4 = countFamily(ranges.v4, used, users);
  const v6 = countFamily(ranges.v6, used, users);
  return {
    v4availableIPs: v4.available,
    v4availableIPrange: v4.availableRange,
    v4usingIPs: v4.using,
    v4usingIPrange: v4.usingRange,
    v6availableIPs: v6.available,
    v6availableIPrange: v6.availableRange,
    v6usingIPs: v6.using,
    v6usingIPrange: v6.usingRange,
  };
}

function countFamily(family: FamilyRanges | undefined, used: readonly string[], users: number) {
  if (family === undefined) return { available: 0, availableRange: '', using: 0, usingRange: '' };
  const { hosts, excluded } = family;
  const taken = used.flatMap((text) => {
    const address = parseAddress(text);
    return address === undefined || !isInside(address, hosts)
      ? []
      : [{ first: address.value, last: address.value, bits: address.bits }];
  });
  const usable = countAddresses([hosts]) - countAddresses(excluded);
  const left = usable - BigInt(users);
  return {
    // Exact up to 2^53; Kube-OVN itself writes all digits of an IPv6 network.
    available: Number(left < 0n ? 0n : left),
    availableRange: printRanges(gapsBetween(mergeRanges([...excluded, ...taken], hosts), hosts)),
    using: users,
    usingRange: printRanges(mergeRanges(taken, hosts)),
  };
}
