import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { securityRuleProblem } from '../../../../src/embedded/engines/kube-ovn/create-security-group-controller.ts';
import { profileNamed } from '../../testing/profile-named.ts';
import { checkGroupSpec } from './check-group.ts';
import { groupNamesIn, type OvnSecurityRule } from './group-kinds.ts';
import { groupStateOf } from './group-state.ts';
import { checkGroupForm, type GroupForm, groupManifest, type SecurityRuleForm, writeGroupSpec } from './plan-group.ts';

describe('rules of a security group as text', () => {
  it('are refused exactly where the engine would not put them in force (NET-32)', () => {
    const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 8 });
    const port = fc.constantFrom(0, 1, 80, 443, 65_535, 65_536);
    const rule = fc.record({
      ipVersion: maybe(fc.constantFrom('ipv4', 'IPv4')),
      protocol: maybe(fc.constantFrom('all', 'icmp', 'tcp', 'udp', 'sctp')),
      policy: maybe(fc.constantFrom('allow', 'drop', 'pass')),
      priority: maybe(fc.constantFrom(0, 1, 7, 16_384, 16_385)),
      remoteType: maybe(fc.constantFrom('address', 'securityGroup', 'subnet')),
      remoteAddress: maybe(
        fc.oneof(
          fc.ipV4(),
          fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 33 })).map(([ip, bits]) => `${ip}/${bits}`),
          fc.constantFrom('', 'x', '10.0.0.0/'),
        ),
      ),
      remoteSecurityGroup: maybe(fc.constantFrom('front', '')),
      portRangeMin: maybe(port),
      portRangeMax: maybe(port),
    });
    fc.assert(
      fc.property(rule, (given) => {
        const problem = securityRuleProblem(given as never, (name) => name === 'front');
        const misfits = checkGroupSpec({ ingressRules: [given as OvnSecurityRule] });
        expect(misfits.length > 0, JSON.stringify([problem, misfits])).toBe(problem !== undefined);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    [{ egressRules: [null] }, 'spec.egressRules.0.ipVersion not_supported'],
    [
      {
        ingressRules: [
          {
            ipVersion: 'ipv6',
            protocol: 'all',
            policy: 'allow',
            priority: 1,
            remoteType: 'address',
            remoteAddress: '10.0.0.1',
          },
        ],
      },
      'spec.ingressRules.0.remoteAddress other_family',
    ],
  ])('are told at their place: %j (refused, NET-32)', (spec, expected) => {
    expect(checkGroupSpec(spec as never).map(({ path, code }) => `${path.join('.')} ${code}`)).toContain(expected);
  });

  it('may be none, or what is no list (NET-32)', () => {
    expect([checkGroupSpec({}), checkGroupSpec({ ingressRules: 'x' as never })]).toEqual([[], []]);
  });
});

const profile = profileNamed('default');
const web: SecurityRuleForm = { protocol: 'TCP', address: '0.0.0.0/0', portMin: 80, portMax: 90 };
const idOfGroup = Buffer.from('k8s|c1|kubeovn.io|SecurityGroup||sg-front').toString('base64url');

describe('the form for security groups', () => {
  it('makes rules of the engine of it: by their order, for one port, all ports, or pods of a group (NET-32)', () => {
    const ingress: SecurityRuleForm[] = [
      web,
      { protocol: 'UDP', securityGroupId: idOfGroup, portMin: 53, priority: 9 },
      { protocol: 'TCP', address: 'fd00::/8', action: 'DROP' },
      { protocol: 'ICMP', address: '10.0.0.1' },
    ];
    const form = { name: 'Web', description: 'For the web', ingress, allowsSameGroup: true };
    expect(checkGroupForm(form, profile)).toEqual([]);
    expect(groupManifest({ objectName: 'sg-web', vpc: 'v', owner: { uuid: 'w', workspace: null }, form })).toEqual({
      metadata: {
        name: 'sg-web',
        labels: { 'longshore.dev/workspace': 'w' },
        annotations: {
          'longshore.dev/vpc': 'v',
          'longshore.dev/display-name': 'Web',
          'longshore.dev/description': 'For the web',
        },
      },
      spec: {
        allowSameGroupTraffic: true,
        egressRules: [],
        ingressRules: [
          {
            ipVersion: 'ipv4',
            protocol: 'tcp',
            priority: 1,
            remoteType: 'address',
            remoteAddress: '0.0.0.0/0',
            portRangeMin: 80,
            portRangeMax: 90,
            policy: 'allow',
          },
          {
            ipVersion: 'ipv4',
            protocol: 'udp',
            priority: 9,
            remoteType: 'securityGroup',
            remoteSecurityGroup: 'sg-front',
            portRangeMin: 53,
            portRangeMax: 53,
            policy: 'allow',
          },
          {
            ipVersion: 'ipv6',
            protocol: 'tcp',
            priority: 3,
            remoteType: 'address',
            remoteAddress: 'fd00::/8',
            portRangeMin: 1,
            portRangeMax: 65_535,
            policy: 'drop',
          },
          {
            ipVersion: 'ipv4',
            protocol: 'icmp',
            priority: 4,
            remoteType: 'address',
            remoteAddress: '10.0.0.1',
            policy: 'allow',
          },
        ],
      },
    });
  });

  it('changes only what it says (NET-32)', () => {
    expect(writeGroupSpec({ description: 'x' })).toEqual({});
    expect(writeGroupSpec({ egress: null, allowsSameGroup: null })).toEqual({
      egressRules: [],
      allowSameGroupTraffic: false,
    });
  });

  it.each<[string, GroupForm, string[]]>([
    ['an address and a group', { ingress: [{ ...web, securityGroupId: idOfGroup }] }, ['ingress.0.address one_of']],
    ['neither address nor group', { egress: [{ protocol: 'ALL' }] }, ['egress.0.address one_of']],
    ['ports of what has none', { ingress: [{ ...web, protocol: 'ICMP' }] }, ['ingress.0.portMin not_offered']],
    ['a priority twice', { ingress: [{ ...web, priority: 2 }, web] }, ['ingress.1.priority duplicate']],
    ['a priority out of range', { ingress: [{ ...web, priority: 0 }] }, ['ingress.0.priority out_of_range']],
    ['what is no address', { egress: [{ ...web, address: '10.0.0.0/33' }] }, ['egress.0.address invalid_address']],
    ['a family that is another one', { egress: [{ ...web, family: 'IPV6' }] }, ['egress.0.family other_family']],
    ['ports the wrong way round', { ingress: [{ ...web, portMax: 79 }] }, ['ingress.0.portMax invalid']],
    ['a port that is none', { ingress: [{ ...web, portMin: 0 }] }, ['ingress.0.portMin out_of_range']],
    [
      'a protocol that nobody knows',
      { ingress: [{ protocol: 'UNKNOWN', address: '10.0.0.1' }] },
      ['ingress.0.protocol not_supported'],
    ],
    ['an action that nobody knows', { ingress: [{ ...web, action: 'UNKNOWN' }] }, ['ingress.0.action not_supported']],
    ['more rules than there may be', { egress: Array.from({ length: 201 }, () => web) }, ['egress too_big']],
    ['an empty name', { name: '' }, ['name too_short']],
  ])('refuses %s (refused, NET-32)', (_what, form, expected) => {
    expect(checkGroupForm(form, profile).map(({ path, code }) => `${path.join('.')} ${code}`)).toEqual(expected);
  });

  it.each([
    [{}, 'CREATING'],
    [{ ingressLastSyncSuccess: true }, 'CREATING'],
    [{ ingressLastSyncSuccess: true, egressLastSyncSuccess: true }, 'ENABLED'],
    [{ ingressLastSyncSuccess: true, egressLastSyncSuccess: false }, 'FAILED'],
  ])('tells the state of a group whose engine says %j: %s (NET-32)', (status, state) => {
    expect(groupStateOf({ metadata: {}, status } as never)).toBe(state);
    expect(groupStateOf({ metadata: { deletionTimestamp: 'now' }, status } as never)).toBe('DELETING');
  });

  it.each([
    [undefined, []],
    [{}, []],
    [{ 'ovn.kubernetes.io/security_groups': ' a, b,a,,' }, ['a', 'b']],
    [{ 'ovn.kubernetes.io/security_groups': 7 }, []],
  ])('finds the groups of a pod in %j (NET-32)', (annotations, expected) => {
    expect(groupNamesIn(annotations)).toEqual(expected);
  });
});
