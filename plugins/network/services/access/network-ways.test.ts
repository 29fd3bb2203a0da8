import { describe, expect, it } from 'vitest';
import { makePod } from '../../../compute/testing/make-objects.ts';
import { eip, fip, gateway, snat, viewOf } from '../../testing/make-nat.ts';
import { internetAccessOf } from '../nat/internet-access.ts';
import { type PodAccess, waysOut } from './network-ways.ts';

const view = viewOf([
  gateway('gw'),
  eip('shared', 'gw', { ready: true, ip: '192.0.2.1' }),
  eip('own', 'gw', { ready: true, ip: '192.0.2.2' }),
  eip('pending', 'gw', null),
  snat('all', 'shared', '10.0.0.0/24'),
  fip('mine', 'own', '10.0.0.7'),
  fip('soon', 'pending', '10.0.1.8'),
]);
const pod = (name: string, podIP: string): PodAccess => ({
  pod: makePod({ metadata: { name }, status: { podIP } }),
  access: internetAccessOf(view, 'net', podIP),
});
const other = (access: PodAccess['access']): PodAccess => ({ pod: makePod({ metadata: { name: 'other' } }), access });
const inShort = (pods: readonly PodAccess[]) =>
  waysOut(pods).map(({ way, direction, addresses, object, pods: of }) =>
    [way, direction, addresses.join(), object.metadata.name, of?.map(({ metadata }) => metadata.name).join()].join(' '),
  );

describe('the ways of pods to the Internet', () => {
  it.each<[string, readonly PodAccess[], readonly string[]]>([
    [
      'SNAT of their subnet, one way for all of them',
      [pod('a', '10.0.0.5'), pod('b', '10.0.0.6')],
      ['SNAT OUT 192.0.2.1 all a,b'],
    ],
    [
      'an elastic IP of one of them, in and out, which wins over SNAT (NET-35)',
      [pod('a', '10.0.0.5'), pod('b', '10.0.0.7')],
      ['SNAT OUT 192.0.2.1 all a', 'ELASTIC_IP BOTH 192.0.2.2 own b'],
    ],
    ['an elastic IP that has no address yet', [pod('a', '10.0.1.8')], ['ELASTIC_IP BOTH  pending a']],
    ['none of another subnet', [pod('a', '10.0.9.9')], []],
    ['none by their node', [other({ way: 'NODE' })], []],
    ['none where nothing can be told', [other(null)], []],
  ])('NET-14: are %s', (_name, pods, expected) => {
    expect(inShort(pods)).toEqual(expected);
  });
});
