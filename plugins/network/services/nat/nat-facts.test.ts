import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { dnat, eip, fip, gateway, madeAt, snat, viewOf } from '../../testing/make-nat.ts';
import type { SubnetObject } from '../vpc/kube-ovn-kinds.ts';
import { checkBandwidth } from './check-bandwidth.ts';
import { defaultRouteOf, withDefaultRoute, withoutRoutesTo } from './default-route.ts';
import { freeAddressOf } from './gateway-address.ts';
import { internetAccessOf } from './internet-access.ts';
import { doRangesMeet, ipv4PartOf, liesIn } from './ipv4.ts';
import { standingOfEip, standingOfGateway, standingOfRule } from './nat-state.ts';

const all = (...objects: readonly KubeObject[]) => viewOf([gateway('gw'), eip('one'), ...objects] as KubeObject[]);
const inSeconds = (seconds: number) => ({ nowMs: () => Date.parse(madeAt) + seconds * 1_000, seconds: () => 300 });
const never = { nowMs: () => expect.unreachable('no time is asked for'), seconds: () => 300 } as never;

describe('internetAccessOf', () => {
  const out = snat('out', 'one', '10.0.0.0/24') as KubeObject;
  const own = fip('own', 'two', '10.0.0.5') as KubeObject;

  it.each([
    ['NAT where the instance has no EIP', all(out), '10.0.0.5', 'SNAT'],
    ['the own EIP rather than NAT', all(out, eip('two') as KubeObject, own), '10.0.0.5', 'ELASTIC_IP'],
    ['NAT for the neighbours of who has one', all(out, eip('two') as KubeObject, own), '10.0.0.6', 'SNAT'],
    ['nothing for a subnet without a rule', all(out), '10.0.1.5', 'NONE'],
    ['nothing where the VPC has no gateway', viewOf([out]), '10.0.0.5', 'NONE'],
  ])('takes %s (NET-35, NET-14)', (_name, view, address, way) => {
    expect(internetAccessOf(view, 'net', address).way).toBe(way);
  });
});

describe('the state of a gateway, rule or EIP (NET-34, Appendix C)', () => {
  it('is IN_USE once an EIP of the gateway is ready, and asks for no time then', () => {
    expect(standingOfGateway(gateway('gw'), all(), never)).toEqual({ state: 'IN_USE' });
    expect(standingOfEip(eip('one'), all(), never)).toEqual({ state: 'IN_USE' });
    expect(standingOfRule(snat('a', 'one', '10.0.0.0/24'), all(), never)).toEqual({ state: 'IN_USE' });
  });

  it('is CREATING at first, and FAILED with the reason after the time of the profile (refused)', () => {
    const fresh = eip('fresh', 'gw', null);
    const view = viewOf([gateway('gw'), fresh] as KubeObject[]);
    expect(standingOfGateway(gateway('gw'), view, inSeconds(10)).state).toBe('CREATING');
    expect(standingOfEip(fresh, view, inSeconds(299)).state).toBe('CREATING');
    expect(standingOfEip(fresh, view, inSeconds(300))).toEqual({
      state: 'FAILED',
      reason:
        'Not ready after 300 s: its gateway does not run yet, or the network outside has no address left. Kube-OVN says why in the log of kube-ovn-controller alone; it goes on trying',
    });
  });

  it.each([
    ['its EIP is not there', snat('a', 'none', '10.0.0.0/24', null), "There is no elastic IP 'none'"],
    ['its range is none', snat('a', 'one', 'fd00::/64', null), "'fd00::/64' is no range of IPv4 addresses"],
    ['its port is taken', dnat('a', 'one', 80, 'tcp', null), "The port is mapped by 'web' already"],
    ['its protocol is none', dnat('a', 'one', 81, 'TCP', null), "The protocol must be tcp or udp, got 'TCP'"],
    [
      'its EIP leads elsewhere',
      fip('a', 'one', '10.0.0.7', null),
      "The elastic IP leads to another instance by 'all' already",
    ],
  ])('is FAILED at once where %s (refused)', (_name, rule, reason) => {
    const there = [dnat('web', 'one', 80), fip('all', 'one', '10.0.0.5')] as KubeObject[];
    expect(standingOfRule(rule as never, all(...there), never)).toEqual({ state: 'FAILED', reason });
  });

  it('is FAILED at once where the gateway is gone', () => {
    expect(standingOfEip(eip('a', 'gone', null), all(), never)).toMatchObject({
      state: 'FAILED',
      reason: "There is no NAT gateway 'gone'",
    });
  });

  it('is DELETING while its finalizers hold it', () => {
    const leaving = gateway('gw', 'net', { metadata: { deletionTimestamp: madeAt } });
    expect(standingOfGateway({ ...leaving, spec: {} }, all(), never).state).toBe('DELETING');
  });
});

describe('checkBandwidth', () => {
  const profile = { get: ({ default: value }: { default: unknown }) => value } as never;

  it.each([1, 1_000, null, undefined])('takes %s Mbit/s (NET-34, VND-02)', (mbps) => {
    expect(checkBandwidth(profile, mbps)).toEqual([]);
  });

  it.each([
    [0, 'too_small'],
    [1_001, 'too_big'],
  ])('takes no %s Mbit/s (NET-34) (refused)', (mbps, code) => {
    expect(checkBandwidth(profile, mbps)).toMatchObject([{ path: ['bandwidthMbps'], code }]);
  });
});

describe('the address of a new gateway', () => {
  it.each([
    ['10.0.0.2-10.0.0.253', '10.0.0.253'],
    ['10.0.0.2-10.0.0.9,10.0.0.12', '10.0.0.12'],
    ['', undefined],
  ])('is of %j the highest', (v4availableIPrange, address) => {
    expect(freeAddressOf({ status: { v4availableIPrange } } as unknown as SubnetObject)).toBe(address);
  });
});

describe('the default route of a VPC', () => {
  const inner = { cidr: '10.1.0.0/16', nextHopIP: '10.0.0.9' };
  const route = { policy: 'policyDst', cidr: '0.0.0.0/0', nextHopIP: '10.0.0.254' };

  it('leads to the gateway and leaves the others', () => {
    expect(withDefaultRoute([inner], '10.0.0.254')).toEqual([inner, route]);
    expect(withDefaultRoute([inner, route], '10.0.0.254')).toBeUndefined();
    expect(withDefaultRoute([{ ...route, nextHopIP: '10.0.0.7' }, inner], '10.0.0.254')).toEqual([inner, route]);
    expect(defaultRouteOf([inner, route])).toBe('10.0.0.254');
  });

  it('goes with the gateway, and no other', () => {
    expect(withoutRoutesTo([inner, route], '10.0.0.254')).toEqual([inner]);
    expect(withoutRoutesTo([inner, route], '10.0.0.7')).toBeUndefined();
  });
});

describe('ranges', () => {
  it.each([
    ['10.0.0.0/24', '10.0.0.128/25', true],
    ['10.0.0.0/16', '10.0.9.7', true],
    ['10.0.0.0/24', '10.0.1.0/24', false],
    ['nonsense', '10.0.1.0/24', false],
  ])('%s and %s meet: %s', (one, other, answer) => {
    expect([doRangesMeet(one, other), doRangesMeet(other, one)]).toEqual([answer, answer]);
  });

  it('are read from dual stack by their IPv4 part', () => {
    expect(ipv4PartOf('fd00::/64,10.0.0.0/24')).toBe('10.0.0.0/24');
    expect(liesIn('10.0.0.0/24', 'fd00::1')).toBe(false);
  });
});
