import { type AddressRange, parseNetwork, parseRange } from './address-math.ts';
import type { AddressScope } from './create-address-book.ts';
import type { IpPool, Subnet } from './kinds.ts';

/** The addresses of a pool: single ones, ranges and networks; without what cannot be read. */
export function rangesOfPool({ spec }: IpPool): AddressRange[] {
  return (spec?.ips ?? []).flatMap((text) => parseRange(text) ?? parseNetwork(text) ?? []);
}

/**
 * Where a pod of a namespace gets its address in a subnet: in the pool that it names, else in that of its namespace, else wherever no pool
 * keeps it. Undefined where the subnet has no such pool.
 */
export function scopeOf(
  pools: readonly IpPool[],
  { metadata }: Subnet,
  namespace: string,
  name: string | undefined,
): AddressScope | undefined {
  const own = pools.filter(({ spec }) => spec?.subnet === metadata.name);
  const bound = own.find((pool) =>
    name === undefined ? pool.spec?.namespaces?.includes(namespace) : pool.metadata.name === name,
  );
  if (bound !== undefined) return { within: rangesOfPool(bound) };
  return name === undefined ? { without: own.flatMap(rangesOfPool) } : undefined;
}
