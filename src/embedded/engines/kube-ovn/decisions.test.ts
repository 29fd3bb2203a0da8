import { describe, expect, it } from 'vitest';
import { decideNamespaceSubnets } from './decide-namespace-subnets.ts';
import { decideSubnetConditions } from './decide-subnet-conditions.ts';
import { formatSubnet } from './format-subnet.ts';
import type { IptablesPlural, IptablesRule, Subnet, SubnetSpec, Vpc } from './kinds.ts';
import { ruleProblem } from './rule-problem.ts';
import { conflictProblem, subnetProblem } from './subnet-problem.ts';

const subnet = (name: string, spec: SubnetSpec): Subnet => ({
  apiVersion: 'v1',
  kind: 'Subnet',
  metadata: { name },
  spec,
});

describe('formatSubnet', () => {
  it.each([
    [{ cidrBlock: '10.1.2.3/24' }, { cidrBlock: '10.1.2.0/24', gateway: '10.1.2.1', excludeIps: ['10.1.2.1'] }],
    [{ cidrBlock: 'fd00::5/64' }, { cidrBlock: 'fd00::/64', gateway: 'fd00::1', protocol: 'IPv6' }],
    [{ cidrBlock: '10.1.0.0/16,fd00::/64' }, { gateway: '10.1.0.1,fd00::1', protocol: 'Dual' }],
    [{ cidrBlock: '10.1.0.0/16,fd00::/64', gateway: 'fd00::9' }, { gateway: '10.1.0.1,fd00::9' }],
    [{ cidrBlock: '10.1.0.0/16', excludeIps: ['10.1.0.1..10.1.0.9'] }, { excludeIps: ['10.1.0.1..10.1.0.9'] }],
    [{ cidrBlock: '10.1.0.0/16', excludeIps: ['10.1.0.8'] }, { excludeIps: ['10.1.0.1', '10.1.0.8'] }],
    [{ cidrBlock: '10.1.0.0/16' }, { vpc: 'ovn-cluster', provider: 'ovn', gatewayType: 'distributed' }],
    [
      { cidrBlock: '10.1.0.0/16', vpc: 'mine', default: true },
      { vpc: 'mine', default: true },
    ],
    [{ cidrBlock: '10.1.0.0/16', default: true }, { default: false }],
  ])('writes what is missing into %j', (given, written) => {
    expect(formatSubnet('s', given)).toMatchObject({ spec: written });
  });

  it('changes nothing the second time', () => {
    const once = formatSubnet('s', { cidrBlock: '10.1.2.3/24,fd00::7/64', excludeIps: ['10.1.2.9'] });
    expect('spec' in once && formatSubnet('s', once.spec)).toEqual(once);
  });

  it('knows no network in other text (refused)', () => {
    expect(formatSubnet('s', { cidrBlock: '10.1.2.3' })).toEqual({
      problem: 'failed to format subnet s, subnet s cidr 10.1.2.3 is invalid',
    });
  });
});

describe('subnetProblem', () => {
  it.each([
    [{}, undefined],
    [{ gateway: '10.2.0.1' }, 'gateway 10.2.0.1 is not in cidr 10.1.0.0/24'],
    [{ gateway: '10.1.0.255' }, /^validate gateway 10\.1\.0\.255 for cidr .* failed: 10\.1\.0\.255 is the broadcast/],
    [{ cidrBlock: '127.0.0.0/8', gateway: '' }, '127.0.0.0/8 conflict with v4 loopback cidr 127.0.0.0/8'],
    [{ excludeIps: ['10.1.0.9..10.1.0.2'] }, '10.1.0.9..10.1.0.2 in excludeIps is not a valid ip range'],
    [{ excludeIps: ['ten'] }, 'ip ten in excludeIps is not a valid address'],
    [{ cidrBlock: '10.1.0.1/32' }, 'subnet s cidr 10.1.0.1/32 mask is invalid, due to invalid network mask 32'],
    [{ allowSubnets: ['all'] }, 'all in allowSubnets is not a valid address'],
    [{ gatewayType: 'both' }, 'both is not a valid gateway type'],
    [{ vpc: 's' }, 'subnet s and vpc s cannot have the same name'],
    [
      { natOutgoing: true, externalEgressGateway: '10.9.0.1' },
      'conflict configuration: natOutgoing and externalEgressGateway',
    ],
    [{ vips: ['10.2.0.9'] }, 'vip 10.2.0.9 conflicts with subnet s cidr 10.1.0.0/24'],
  ])('finds in %j: %s', (change, problem) => {
    const found = subnetProblem('s', { cidrBlock: '10.1.0.0/24', gateway: '10.1.0.1', vpc: 'mine', ...change });
    if (problem instanceof RegExp) expect(found).toMatch(problem);
    else expect(found).toBe(problem);
  });
});

describe('conflictProblem', () => {
  const own = subnet('own', { vpc: 'mine', cidrBlock: '10.1.0.0/24' });
  it.each([
    ['itself', own, false],
    ['one beside it', subnet('o', { vpc: 'mine', cidrBlock: '10.1.1.0/24' }), false],
    ['one within it (refused)', subnet('o', { vpc: 'mine', cidrBlock: '10.1.0.8/29' }), true],
    ['one around it (refused)', subnet('o', { vpc: 'mine', cidrBlock: '10.0.0.0/8' }), true],
    ['the same of another Vpc', subnet('o', { vpc: 'other', cidrBlock: '10.1.0.0/24' }), false],
    ['the same on a Vlan', subnet('o', { vpc: 'mine', vlan: 'v', cidrBlock: '10.1.0.0/24' }), false],
  ])('compares with %s', (_what, other, isRefused) => {
    expect(conflictProblem(own, [other]) !== undefined).toBe(isRefused);
  });
});

describe('decideSubnetConditions', () => {
  const failure = { isFailed: true, reason: 'ValidateLogicalSwitchFailed', message: 'no' } as const;
  const success = { isFailed: false, reason: 'ResetLogicalSwitchAclSuccess' } as const;
  const told = (conditions: ReturnType<typeof decideSubnetConditions>): string[] =>
    conditions.map(({ type, status, lastTransitionTime }) => `${type} ${status} ${lastTransitionTime}`);

  it('says what is wrong three times', () => {
    expect(told(decideSubnetConditions(undefined, failure, 't1'))).toEqual([
      'Error True t1',
      'Validated False t1',
      'Ready False t1',
    ]);
  });

  it('leaves Error where it is when all is well', () => {
    const before = decideSubnetConditions(undefined, failure, 't1');
    expect(told(decideSubnetConditions(before, success, 't2'))).toEqual([
      'Error True t1',
      'Validated True t2',
      'Ready True t2',
    ]);
  });

  it('touches nothing the second time', () => {
    const once = decideSubnetConditions(undefined, success, 't1');
    expect(decideSubnetConditions(once, success, 't2')).toEqual(once);
  });

  it('does not call a subnet ready that waits for its Vpc', () => {
    const waiting = { isFailed: false, reason: 'ValidateLogicalSwitchSuccess' } as const;
    expect(told(decideSubnetConditions(undefined, waiting, 't1'))).toEqual(['Validated True t1']);
  });
});

describe('decideNamespaceSubnets', () => {
  const base = subnet('ovn-default', {});
  const bound = subnet('bound', { namespaces: ['shop'] });
  const chosen = subnet('chosen', { namespaceSelectors: [{ matchLabels: { tier: 'web' } }] });
  const first = subnet('first', { vpc: 'mine' });
  const vpc = (spec: NonNullable<Vpc['spec']>, status: Vpc['status'] = {}): Vpc => ({
    apiVersion: 'v1',
    kind: 'Vpc',
    metadata: { name: 'mine' },
    spec,
    status,
  });

  it.each([
    ['nothing', [], [], ['ovn-default']],
    ['its name', [bound], [], ['bound']],
    ['its labels', [bound, chosen], [], ['bound', 'chosen']],
    [
      'the default of its Vpc',
      [bound, first],
      [vpc({ namespaces: ['shop'], defaultSubnet: 'first' })],
      ['first', 'bound'],
    ],
    ['the subnet of its Vpc', [first], [vpc({ namespaces: ['shop'] }, { defaultLogicalSwitch: 'first' })], ['first']],
    ['another Vpc', [first], [vpc({ namespaces: ['other'], defaultSubnet: 'first' })], ['ovn-default']],
  ])('goes by %s', (_what, subnets, vpcs, expected) => {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { tier: 'web' } } };
    const decided = decideNamespaceSubnets(namespace, [base, ...subnets], vpcs);
    expect(decided.map(({ metadata }) => metadata.name)).toEqual(expected);
  });
});

describe('ruleProblem', () => {
  const port = { eip: 'e', externalPort: '80', internalPort: '8080', internalIp: '10.0.0.1', protocol: 'tcp' };
  it.each<[IptablesPlural, IptablesRule['spec'], string | undefined]>([
    ['iptables-snat-rules', { eip: 'e', internalCIDR: '10.0.0.0/24' }, undefined],
    ['iptables-snat-rules', { eip: 'e', internalCIDR: '10.0.0.1' }, undefined],
    ['iptables-snat-rules', { internalCIDR: '10.0.0.0/24' }, 'r: eip cannot be empty'],
    ['iptables-snat-rules', { eip: 'e' }, 'r: internalCIDR cannot be empty'],
    ['iptables-snat-rules', { eip: 'e', internalCIDR: 'ten' }, 'r: invalid internalCIDR "ten"'],
    [
      'iptables-snat-rules',
      { eip: 'e', internalCIDR: 'fd00::/64' },
      'r: internalCIDR "fd00::/64" must be IPv4, IPv6 is not supported',
    ],
    ['iptables-dnat-rules', port, undefined],
    [
      'iptables-dnat-rules',
      { ...port, externalPort: '0' },
      'r: invalid externalPort "0": must be a port number from 1 to 65535',
    ],
    ['iptables-dnat-rules', { ...port, protocol: 'TCP' }, 'r: invalid protocol "TCP": must be tcp or udp'],
    ['iptables-fip-rules', { eip: 'e', internalIp: '10.0.0.1' }, undefined],
    ['iptables-fip-rules', { eip: 'e', internalIp: 'x' }, 'r: invalid internalIP "x"'],
  ])('judges %s %j', (plural, spec, problem) => {
    expect(ruleProblem(plural, 'r', spec)).toBe(problem);
  });
});
