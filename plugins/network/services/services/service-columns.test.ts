import { serviceKind } from 'longshore/plugins/compute';
import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { endpointSliceKind } from '../../api.ts';
import { createIndexedReader } from '../../testing/indexed-reader.ts';
import { endpointsOfService } from './endpoints-of-service.ts';
import { accessAddressOf, dnsNameOf, portMappingsOfService } from './service-columns.ts';

const metadata = { name: 'web', namespace: 'shop' };
const make = (spec: object, status: object = {}) => makeObject(serviceKind, { metadata, spec, status });

describe('columns of Services', () => {
  it.each([
    [{ port: 80 }, '80->80 / TCP'],
    [{ port: 80, targetPort: 8080, protocol: 'UDP' }, '80->8080 / UDP'],
    [{ port: 80, targetPort: 'http', nodePort: 30_080 }, '80->http / TCP (node 30080)'],
  ])('NET-12: shows %j as %s', (port, text) => {
    expect(portMappingsOfService(make({ ports: [port] }))).toEqual([text]);
  });

  const entry = { loadBalancer: { ingress: [{ ip: '203.0.113.9' }] } };
  it.each([
    ['the private address', { clusterIP: '10.0.0.7' }, {}, '10.0.0.7'],
    ['that of the load balancer', { type: 'LoadBalancer', clusterIP: '10.0.0.7' }, entry, '203.0.113.9'],
    ['the private one until it has one', { type: 'LoadBalancer', clusterIP: '10.0.0.7' }, {}, '10.0.0.7'],
    ['another host', { type: 'ExternalName', externalName: 'db.example' }, {}, 'db.example'],
    ['nothing of a headless one', { clusterIP: 'None' }, {}, undefined],
  ])('NET-09, NET-12: shows as address %s', (_what, spec, status, address) => {
    expect(accessAddressOf(make(spec, status))).toBe(address);
  });

  it('NET-09: names it as DNS does', () => {
    expect(dnsNameOf(make({}), 'cluster.local')).toBe('web.shop.svc.cluster.local');
    expect(dnsNameOf(make({}), '')).toBe('web.shop.svc');
  });
});

describe('endpointsOfService', () => {
  const slice = (name: string, of: string, endpoints: object[], namespace = 'shop') =>
    makeObject(endpointSliceKind, {
      metadata: { name, namespace, labels: { 'kubernetes.io/service-name': of } },
      addressType: 'IPv4',
      ports: [{ name: 'http', port: 8080 }],
      endpoints,
    }) as unknown as KubeObject;
  const endpoint = (ip: string, conditions?: object, pod?: string) => ({
    addresses: [ip],
    ...(conditions ? { conditions } : {}),
    ...(pod ? { targetRef: { kind: 'Pod', name: pod } } : {}),
  });

  it('NET-05: tells of each pod whether it is ready, serving or going, over all slices of the Service', async () => {
    const reader = createIndexedReader('c1', [
      slice('a', 'web', [endpoint('10.1.0.2', { ready: false, serving: true, terminating: true }, 'web-2')]),
      slice('b', 'web', [endpoint('10.1.0.1', { ready: true }, 'web-1'), endpoint('10.9.0.1')]),
      slice('c', 'other', [endpoint('10.1.0.3')]),
      slice('d', 'web', [endpoint('10.1.0.4')], 'elsewhere'),
    ]);
    const found = await endpointsOfService(reader, make({}));
    expect(
      found.map(({ addresses, isReady, isServing, isTerminating, pod }) => [
        addresses[0],
        isReady,
        isServing,
        isTerminating,
        pod,
      ]),
    ).toEqual([
      ['10.9.0.1', true, true, false, undefined],
      ['10.1.0.1', true, true, false, 'web-1'],
      ['10.1.0.2', false, true, true, 'web-2'],
    ]);
    expect(found[0]?.ports).toEqual([{ name: 'http', protocol: 'TCP', port: 8080 }]);
  });
});
