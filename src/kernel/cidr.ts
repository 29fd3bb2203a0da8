import { isIP } from 'node:net';

export type Family = 4 | 6;

/** A run of addresses of one family, both ends included. Exact: sizes of IPv6 are beyond what a number holds. */
export interface AddressRange {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/** A network as CIDR writes it; `first` is its network address. */
export interface Cidr extends AddressRange {
  /** Length of the mask: 24 in `10.0.0.0/24`. */
  readonly prefix: number;
}

export const bitsOf = (family: Family): number => (family === 4 ? 32 : 128);

/** An address in its usual text (RFC 4291, RFC 5952), no zones; undefined for anything else. */
export function parseAddress(text: string): { readonly family: Family; readonly value: bigint } | undefined {
  if (text.includes('%')) return undefined;
  const family = isIP(text);
  if (family === 4) return { family, value: valueOf4(text) };
  return family === 6 ? { family, value: valueOf6(text) } : undefined;
}

/** As RFC 5952 has it: lower case, the first of the longest runs of zeros left out. */
export function printAddress(family: Family, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  const runs = [
    ...groups
      .map((group) => (group === '0' ? '0' : '1'))
      .join('')
      .matchAll(/00+/g),
  ];
  const longest = runs.toSorted((one, other) => other[0].length - one[0].length || one.index - other.index)[0];
  if (longest === undefined) return groups.join(':');
  const { index } = longest;
  return `${groups.slice(0, index).join(':')}::${groups.slice(index + longest[0].length).join(':')}`;
}

/** The network that a CIDR names, whatever address of it stands there; undefined for what is none. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', length = ''] = /^([^/]{2,45})\/(\d{1,3})$/.exec(text) ?? [];
  const parsed = parseAddress(address);
  const prefix = Number(length);
  if (parsed === undefined || prefix > bitsOf(parsed.family) || String(prefix) !== length) return undefined;
  const size = sizeOf(parsed.family, prefix);
  const first = parsed.value - (parsed.value % size);
  return { family: parsed.family, prefix, first, last: first + size - 1n };
}

/** Its canonical text: `10.0.0.0/24` for `10.0.0.7/24`. */
export const printCidr = ({ family, first, prefix }: Cidr): string => `${printAddress(family, first)}/${prefix}`;

/** Whether the text names the network by its first address, so that nobody meant another one. */
export const isCanonical = (text: string): boolean => {
  const parsed = parseCidr(text);
  return parsed !== undefined && printCidr(parsed) === text;
};

/** How many addresses a network of this mask has, all of them counted. */
export const sizeOf = (family: Family, prefix: number): bigint => 1n << BigInt(bitsOf(family) - prefix);

export function contains(outer: AddressRange, inner: AddressRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}

export function overlaps(one: AddressRange, other: AddressRange): boolean {
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

/** One address, or several as Kube-OVN writes them: `10.0.0.1..10.0.0.9`. */
export function parseRange(text: string): AddressRange | undefined {
  const [from = '', to = from, ...more] = text.split('..');
  const [first, last] = [parseAddress(from), parseAddress(to)];
  if (more.length > 0 || !first || !last || first.family !== last.family || last.value < first.value) return undefined;
  return { family: first.family, first: first.value, last: last.value };
}

/**
 * The lowest network of this mask inside another one that touches nothing taken; undefined where there is none. As every
 * network of a mask begins at a multiple of its size, one is found whenever there is one.
 */
export function nextFree(within: Cidr, prefix: number, taken: readonly AddressRange[]): Cidr | undefined {
  if (prefix < within.prefix || prefix > bitsOf(within.family)) return undefined;
  const size = sizeOf(within.family, prefix);
  const sorted = taken
    .filter((range) => overlaps(range, within))
    .toSorted((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  let first = within.first;
  for (const range of sorted) {
    if (range.first >= first + size) break;
    if (range.last >= first) first = ((range.last + size) / size) * size;
  }
  const last = first + size - 1n;
  return last <= within.last ? { family: within.family, prefix, first, last } : undefined;
}

/** How many different addresses of a network these ranges take, however they overlap. */
export function countTaken(within: AddressRange, taken: readonly AddressRange[]): bigint {
  const sorted = taken
    .filter((range) => overlaps(range, within))
    .map(({ first, last }) => ({
      first: first < within.first ? within.first : first,
      last: last > within.last ? within.last : last,
    }))
    .toSorted((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
  let count = 0n;
  let behind = within.first;
  for (const { first, last } of sorted) {
    if (last < behind) continue;
    count += last - (first < behind ? behind : first) + 1n;
    behind = last + 1n;
  }
  return count;
}

function valueOf4(text: string): bigint {
  return text.split('.').reduce((value, part) => (value << 8n) | BigInt(part), 0n);
}

function valueOf6(text: string): bigint {
  // The last 32 bits may be written as IPv4.
  const tail = /:([\d.]+\.[\d.]+)$/.exec(text)?.[1];
  const low = tail === undefined ? undefined : valueOf4(tail);
  const plain =
    low === undefined || tail === undefined
      ? text
      : `${text.slice(0, -tail.length)}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head = '', rest] = plain.split('::');
  const groupsOf = (part: string): readonly string[] => (part === '' ? [] : part.split(':'));
  const front = groupsOf(head);
  const back = rest === undefined ? [] : groupsOf(rest);
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => '0');
  return [...front, ...(rest === undefined ? [] : zeros), ...back].reduce(
    (value, group) => (value << 16n) | BigInt(`0x${group}`),
    0n,
  );
}
