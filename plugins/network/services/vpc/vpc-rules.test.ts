import { describe, expect, it } from 'vitest';
import { checkVpcCidr } from './allowed-cidrs.ts';
import { parseCidr, printCidr } from './cidr.ts';
import { networkObjectName } from './network-names.ts';
import { planSubnets, type SubnetWish } from './plan-subnets.ts';
import { addressesOf, isPlannedSubnet, isPlannedVpc, subnetStateOf, vpcStateOf } from './vpc-facts.ts';

const aks = ['10.0.0.0/9', '172.16.0.0/12', '192.168.0.0/16'];
const esk = ['10.0.0.0/8-24', '172.16.0.0/12-24', '192.168.0.0/16-24'];

describe('the range of a VPC', () => {
  it.each([
    ['10.0.0.0/9', aks],
    ['192.168.0.0/16', aks],
    ['10.0.0.0/8', esk],
    ['10.0.0.0/24', esk],
    ['172.16.0.0/12', esk],
    ['172.16.0.0/24', esk],
    ['100.64.0.0/10', null],
    ['fd00::/48', null],
  ])('may be %s (CON-23, NET-24, NET-30)', (cidr, allowed) => {
    expect(checkVpcCidr(cidr, allowed)).toEqual([]);
  });

  it.each([
    ['10.0.0.0/16', aks, 'cidr_not_allowed'],
    ['10.128.0.0/9', aks, 'cidr_not_allowed'],
    ['10.1.0.0/16', esk, 'cidr_not_allowed'],
    ['10.0.0.0/25', esk, 'cidr_not_allowed'],
    ['172.16.0.0/11', esk, 'not_a_network'],
    ['11.0.0.0/8', esk, 'cidr_not_allowed'],
    ['10.0.0.1/8', null, 'not_a_network'],
    ['10.0.0.0', null, 'invalid_cidr'],
    ['', null, 'invalid_cidr'],
    ['x'.repeat(10_000), null, 'invalid_cidr'],
  ])('may not be %s (refused, CON-23, NET-24, NET-30)', (cidr, allowed, code) => {
    expect(checkVpcCidr(cidr, allowed)).toMatchObject([{ path: ['cidr'], code }]);
  });
});

const limits = { maskMin: 16, maskMax: 29, maskDefault: 24, reserved: 3 };
const cidrs = (...texts: string[]) => texts.flatMap((text) => parseCidr(text) ?? []);
const front = { name: 'front', networks: cidrs('10.0.0.0/24') };

function plan(wishes: readonly SubnetWish[], more: object = {}, within = cidrs('10.0.0.0/16'), standing = [front]) {
  const { planned, issues } = planSubnets(wishes, within, standing, { ...limits, ...more });
  return [
    ...planned.map(({ network, gateway }) => `${printCidr(network)} ${gateway}`),
    ...issues.map(({ path, code }) => `${path.join('.')} ${code}`),
  ];
}

describe('new subnets', () => {
  it.each<[string, SubnetWish[], string[]]>([
    ['by a mask, at the lowest free place', [{ name: 'a', mask: 25 }], ['10.0.1.0/25 10.0.1.1']],
    ['by neither, with the mask of the platform', [{ name: 'a' }], ['10.0.1.0/24 10.0.1.1']],
    ['by a network', [{ name: 'a', cidr: '10.0.9.0/24' }], ['10.0.9.0/24 10.0.9.1']],
    ['with a gateway', [{ name: 'a', cidr: '10.0.9.0/24', gateway: '10.0.9.254' }], ['10.0.9.0/24 10.0.9.254']],
    [
      'several, those with a network first',
      [
        { name: 'a', mask: 24 },
        { name: 'b', cidr: '10.0.1.0/24' },
        { name: 'c', mask: 17 },
      ],
      ['10.0.2.0/24 10.0.2.1', '10.0.1.0/24 10.0.1.1', '10.0.128.0/17 10.0.128.1'],
    ],
  ])('lie %s (NET-25, NET-26, NET-31)', (_how, wishes, expected) => {
    expect(plan(wishes)).toEqual(expected);
  });

  it('may have the range of the VPC as a whole (NET-31)', () => {
    expect(plan([{ name: 'a', cidr: '10.0.0.0/16' }], {}, undefined, [])).toEqual(['10.0.0.0/16 10.0.0.1']);
  });

  it('of a VPC of IPv6 lie there (NET-25)', () => {
    expect(plan([{ name: 'a', mask: 64 }], {}, cidrs('fd00::/48'), [])).toEqual(['fd00::/64 fd00::1']);
  });

  it.each<[string, SubnetWish[], string[]]>([
    ['outside of the VPC', [{ name: 'a', cidr: '10.1.0.0/24' }], ['subnets.0.cidr outside_vpc']],
    ['around the VPC', [{ name: 'a', cidr: '10.0.0.0/15' }], ['subnets.0.cidr outside_vpc']],
    ['on one that is there', [{ name: 'a', cidr: '10.0.0.128/25' }], ['subnets.0.cidr overlaps']],
    [
      'on each other',
      [
        { name: 'a', cidr: '10.0.8.0/23' },
        { name: 'b', cidr: '10.0.9.0/24' },
      ],
      ['subnets.1.cidr overlaps'],
    ],
    ['with a mask that is too wide', [{ name: 'a', mask: 15 }], ['subnets.0.mask mask_out_of_range']],
    ['with a mask that is too narrow', [{ name: 'a', mask: 30 }], ['subnets.0.mask mask_out_of_range']],
    ['with a mask that is no number of bits', [{ name: 'a', mask: 24.5 }], ['subnets.0.mask mask_out_of_range']],
    ['where no room is left', [{ name: 'a', mask: 16 }], ['subnets.0.mask no_room']],
    ['in what is no network', [{ name: 'a', cidr: '10.0.9.7/24' }], ['subnets.0.cidr invalid_cidr']],
    ['with two masks', [{ name: 'a', cidr: '10.0.9.0/24', mask: 25 }], ['subnets.0.mask mask_differs']],
    [
      'with a gateway outside',
      [{ name: 'a', cidr: '10.0.9.0/24', gateway: '10.0.8.1' }],
      ['subnets.0.gateway gateway_outside'],
    ],
    [
      'with its last address as gateway',
      [{ name: 'a', cidr: '10.0.9.0/24', gateway: '10.0.9.255' }],
      ['subnets.0.gateway gateway_outside'],
    ],
  ])('cannot lie %s (refused, NET-25, NET-31)', (_where, wishes, expected) => {
    expect(plan(wishes)).toEqual(expected);
  });

  it('need a network of their own in a VPC that says no range (refused, NET-25)', () => {
    expect(plan([{ name: 'a', mask: 24 }], {}, [])).toEqual(['subnets.0.cidr required']);
  });

  it.each([
    [24, 3, 253n],
    [16, 4, 65_532n],
    [29, 4, 4n],
    [29, 3, 5n],
  ])('of /%i with %i addresses kept back have %s that can be used (CON-24, NET-25, NET-31)', (mask, reserved, usable) => {
    const { planned } = planSubnets([{ name: 'a', mask }], cidrs('10.0.0.0/8'), [], { ...limits, reserved });
    const [subnet] = planned;
    if (!subnet) throw new Error('nothing planned');
    const spec = { cidrBlock: printCidr(subnet.network), gateway: subnet.gateway, excludeIps: subnet.excludeIps };
    expect(addressesOf({ spec, status: { v4usingIPs: 1 } })).toMatchObject([
      { usable, used: 1n, available: usable - 1n },
    ]);
  });

  it('of IPv6 are counted to the last address (NET-25)', () => {
    const spec = {
      cidrBlock: '10.0.0.0/24,fd00::/64',
      gateway: '10.0.0.1,fd00::1',
      excludeIps: ['10.0.0.1', 'fd00::1'],
    };
    const status = { v6availableIPs: 18_446_744_073_709_552_000, v6usingIPs: 2 };
    expect(addressesOf({ spec, status }).map(({ cidr, available }) => [cidr, available])).toEqual([
      ['10.0.0.0/24', 253n],
      ['fd00::/64', 2n ** 64n - 5n],
    ]);
  });
});

describe('states', () => {
  const condition = (type: string, status: string, reason = 'Why', message = '') => ({ type, status, reason, message });
  const subnet = (...conditions: object[]) => ({ metadata: { name: 'a' }, status: { conditions } }) as never;

  it.each([
    ['nothing was said', subnet(), 'CREATING', null],
    ['it is ready', subnet(condition('Ready', 'True')), 'ENABLED', null],
    [
      'it is ready, though an old error stands',
      subnet(condition('Error', 'True'), condition('Ready', 'True')),
      'ENABLED',
      null,
    ],
    [
      'it was refused',
      subnet(condition('Ready', 'False', 'ValidateLogicalSwitchFailed', 'cidr conflicts'), condition('Error', 'True')),
      'FAILED',
      'cidr conflicts',
    ],
    [
      'it was refused without a word',
      subnet(condition('Validated', 'False', 'NoReadyGateway')),
      'FAILED',
      'NoReadyGateway',
    ],
  ])('of a subnet where %s (NET-25)', (_when, given, state, reason) => {
    expect(subnetStateOf(given)).toEqual({ state, reason });
  });

  it.each([
    [{ standby: true }, undefined, 'ENABLED'],
    [{ standby: false }, undefined, 'CREATING'],
    [undefined, undefined, 'CREATING'],
    [{ standby: true }, '2026-01-01T00:00:00Z', 'DELETING'],
  ])('of a VPC with the status %j (NET-24)', (status, deletionTimestamp, state) => {
    const metadata = { name: 'v', ...(deletionTimestamp ? { deletionTimestamp } : {}) };
    expect(vpcStateOf({ metadata, ...(status ? { status } : {}) })).toBe(state);
  });

  it('of what the platform has planned are told by name and by mark (NET-27, NET-28)', () => {
    const vpc = (name: string, isDefault = false) =>
      isPlannedVpc({ metadata: { name }, status: { default: isDefault } });
    const sub = (name: string, isDefault = false) =>
      isPlannedSubnet({ metadata: { name }, spec: { default: isDefault } });
    expect([vpc('ovn-cluster'), vpc('default-vpc'), vpc('x', true), vpc('x')]).toEqual([true, true, true, false]);
    expect([sub('ovn-default'), sub('join'), sub('default-subnet'), sub('x', true), sub('x')]).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('the name of the object behind a VPC or subnet', () => {
  it('is one that clusters take, says what it is, and is the same each time (NET-24)', () => {
    const name = networkObjectName('vpc', 'w-1', 'My Shop_Net!');
    expect(name).toMatch(/^vpc-my-shop-net-[0-9a-f]{10}$/);
    expect(networkObjectName('vpc', 'w-1', 'My Shop_Net!')).toBe(name);
    expect(networkObjectName('vpc', 'w-1', '商店')).toMatch(/^vpc-[0-9a-f]{10}$/);
    expect(networkObjectName('vpc', 'w-1', 'x'.repeat(128)).length).toBeLessThan(63);
  });

  it('is another one for another workspace, another VPC and another thing (NET-24)', () => {
    const names = [
      networkObjectName('vpc', 'w-1', 'shop'),
      networkObjectName('vpc', 'w-2', 'shop'),
      networkObjectName('vpc', undefined, 'shop'),
      networkObjectName('subnet', 'w-1', 'shop'),
      networkObjectName('subnet', 'w-1', 'other', 'shop'),
      networkObjectName('subnet', 'w-1', 'other-shop'),
    ];
    expect(new Set(names).size).toBe(names.length);
  });
});
