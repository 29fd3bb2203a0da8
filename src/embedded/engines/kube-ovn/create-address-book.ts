import { type AddressRange, isInside, parseAddress, printAddress, rangesOverlap } from './address-math.ts';
import type { Subnet } from './kinds.ts';
import { type FamilyRanges, rangesOf } from './subnet-ranges.ts';

/** Problems by the names that Kube-OVN gives them. */
export type AddressProblem = 'AddressOutOfRange' | 'AddressConflict' | 'NoAvailableAddress' | 'IPPoolNotFound';

export interface Lease {
  readonly v4: string;
  readonly v6: string;
}

export type TakenAddress = { readonly lease: Lease } | { readonly problem: AddressProblem };

/** Who holds which address of which subnet. Nothing is given out but by the book, so it needs no look at objects. */
export interface AddressBook {
  /**
   * One address of each family of the subnet: what the owner holds already, the wanted ones (kept back or not), or the
   * next free ones behind those given out last, so that what was freed rests for a while: of the scope, where there is one.
   */
  take(subnet: Subnet, owner: string, wanted?: string, scope?: AddressScope): TakenAddress;
  /** Gives back what the owner holds, in whatever subnet. */
  release(owner: string): void;
  /** All addresses that are given out. */
  held(subnet: string): string[];
  hasFree(subnet: Subnet): boolean;
}

/** Which addresses of a subnet may be given to who wants none: those of a pool, or those that no pool keeps. */
export interface AddressScope {
  readonly within?: readonly AddressRange[];
  readonly without?: readonly AddressRange[];
}

interface Page {
  readonly owners: Map<string, string>;
  readonly leases: Map<string, Lease>;
  readonly next: { v4: bigint | undefined; v6: bigint | undefined };
}

export function createAddressBook(): AddressBook {
  const pages = new Map<string, Page>();

  function pageOf(subnet: string): Page {
    const page: Page = pages.get(subnet) ?? {
      owners: new Map(),
      leases: new Map(),
      next: { v4: undefined, v6: undefined },
    };
    pages.set(subnet, page);
    return page;
  }

  function write(page: Page, owner: string, lease: Lease): TakenAddress {
    for (const address of addressesOf(lease)) page.owners.set(address, owner);
    page.leases.set(owner, lease);
    return { lease };
  }

  function takeWanted(page: Page, subnet: Subnet, owner: string, wanted: string): TakenAddress {
    const { v4, v6 } = rangesOf(subnet.spec ?? {});
    const lease = { v4: '', v6: '' };
    for (const text of wanted.split(',').map((each) => each.trim())) {
      const address = parseAddress(text);
      const family = address?.bits === 128 ? v6 : v4;
      if (address === undefined || family === undefined || !isInside(address, family.network)) {
        return { problem: 'AddressOutOfRange' };
      }
      const printed = printAddress(address);
      const holder = page.owners.get(printed);
      if (holder !== undefined && holder !== owner) return { problem: 'AddressConflict' };
      lease[address.bits === 32 ? 'v4' : 'v6'] = printed;
    }
    return write(page, owner, lease);
  }

  return {
    take(subnet, owner, wanted, scope = {}) {
      const page = pageOf(subnet.metadata.name);
      const present = page.leases.get(owner);
      if (present !== undefined) return { lease: present };
      if (wanted !== undefined && wanted !== '') return takeWanted(page, subnet, owner, wanted);
      const { v4, v6 } = rangesOf(subnet.spec ?? {});
      const freeV4 = v4 === undefined ? undefined : findInScope(v4, page, page.next.v4, scope);
      const freeV6 = v6 === undefined ? undefined : findInScope(v6, page, page.next.v6, scope);
      const isShort = (v4 !== undefined && freeV4 === undefined) || (v6 !== undefined && freeV6 === undefined);
      if (isShort || (v4 === undefined && v6 === undefined)) return { problem: 'NoAvailableAddress' };
      if (freeV4 !== undefined && !scope.within) page.next.v4 = freeV4 + 1n;
      if (freeV6 !== undefined && !scope.within) page.next.v6 = freeV6 + 1n;
      return write(page, owner, {
        v4: freeV4 === undefined ? '' : printAddress({ value: freeV4, bits: 32 }),
        v6: freeV6 === undefined ? '' : printAddress({ value: freeV6, bits: 128 }),
      });
    },
    release(owner) {
      for (const { leases, owners } of pages.values()) {
        const lease = leases.get(owner);
        if (lease === undefined) continue;
        leases.delete(owner);
        for (const address of addressesOf(lease)) owners.delete(address);
      }
    },
    held: (subnet) => [...(pages.get(subnet)?.owners.keys() ?? [])],
    hasFree(subnet) {
      const page = pageOf(subnet.metadata.name);
      const families = Object.values(rangesOf(subnet.spec ?? {})) as FamilyRanges[];
      return families.length > 0 && families.every((family) => findFree(family, page, undefined) !== undefined);
    },
  };
}

function addressesOf({ v4, v6 }: Lease): string[] {
  return [v4, v6].filter((address) => address !== '');
}

/** Pools are small: their first free address; else the next one that no pool keeps. */
function findInScope(
  family: FamilyRanges,
  page: Page,
  start: bigint | undefined,
  { within, without = [] }: AddressScope,
): bigint | undefined {
  const { bits } = family.hosts;
  if (!within) {
    const kept = without.filter((range) => range.bits === bits);
    return findFree({ ...family, excluded: [...family.excluded, ...kept] }, page, start);
  }
  const found = within
    .filter((range) => range.bits === bits && rangesOverlap(range, family.hosts))
    .map((range) => search(range, family.excluded, page.owners));
  return found.find((address) => address !== undefined);
}

/** The first free address from `start` on, then from the beginning; steps over whole ranges that are kept back. */
function findFree({ hosts, excluded }: FamilyRanges, { owners }: Page, start: bigint | undefined): bigint | undefined {
  const from = start === undefined || start > hosts.last || start < hosts.first ? hosts.first : start;
  return search({ ...hosts, first: from }, excluded, owners) ?? search({ ...hosts, last: from - 1n }, excluded, owners);
}

function search(
  { first, last, bits }: AddressRange,
  excluded: readonly AddressRange[],
  owners: ReadonlyMap<string, string>,
): bigint | undefined {
  let candidate = first;
  while (candidate <= last) {
    const value = candidate;
    const kept = excluded.find((range) => isInside({ value, bits }, range));
    if (kept !== undefined) candidate = kept.last + 1n;
    else if (owners.has(printAddress({ value, bits }))) candidate += 1n;
    else return candidate;
  }
  return undefined;
}
