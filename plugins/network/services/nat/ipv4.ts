import { BlockList, isIPv4 } from 'node:net';

/** The IPv4 part of what Kube-OVN writes as `v4`, or `v4,v6` in dual stack; undefined where there is none. */
export function ipv4PartOf(text: string | undefined): string | undefined {
  return text?.split(',').find((part) => isIPv4(part.split('/')[0] ?? ''));
}

/** Whether an address lies in a range as `10.0.0.0/24`, or is the one address that the range is. */
export function liesIn(range: string, address: string): boolean {
  if (!isIPv4(address)) return false;
  const list = listOf(range);
  return list?.check(address) === true;
}

/** Whether two ranges have an address in common: of two blocks one holds the first address of the other then. */
export function doRangesMeet(one: string, other: string): boolean {
  return liesIn(one, firstOf(other)) || liesIn(other, firstOf(one));
}

const firstOf = (range: string): string => range.split('/')[0] ?? '';

function listOf(range: string): BlockList | undefined {
  const [address = '', mask = '32'] = range.split('/');
  if (!isIPv4(address) || !/^\d{1,2}$/.test(mask) || Number(mask) > 32) return undefined;
  const list = new BlockList();
  list.addSubnet(address, Number(mask));
  return list;
}
