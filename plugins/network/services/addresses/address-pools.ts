import { type KubeObject, kindRef } from 'longshore/sdk';
import { type AddressRange, contains, countTaken, parseAddress, parseCidr, parseRange } from '../vpc/cidr.ts';

/** `kubeovn.io/v1` IPPool: addresses of a subnet that are given to nobody but pods that ask for the pool, or lie in its namespaces. */
export interface OvnIpPool {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: {
    readonly subnet?: string;
    /** Namespaces whose pods get its addresses unless they ask for others. */
    readonly namespaces?: readonly string[];
    /** Addresses, ranges as `10.0.0.5..10.0.0.9`, and networks. */
    readonly ips?: readonly string[];
  };
  /** Texts, in some versions numbers. */
  readonly status?: { readonly v4UsingIPs?: string | number; readonly v6UsingIPs?: string | number };
}

export type IpPoolObject = KubeObject<OvnIpPool>;

export const ipPoolKind = kindRef<OvnIpPool>({
  group: 'kubeovn.io',
  version: 'v1',
  kind: 'IPPool',
  plural: 'ippools',
  isNamespaced: false,
});

/** An address that something holds: a pod, mostly. */
export interface OvnIp {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly spec?: {
    readonly podName?: string;
    readonly namespace?: string;
    readonly subnet?: string;
    readonly v4IpAddress?: string;
    readonly v6IpAddress?: string;
  };
}

export type IpObject = KubeObject<OvnIp>;

export const ipKind = kindRef<OvnIp>({
  group: 'kubeovn.io',
  version: 'v1',
  kind: 'IP',
  plural: 'ips',
  isNamespaced: false,
});

/** The addresses of a pool; what cannot be read is left out. */
export const rangesOfPool = ({ spec }: OvnIpPool): readonly AddressRange[] =>
  (spec?.ips ?? []).flatMap((text) => readRange(text) ?? []);

/** How many addresses of a pool are given out, as the engine counts them. */
export const usedOfPool = ({ status }: OvnIpPool): bigint =>
  [status?.v4UsingIPs, status?.v6UsingIPs].reduce<bigint>(
    (sum, count) => sum + (/^\d+$/.test(String(count)) ? BigInt(count ?? 0) : 0n),
    0n,
  );

/** One address, a range or a network. */
export const readRange = (text: string): AddressRange | undefined => parseRange(text.trim()) ?? parseCidr(text.trim());

/** The addresses that something holds, as ranges of one. */
export const heldBy = ({ spec }: OvnIp): readonly AddressRange[] =>
  [spec?.v4IpAddress, spec?.v6IpAddress].flatMap((text) => {
    const address = text ? parseAddress(text) : undefined;
    return address ? [{ family: address.family, first: address.value, last: address.value }] : [];
  });

export const liesInSome = (address: AddressRange, ranges: readonly AddressRange[]): boolean =>
  ranges.some((range) => contains(range, address));

/** How many addresses a pool has, and how many of them something holds; each once, however ranges overlap. */
export function countPool(
  ranges: readonly AddressRange[],
  held: readonly AddressRange[],
): { readonly total: bigint; readonly used: bigint } {
  const everything = ([4, 6] as const).map((family) => ({
    family,
    first: 0n,
    last: (1n << (family === 4 ? 32n : 128n)) - 1n,
  }));
  const count = (of: readonly AddressRange[]): bigint =>
    everything.reduce((sum, whole) => sum + countTaken(whole, of), 0n);
  return { total: count(ranges), used: count(held.filter((address) => liesInSome(address, ranges))) };
}
