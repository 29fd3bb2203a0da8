import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { make } from '../../testing/make-nat.ts';
import { networkModeOf } from '../nat/network-mode.ts';
import { printAddress } from '../vpc/cidr.ts';
import { subnetKind, vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { countPool, ipKind, ipPoolKind } from './address-pools.ts';
import { type AddressFacts, freeOf, judgeAddresses, tellOfShortage } from './judge-addresses.ts';
import { chosenAddressesOf, podAddressing } from './pod-addressing.ts';

const subnet = (name: string, spec: object) => make(subnetKind, name, { spec });
const held = (name: string, of: string, v4IpAddress: string) =>
  make(ipKind, name, { spec: { podName: name, namespace: 'shop', subnet: of, v4IpAddress } });
const shared = make(ipPoolKind, 'shared', { spec: { subnet: 'own', ips: ['10.0.0.100..10.0.0.102'] } });

const facts: AddressFacts = {
  namespace: 'shop',
  vpcs: [make(vpcKind, 'net', { spec: { namespaces: ['team-b'] } })],
  subnets: [
    subnet('own', { vpc: 'net', cidrBlock: '10.0.0.0/24', gateway: '10.0.0.1', namespaces: ['shop'] }),
    subnet('theirs', { vpc: 'net', cidrBlock: '10.0.1.0/24', gateway: '10.0.1.1', namespaces: ['team-b'] }),
    subnet('mine', { vpc: 'net', cidrBlock: '10.0.2.0/24', gateway: '10.0.2.1' }),
    subnet('everybody', { cidrBlock: '10.16.0.0/16', gateway: '10.16.0.1', default: true }),
  ],
  pools: [
    shared,
    make(ipPoolKind, 'theirs', { spec: { subnet: 'own', ips: ['10.0.0.200'], namespaces: ['team-b'] } }),
    make(ipPoolKind, 'ours', { spec: { subnet: 'own', ips: ['10.0.0.201'], namespaces: ['shop'] } }),
  ],
  ips: [held('web-0', 'own', '10.0.0.50'), held('other', 'own', '10.0.0.100'), held('far', 'theirs', '10.0.0.60')],
  mayUse: ({ metadata }) => metadata.name === 'mine',
};

describe('chosen addresses (NET-42)', () => {
  it.each([
    ['a free one of the subnet of the namespace', { addresses: ['10.0.0.5'] }],
    ['one that a subnet elsewhere has given out', { addresses: ['10.0.0.60'] }],
    ['a pool for everybody', { pool: 'shared' }],
    ['a pool of the namespace', { pool: 'ours' }],
    ['a pool with its subnet', { pool: 'ours', subnet: 'own' }],
    ['an address of such a pool', { addresses: ['10.0.0.201'] }],
    ['one of a subnet that the writer may see', { addresses: ['10.0.2.7'], subnet: 'mine' }],
    ['a subnet alone', { subnet: 'own' }],
  ])('are taken: %s', (_what, chosen) => {
    expect(judgeAddresses(chosen, undefined, facts)).toEqual([]);
  });

  it.each([
    ['a subnet of others', { addresses: ['10.0.1.5'], subnet: 'theirs' }, 'unknown'],
    ['a subnet that is not there', { addresses: ['10.0.1.5'], subnet: 'nowhere' }, 'unknown'],
    ['a pool of others', { pool: 'theirs' }, 'unknown'],
    ['a pool that is not there', { pool: 'nowhere' }, 'unknown'],
    ['a pool of another subnet', { pool: 'shared', subnet: 'mine' }, 'outside_subnet'],
    ['a word', { addresses: ['ten'] }, 'invalid_address'],
    ['a range', { addresses: ['10.0.0.5..10.0.0.9'] }, 'invalid_address'],
    ['one twice', { addresses: ['10.0.0.5', '10.0.0.5'] }, 'duplicate'],
    ['one outside', { addresses: ['10.0.9.5'] }, 'outside_subnet'],
    ['the gateway', { addresses: ['10.0.0.1'] }, 'reserved'],
    ['the first of the subnet', { addresses: ['10.0.0.0'] }, 'reserved'],
    ['the last of the subnet', { addresses: ['10.0.0.255'] }, 'reserved'],
    ['one of a pool of others', { addresses: ['10.0.0.200'] }, 'reserved'],
    ['one that a pod has', { addresses: ['10.0.0.50'] }, 'address_taken'],
  ])('are refused: %s (refused)', (_what, chosen, code) => {
    expect(judgeAddresses(chosen, undefined, facts).map((issue) => issue.code)).toEqual([code]);
  });

  it('are not judged again where they are there already, as by the pods that have them', () => {
    const before = { addresses: ['10.0.0.50'] };
    expect(judgeAddresses(before, before, facts)).toEqual([]);
    expect(judgeAddresses({ addresses: ['10.0.0.50', '10.0.0.51'] }, before, facts)).toEqual([]);
  });

  it('lie in the subnets of the VPC, else of the cluster, where the namespace has none of its own', () => {
    const elsewhere = { ...facts, namespace: 'any' };
    expect(judgeAddresses({ addresses: ['10.16.3.3'] }, undefined, elsewhere)).toEqual([]);
    expect(judgeAddresses({ addresses: ['10.0.2.9'] }, undefined, { ...facts, namespace: 'team-b' })).toMatchObject([
      { code: 'outside_subnet' },
    ]);
  });
});

describe('too few of them (NET-42)', () => {
  it.each([
    ['a list for as many pods', { addresses: ['10.0.0.5', '10.0.0.6'] }, 2, undefined],
    [
      'a list for more',
      { addresses: ['10.0.0.5', '10.0.0.6'] },
      5,
      '3 of 5 pods will stay pending without an address: there are 2',
    ],
    ['a pool for as many as are free', { pool: 'shared' }, 2, undefined],
    [
      'a pool for more',
      { pool: 'shared' },
      3,
      "1 of 3 pods will stay pending without an address: the address pool 'shared' has 2 free",
    ],
  ])('are told of: %s', (_what, chosen, pods, told) => {
    expect(tellOfShortage(chosen, pods, facts)).toBe(told);
  });

  it('are counted once each, however the ranges of a pool overlap', () => {
    expect(freeOf(shared, facts.ips)).toBe(2n);
    const one = fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 }));
    fc.assert(
      fc.property(fc.array(one, { maxLength: 8 }), fc.array(fc.integer({ min: 0, max: 60 })), (pairs, used) => {
        const range = (from: number, to = from) => ({ family: 4 as const, first: BigInt(from), last: BigInt(to) });
        const ranges = pairs.map(([a, b]) => range(Math.min(a, b), Math.max(a, b)));
        const all = new Set(
          pairs.flatMap(([a, b]) => {
            const from = Math.min(a, b);
            return Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => from + at);
          }),
        );
        const counted = countPool(
          ranges,
          used.map((each) => range(each)),
        );
        expect(counted).toEqual({
          total: BigInt(all.size),
          used: BigInt(new Set(used.filter((each) => all.has(each))).size),
        });
      }),
    );
  });
});

describe('chosen addresses on a pod (NET-41, NET-42)', () => {
  const clean = (map: Readonly<Record<string, string | null>>) =>
    Object.fromEntries(Object.entries(map).flatMap(([key, value]) => (value === null ? [] : [[key, value]])));
  const address = fc.nat({ max: 2 ** 31 }).map((value) => printAddress(4, BigInt(value)));
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);

  it('are read as they were written, and make the mode FLOATING_IP', () => {
    const chosen = fc.oneof(
      fc.record({ pool: name, subnet: fc.option(name, { nil: undefined }) }),
      fc.record({
        addresses: fc.uniqueArray(address, { minLength: 1, maxLength: 5 }),
        subnet: fc.option(name, { nil: undefined }),
      }),
    );
    fc.assert(
      fc.property(chosen, (wish) => {
        const annotations = clean(podAddressing.annotationsFor(wish));
        expect(chosenAddressesOf(annotations)).toEqual(wish);
        expect(networkModeOf({ metadata: { annotations } })).toBe('FLOATING_IP');
      }),
    );
  });

  it('are no more where any will do', () => {
    expect(clean(podAddressing.annotationsFor(undefined))).toEqual({});
    expect(chosenAddressesOf({})).toBeUndefined();
  });

  it('are told from what the engine gave, which a copy leaves behind', () => {
    const given = {
      'ovn.kubernetes.io/allocated': 'true',
      'ovn.kubernetes.io/ip_address': '10.0.0.5',
      'ovn.kubernetes.io/mac_address': '02:00:00:00:00:01',
      'ovn.kubernetes.io/logical_switch': 'own',
    };
    expect(chosenAddressesOf(given)).toBeUndefined();
    expect(podAddressing.withoutGiven({ ...given, note: 'x' })).toEqual({ note: 'x' });
    expect(podAddressing.withoutGiven({ ...given, 'ovn.kubernetes.io/ip_pool': '10.0.0.5' })).toEqual({
      'ovn.kubernetes.io/ip_pool': '10.0.0.5',
      'ovn.kubernetes.io/logical_switch': 'own',
    });
  });
});
