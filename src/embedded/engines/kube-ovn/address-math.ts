/** Addresses and networks of both families, exact: sizes of IPv6 are beyond what a number holds. */
export interface Address {
  readonly value: bigint;
  readonly bits: 32 | 128;
}

export interface AddressRange {
  readonly first: bigint;
  readonly last: bigint;
  readonly bits: 32 | 128;
}

export interface Network extends AddressRange {
  readonly prefix: number;
}

/** An address in text; undefined for anything else, IPv4 inside of IPv6 included. */
export function parseAddress(text: string): Address | undefined {
  return text.includes(':') ? parseVersion6(text) : parseVersion4(text);
}

/** As Go prints it: the longest run of zeros of an IPv6 address is left out. */
export function printAddress({ value, bits }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
  const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
  const { from, length } = longestZeros(groups);
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + length).join(':')}`;
}

/** The network that a CIDR names, whatever address of it stands there. */
export function parseNetwork(cidr: string): Network | undefined {
  const [, text = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const address = parseAddress(text);
  const prefix = Number(length);
  if (address === undefined || length === '' || prefix > address.bits) return undefined;
  const size = 1n << BigInt(address.bits - prefix);
  const first = address.value - (address.value % size);
  return { first, last: first + size - 1n, bits: address.bits, prefix };
}

export function printNetwork({ first, bits, prefix }: Network): string {
  return `${printAddress({ value: first, bits })}/${prefix}`;
}

/** `10.0.0.1..10.0.0.9`, or one address. */
export function parseRange(text: string): AddressRange | undefined {
  const parts = text.split('..');
  const first = parseAddress(parts[0] ?? '');
  const last = parseAddress(parts[1] ?? parts[0] ?? '');
  if (parts.length > 2 || first === undefined || last?.bits !== first.bits || last.value < first.value)
    return undefined;
  return { first: first.value, last: last.value, bits: first.bits };
}

export function isInside({ value, bits }: Address, range: AddressRange): boolean {
  return bits === range.bits && value >= range.first && value <= range.last;
}

export function rangesOverlap(one: AddressRange, other: AddressRange): boolean {
  return one.bits === other.bits && one.first <= other.last && other.first <= one.last;
}

/** Addresses that hosts can have: without the first and the last one, unless there are no others. */
export function hostsOf(network: Network): AddressRange {
  const isTiny = network.last - network.first < 3n;
  return isTiny ? network : { first: network.first + 1n, last: network.last - 1n, bits: network.bits };
}

/** The ranges inside the network, in order, those that touch joined. */
export function mergeRanges(ranges: readonly AddressRange[], within: AddressRange): AddressRange[] {
  const merged: AddressRange[] = [];
  const inside = ranges
    .filter((range) => rangesOverlap(range, within))
    .map(({ first, last, bits }) => ({ first: max(first, within.first), last: min(last, within.last), bits }))
    .sort((left, right) => (left.first < right.first ? -1 : left.first > right.first ? 1 : 0));
  for (const range of inside) {
    const before = merged.at(-1);
    if (before === undefined || range.first > before.last + 1n) merged.push(range);
    else merged[merged.length - 1] = { ...before, last: max(before.last, range.last) };
  }
  return merged;
}

/** What is left of a range without others, which are in order and apart. */
export function gapsBetween(taken: readonly AddressRange[], within: AddressRange): AddressRange[] {
  const gaps: AddressRange[] = [];
  let next = within.first;
  for (const { first, last } of taken) {
    if (first > next) gaps.push({ first: next, last: first - 1n, bits: within.bits });
    next = last + 1n;
  }
  if (next <= within.last) gaps.push({ first: next, last: within.last, bits: within.bits });
  return gaps;
}

export function countAddresses(ranges: readonly AddressRange[]): bigint {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}

export function printRanges(ranges: readonly AddressRange[]): string {
  const print = (value: bigint, bits: 32 | 128): string => printAddress({ value, bits });
  return ranges
    .map(({ first, last, bits }) =>
      first === last ? print(first, bits) : `${print(first, bits)}-${print(last, bits)}`,
    )
    .join(',');
}

function parseVersion4(text: string): Address | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) {
    return undefined;
  }
  return { value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n), bits: 32 };
}

function parseVersion6(text: string): Address | undefined {
  const halves = text.split('::');
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - head.length - tail.length;
  const isFitting = halves.length === 1 ? missing === 0 : halves.length === 2 && missing > 0;
  const groups = [...head, ...Array<string>(isFitting ? missing : 0).fill('0'), ...tail];
  if (!isFitting || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  return { value: groups.reduce((sum, group) => (sum << 16n) + BigInt(`0x${group}`), 0n), bits: 128 };
}

function longestZeros(groups: readonly string[]): { readonly from: number; readonly length: number } {
  let best = { from: 0, length: 0 };
  let from = 0;
  for (let at = 0; at <= groups.length; at += 1) {
    if (groups[at] === '0') continue;
    if (at - from > best.length) best = { from, length: at - from };
    from = at + 1;
  }
  return best;
}

function max(left: bigint, right: bigint): bigint {
  return left > right ? left : right;
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
