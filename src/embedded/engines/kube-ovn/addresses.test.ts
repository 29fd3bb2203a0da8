import { BlockList, isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countAddresses,
  gapsBetween,
  isInside,
  mergeRanges,
  parseAddress,
  parseNetwork,
  parseRange,
  printAddress,
  printNetwork,
  printRanges,
} from './address-math.ts';
import { createAddressBook } from './create-address-book.ts';
import { formatSubnet } from './format-subnet.ts';
import type { Subnet, SubnetSpec } from './kinds.ts';
import { countSubnet, rangesOf } from './subnet-ranges.ts';

const v4Texts = fc.ipV4();
const v6Texts = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 })
  .map((groups) => groups.map((each) => each.toString(16)).join(':'));

describe('addresses', () => {
  it('are read and printed without a change, as the platform itself would', () => {
    fc.assert(
      fc.property(fc.oneof(v4Texts, v6Texts), (text) => {
        const address = parseAddress(text);
        const printed = address === undefined ? '' : printAddress(address);
        expect(isIP(printed)).toBe(text.includes(':') ? 6 : 4);
        expect(parseAddress(printed)).toEqual(address);
        if (text.includes(':')) expect(printed).toBe(new URL(`http://[${text}]`).hostname.slice(1, -1));
      }),
    );
  });

  it('lie in a network or not, as the platform itself says', () => {
    fc.assert(
      fc.property(v4Texts, fc.integer({ min: 0, max: 32 }), v4Texts, (base, prefix, other) => {
        const list = new BlockList();
        list.addSubnet(base, prefix, 'ipv4');
        const network = parseNetwork(`${base}/${prefix}`);
        const address = parseAddress(other);
        expect(network !== undefined && address !== undefined && isInside(address, network)).toBe(list.check(other));
        expect(network === undefined ? '' : parseNetwork(printNetwork(network))).toEqual(network);
      }),
    );
  });

  it.each([
    '10.0.0',
    '10.0.0.256',
    '10.0.0.01',
    '1.2.3.4.5',
    '::1::',
    ':::',
    '1:2:3:4:5:6:7',
    'g::',
    '::ffff:1.2.3.4',
    '',
  ])('are not %s (refused)', (text) => expect(parseAddress(text)).toBeUndefined());

  it.each(['10.0.0.0/33', '10.0.0.0/', '/8', '::/129', '10.0.0.0/-1'])('make no network of %s (refused)', (text) =>
    expect(parseNetwork(text)).toBeUndefined());

  it('divide a range into what is taken and what is left', () => {
    const ranges = fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 40 })), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(ranges, (drawn) => {
        const within = { first: 10n, last: 250n, bits: 32 } as const;
        const taken = mergeRanges(
          drawn.map(([first, size]) => ({ first: BigInt(first), last: BigInt(first + size), bits: 32 })),
          within,
        );
        const isTaken = (value: number): boolean =>
          drawn.some(([first, size]) => value >= first && value <= first + size);
        const expected = Array.from({ length: 241 }, (_, at) => at + 10).filter(isTaken).length;
        expect(countAddresses(taken)).toBe(BigInt(expected));
        expect(countAddresses(gapsBetween(taken, within))).toBe(BigInt(241 - expected));
      }),
    );
  });

  it.each([
    ['10.0.0.1..10.0.0.3', '10.0.0.1-10.0.0.3'],
    ['10.0.0.1', '10.0.0.1'],
    ['10.0.0.3..10.0.0.1', undefined],
    ['10.0.0.1..::1', undefined],
  ])('are a range: %s', (text, printed) => {
    const range = parseRange(text);
    expect(range === undefined ? undefined : printRanges([range])).toBe(printed);
  });
});

const subnet = (spec: SubnetSpec): Subnet => {
  const formatted = formatSubnet('s', spec);
  if ('problem' in formatted) throw new Error(formatted.problem);
  return { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', metadata: { name: 's' }, spec: formatted.spec };
};

describe('createAddressBook', () => {
  it('gives every owner one address of the subnet, none twice and none that is kept back, to the last', () => {
    const actions = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 12 })), { maxLength: 60 });
    fc.assert(
      fc.property(actions, (drawn) => {
        const book = createAddressBook();
        const of = subnet({ cidrBlock: '10.0.0.0/28', excludeIps: ['10.0.0.5..10.0.0.9'] });
        const leases = new Map<string, string>();
        for (const [isTaking, number] of drawn) {
          const owner = `o${number}`;
          if (isTaking) {
            const taken = book.take(of, owner);
            if ('lease' in taken) leases.set(owner, taken.lease.v4);
            // 14 hosts without the gateway and the five that are kept back.
            else expect(leases.size).toBe(8);
          } else {
            book.release(owner);
            leases.delete(owner);
          }
          expect(new Set(leases.values()).size).toBe(leases.size);
          expect(book.held('s').sort()).toEqual([...leases.values()].sort());
        }
        for (const address of leases.values()) {
          const host = Number(address.split('.')[3]);
          expect(host > 1 && host < 15 && (host < 5 || host > 9)).toBe(true);
        }
      }),
    );
  });

  it('lets a freed address rest until the others were given out', () => {
    const book = createAddressBook();
    const of = subnet({ cidrBlock: '10.0.0.0/29' });
    const next = (owner: string): string => {
      const taken = book.take(of, owner);
      return 'lease' in taken ? taken.lease.v4 : taken.problem;
    };
    expect(next('a')).toBe('10.0.0.2');
    book.release('a');
    expect(['b', 'c', 'd', 'e', 'f', 'g'].map(next)).toEqual([
      '10.0.0.3',
      '10.0.0.4',
      '10.0.0.5',
      '10.0.0.6',
      '10.0.0.2',
      'NoAvailableAddress',
    ]);
    expect(book.hasFree(of)).toBe(false);
  });

  it.each([
    ['10.0.0.9', { lease: { v4: '10.0.0.9', v6: '' } }],
    ['10.0.0.1', { lease: { v4: '10.0.0.1', v6: '' } }],
    ['10.0.0.2', { problem: 'AddressConflict' }],
    ['10.0.1.2', { problem: 'AddressOutOfRange' }],
    ['fd00::2', { problem: 'AddressOutOfRange' }],
  ])('gives %s where it is asked for and can', (wanted, answer) => {
    const book = createAddressBook();
    const of = subnet({ cidrBlock: '10.0.0.0/24' });
    book.take(of, 'other');
    expect(book.take(of, 'me', wanted)).toEqual(answer);
  });

  it('gives one address of each family', () => {
    const dual = subnet({ cidrBlock: '10.0.0.0/24,fd00::/64' });
    expect(createAddressBook().take(dual, 'me')).toEqual({ lease: { v4: '10.0.0.2', v6: 'fd00::2' } });
  });
});

describe('countSubnet', () => {
  it.each([
    ['10.0.0.0/24', [], 253],
    ['10.0.0.0/29', [], 5],
    ['10.0.0.0/30', [], 1],
    ['10.0.0.0/8', [], 16_777_213],
    ['10.0.0.0/24', ['10.0.0.1..10.0.0.10'], 244],
    ['10.0.0.0/24', ['10.0.0.0..10.0.0.255'], 0],
  ])('counts %s without %j as %d', (cidrBlock, excludeIps, available) => {
    const { spec = {} } = subnet({ cidrBlock, excludeIps });
    expect(countSubnet(rangesOf(spec), [], 0)).toMatchObject({ v4availableIPs: available, v6availableIPs: 0 });
  });

  it('counts both families, whose users are the same', () => {
    const { spec = {} } = subnet({ cidrBlock: '10.0.0.0/29,fd00::/120' });
    expect(countSubnet(rangesOf(spec), ['10.0.0.3', 'fd00::3'], 1)).toEqual({
      v4availableIPs: 4,
      v4availableIPrange: '10.0.0.2,10.0.0.4-10.0.0.6',
      v4usingIPs: 1,
      v4usingIPrange: '10.0.0.3',
      v6availableIPs: 252,
      v6availableIPrange: 'fd00::2,fd00::4-fd00::fe',
      v6usingIPs: 1,
      v6usingIPrange: 'fd00::3',
    });
  });
});
