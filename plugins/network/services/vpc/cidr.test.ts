import { BlockList } from 'node:net';
import fc from 'fast-check';
import { Address4, Address6 } from 'ip-address';
import { describe, expect, it } from 'vitest';
import {
  bitsOf,
  type Cidr,
  contains,
  countTaken,
  isCanonical,
  nextFree,
  overlaps,
  parseAddress,
  parseCidr,
  parseRange,
  printAddress,
  printCidr,
  sizeOf,
} from './cidr.ts';

function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed) throw new Error(`'${text}' is no network`);
  return parsed;
}

/** Any network of either family, as text that names any of its addresses. */
const anyCidr = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })),
);

/** Node's own reading of one network. */
function blockListOf(address: string, prefix: number): (other: string) => boolean {
  const list = new BlockList();
  list.addSubnet(address, prefix, address.includes(':') ? 'ipv6' : 'ipv4');
  return (other) => list.check(other, other.includes(':') ? 'ipv6' : 'ipv4');
}

describe('networks (NET-25, CON-23)', () => {
  it.each([
    ['10.0.0.7/24', '10.0.0.0/24'],
    ['192.168.255.255/16', '192.168.0.0/16'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['10.1.2.3/32', '10.1.2.3/32'],
    ['FD00:0:0:0:1:0:0:1/64', 'fd00::/64'],
    ['fd00:0:0:1:0:0:0:1/128', 'fd00:0:0:1::1/128'],
    ['::ffff:10.0.0.1/128', '::ffff:a00:1/128'],
    ['::/0', '::/0'],
  ])('are read and written: %s is %s', (text, canonical) => {
    expect(printCidr(cidr(text))).toBe(canonical);
    expect(isCanonical(text)).toBe(text === canonical);
  });

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/024',
    '10.0.0/24',
    '10.0.0.256/24',
    '010.0.0.0/8',
    ' 10.0.0.0/8',
    '10.0.0.0/8 ',
    '10.0.0.0/8/8',
    'fd00::/129',
    'fd00:::/64',
    'fe80::1%eth0/64',
    '١٠.0.0.0/8',
    'a'.repeat(100_000),
  ])('are nothing else: %j (refused)', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.1..10.0.0.9', '10.0.0.9'],
    ['fd00::1..fd00::ff', 'fd00::ff'],
  ])('have ranges as Kube-OVN writes them: %s', (text, last) => {
    const range = parseRange(text);
    expect(range && printAddress(range.family, range.last)).toBe(last);
  });

  it.each([
    '10.0.0.9..10.0.0.1',
    '10.0.0.1..',
    '..',
    '10.0.0.1..fd00::1',
    '10.0.0.1..10.0.0.2..10.0.0.3',
  ])('have no range %j (refused)', (text) => expect(parseRange(text)).toBeUndefined());

  it('hold the addresses that Node says, and no other', () => {
    fc.assert(
      fc.property(anyCidr, fc.ipV4(), fc.ipV6(), ([address, prefix], four, six) => {
        const network = cidr(`${address}/${prefix}`);
        const isInside = blockListOf(address, prefix);
        const { family, first, last } = network;
        const edges = [first, last].map((value) => printAddress(family, value));
        const beyond = [first - 1n, last + 1n]
          .filter((value) => value >= 0n && value < 1n << BigInt(bitsOf(family)))
          .map((value) => printAddress(family, value));
        for (const each of edges) expect(isInside(each)).toBe(true);
        for (const each of beyond) expect(isInside(each)).toBe(false);
        const other = family === 4 ? four : six;
        const value = parseAddress(other)?.value ?? -1n;
        expect(contains(network, { family, first: value, last: value })).toBe(isInside(other));
      }),
      { numRuns: 300 },
    );
  });

  it('begin, end, have their text and lie in one another as a library says that others wrote', () => {
    const theirs = (text: string) => (text.includes(':') ? new Address6(text) : new Address4(text));
    fc.assert(
      fc.property(anyCidr, anyCidr, ([address, prefix], [otherAddress, otherPrefix]) => {
        const text = `${address}/${prefix}`;
        const otherText = `${otherAddress}/${otherPrefix}`;
        const [one, other] = [cidr(text), cidr(otherText)];
        const [their, theirOther] = [theirs(text), theirs(otherText)];
        expect(one.first).toBe(their.startAddress().bigInt());
        expect(one.last).toBe(their.endAddress().bigInt());
        expect(printAddress(one.family, one.first)).toBe(their.startAddress().correctForm());
        const isOfOneFamily = one.family === other.family;
        expect(contains(one, other)).toBe(isOfOneFamily && theirOther.isInSubnet(their as never));
      }),
      { numRuns: 1_000 },
    );
  });

  it('come back from their own text, and overlap exactly where one holds the other', () => {
    fc.assert(
      fc.property(anyCidr, anyCidr, ([address, prefix], [otherAddress, otherPrefix]) => {
        const one = cidr(`${address}/${prefix}`);
        const other = cidr(`${otherAddress}/${otherPrefix}`);
        expect(cidr(printCidr(one))).toEqual(one);
        expect(overlaps(one, other)).toBe(contains(one, other) || contains(other, one));
        expect(overlaps(one, other)).toBe(overlaps(other, one));
      }),
      { numRuns: 300 },
    );
  });

  it('count what is taken of them as a set does', () => {
    const within = cidr('10.0.0.0/24');
    const range = fc.tuple(fc.integer({ min: -20, max: 275 }), fc.integer({ min: 0, max: 40 })).map(([from, more]) => ({
      family: 4 as const,
      first: within.first + BigInt(from),
      last: within.first + BigInt(from + more),
    }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), (taken) => {
        const all = new Set<bigint>();
        for (const { first, last } of taken) {
          for (let value = first; value <= last; value += 1n) {
            if (value >= within.first && value <= within.last) all.add(value);
          }
        }
        expect(countTaken(within, taken)).toBe(BigInt(all.size));
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['10.0.0.0/8', 16, ['10.0.0.0/16', '10.2.0.0/16'], '10.1.0.0/16'],
    ['10.0.0.0/24', 25, ['10.0.0.5/32'], '10.0.0.128/25'],
    ['10.0.0.0/24', 24, ['10.0.1.0/24'], '10.0.0.0/24'],
    ['10.0.0.0/24', 24, ['10.0.0.255/32'], undefined],
    ['10.0.0.0/24', 16, [], undefined],
    ['10.0.0.0/24', 33, [], undefined],
    ['fd00::/48', 64, ['fd00::/64'], 'fd00:0:0:1::/64'],
  ])('have free ones inside: in %s one of /%s beside %j is %s', (within, prefix, taken, expected) => {
    const found = nextFree(cidr(within), prefix, taken.map(cidr));
    expect(found && printCidr(found)).toBe(expected);
  });
});

/** A bit for each /29 of a /16: what a subnet takes is found by looking, not by arithmetic. */
const unit = 29;

function createBitmap(vpc: Cidr) {
  const units = new Uint8Array(Number(sizeOf(4, vpc.prefix) / sizeOf(4, unit)));
  const spanOf = ({ first, prefix }: Cidr) => {
    const from = Number((first - vpc.first) / sizeOf(4, unit));
    return [from, from + 2 ** (unit - prefix)] as const;
  };
  return {
    isFree: (network: Cidr) => units.subarray(...spanOf(network)).every((bit) => bit === 0),
    mark: (network: Cidr, bit: 0 | 1) => units.fill(bit, ...spanOf(network)),
    hasFree(prefix: number) {
      const length = 2 ** (unit - prefix);
      for (let from = 0; from < units.length; from += length) {
        if (units.subarray(from, from + length).every((bit) => bit === 0)) return true;
      }
      return false;
    },
  };
}

it('gives 10,000 random subnets of many VPCs no overlap, and refuses none that would fit (NET-25, NET-26)', () => {
  let seed = 20_261_122;
  const below = (end: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((seed / 2 ** 32) * end);
  };
  const vpcs = Array.from({ length: 40 }, (_, index) => {
    const network = cidr(`10.${index}.0.0/16`);
    return { network, bitmap: createBitmap(network), subnets: [] as Cidr[] };
  });
  const tally = { given: 0, refused: 0, overlapping: 0, falselyRefused: 0 };
  for (let request = 0; request < 10_000; request += 1) {
    const vpc = vpcs[below(vpcs.length)];
    if (!vpc) throw new Error('no VPC');
    const { network, bitmap, subnets } = vpc;
    // Some go, so that holes of all sizes come to be.
    if (subnets.length > 0 && below(4) === 0) {
      const [gone] = subnets.splice(below(subnets.length), 1);
      if (gone) bitmap.mark(gone, 0);
    }
    const prefix = 17 + below(13);
    const address = network.first + BigInt(below(65_536));
    const wanted = below(2) === 0 ? undefined : cidr(`${printAddress(4, address)}/${prefix}`);
    const isRefused = wanted !== undefined && subnets.some((other) => overlaps(wanted, other));
    const given = wanted === undefined ? nextFree(network, prefix, subnets) : isRefused ? undefined : wanted;
    const isPossible = wanted === undefined ? bitmap.hasFree(prefix) : bitmap.isFree(wanted);
    if (given === undefined) {
      tally.refused += 1;
      if (isPossible) tally.falselyRefused += 1;
      continue;
    }
    tally.given += 1;
    if (!bitmap.isFree(given) || !contains(network, given)) tally.overlapping += 1;
    bitmap.mark(given, 1);
    subnets.push(given);
  }
  expect(tally).toMatchObject({ overlapping: 0, falselyRefused: 0 });
  expect(tally.given + tally.refused).toBe(10_000);
  expect(Math.min(tally.given, tally.refused)).toBeGreaterThan(1_000);
});
