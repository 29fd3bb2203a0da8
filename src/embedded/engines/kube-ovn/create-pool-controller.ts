import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { ClusterObject } from '../../store/types.ts';
import { countAddresses, gapsBetween, isInside, mergeRanges, parseAddress, printRanges } from './address-math.ts';
import { group, type Ip, type IpPool } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';
import { rangesOfPool } from './pool-ranges.ts';
import { rangesOf } from './subnet-ranges.ts';

/** Counts the addresses of pools as they come and go. */
export function createPoolController({ kinds, book }: OvnWorld): Controller {
  const { pools, subnets } = kinds;
  const ofSubnet = (name: string | undefined): string[] =>
    pools
      .list()
      .filter(({ spec }) => spec?.subnet === name)
      .map(({ metadata }) => metadata.name);

  function countsOf(pool: IpPool, name: string): Readonly<Record<string, string>> {
    const { v4, v6 } = rangesOf(subnets.get(undefined, name)?.spec ?? {});
    const held = book.held(name).flatMap((text) => parseAddress(text) ?? []);
    const counts = (['v4', 'v6'] as const).map((family) => {
      const ranges = family === 'v4' ? v4 : v6;
      if (ranges === undefined) return [family, 0n, '', 0n, ''] as const;
      const own = mergeRanges(rangesOfPool(pool), ranges.hosts);
      const used = held.filter((address) => own.some((range) => isInside(address, range)));
      const using = used.map(({ value, bits }) => ({ first: value, last: value, bits }));
      const outside = gapsBetween(own, ranges.hosts);
      const taken = mergeRanges([...outside, ...ranges.excluded, ...using], ranges.hosts);
      const free = gapsBetween(taken, ranges.hosts);
      const merged = mergeRanges(using, ranges.hosts);
      return [family, countAddresses(free), printRanges(free), BigInt(used.length), printRanges(merged)] as const;
    });
    return Object.fromEntries(
      counts.flatMap(([family, available, availableRange, using, usingRange]) => [
        [`${family}AvailableIPs`, String(available)],
        [`${family}AvailableIPRange`, availableRange],
        [`${family}UsingIPs`, String(using)],
        [`${family}UsingIPRange`, usingRange],
      ]),
    );
  }

  return {
    name: 'kube-ovn-ippool',
    keysOf: keysByResource({
      [`ippools.${group}`]: ({ metadata }) => [metadata.name],
      [`ips.${group}`]: (object: ClusterObject) => ofSubnet((object as Ip).spec.subnet),
      [`subnets.${group}`]: (object, { previous }) =>
        previous?.metadata.generation === object.metadata.generation ? [] : ofSubnet(object.metadata.name),
    }),
    reconcile(name) {
      const pool = pools.get(undefined, name);
      if (pool === undefined) return undefined;
      const counts = countsOf(pool, pool.spec?.subnet ?? '');
      const isSame = Object.entries(counts).every(([field, value]) => pool.status?.[field] === value);
      if (!isSame) pools.updateStatus(pool, { ...pool.status, ...counts });
      return undefined;
    },
  };
}
