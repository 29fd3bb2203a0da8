import { describe, expect, it } from 'vitest';
import { makePod } from '../../../compute/testing/make-objects.ts';
import { instanceAddressesOf } from './instance-addresses.ts';

const pod = (name: string, spec: object, podIP: string | undefined = '10.1.0.1') =>
  makePod({ metadata: { name, namespace: 'shop' }, spec, status: { podIP, hostIP: '192.0.2.1' } });
const ports = [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }];
const overlay = pod('web-1', { containers: [{ name: 'web', ports }] });
const nat = pod('web-2', { containers: [{ name: 'web', ports: [{ containerPort: 8080, hostPort: 30_080 }] }] });
const host = pod('web-0', { hostNetwork: true, containers: [{ name: 'web', ports: [{ containerPort: 9090 }] }] });
const pods = [overlay, nat, host];

describe('instanceAddressesOf', () => {
  it('NET-43: tells of every port of every instance, with what is reached from outside where it is no overlay', () => {
    expect(
      instanceAddressesOf(pods, {}).map((row) => [row.instance, row.protocol, row.privateAddress, row.publicAddress]),
    ).toEqual([
      ['web-0', 'TCP', '10.1.0.1:9090', '192.0.2.1:9090'],
      ['web-1', 'TCP', '10.1.0.1:8080', undefined],
      ['web-1', 'UDP', '10.1.0.1:53', undefined],
      ['web-2', 'TCP', '10.1.0.1:8080', '192.0.2.1:30080'],
    ]);
  });

  it.each([
    ['a port', { port: 8080 }, ['web-1', 'web-2']],
    ['a protocol, in small letters as well', { protocol: 'udp' }, ['web-1']],
    ['an instance', { instance: 'web-0' }, ['web-0']],
    ['all three', { port: 8080, protocol: 'TCP', instance: 'web-2' }, ['web-2']],
    ['nothing that is there (bad input)', { port: 1 }, []],
    ['empty filters', { port: 0, protocol: '', instance: '' }, ['web-0', 'web-1', 'web-1', 'web-2']],
  ])('NET-43: filters by %s', (_what, filter, expected) => {
    expect(instanceAddressesOf(pods, filter).map(({ instance }) => instance)).toEqual(expected);
  });

  it('NET-43: tells nothing of an instance without an address, and writes IPv6 in brackets', () => {
    const pending = makePod({
      metadata: { name: 'web-3' },
      spec: { containers: [{ name: 'web', ports }] },
      status: {},
    });
    const six = pod('web-4', { containers: [{ name: 'web', ports: [{ containerPort: 80 }] }] }, 'fd00::1');
    expect(instanceAddressesOf([pending, six], {}).map((row) => row.privateAddress)).toEqual(['[fd00::1]:80']);
  });
});
