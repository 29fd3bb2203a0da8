import { describe, expect, it } from 'vitest';
import { type IngressObject, ingressKind } from '../../api.ts';
import { makeDeployment, makeObject, makeService, makeStatefulSet } from '../../testing/make-objects.ts';
import { addressesOf } from './workload-addresses.ts';

const service = (spec: object, status: object = {}) => makeService({ metadata: { name: 'web' }, spec, status });
const ingress = (spec: object, status: object = {}) =>
  makeObject(ingressKind, { metadata: { name: 'front' }, spec, status }) as IngressObject;
const to = (path?: string) => ({ path, backend: { service: { name: 'web', port: { number: 80 } } } });
const inShort = (...given: Parameters<typeof addressesOf>) =>
  addressesOf(...given).map(({ way, host, port, url, instance }) =>
    [way, host ?? '-', port ?? '-', url, instance].filter((word) => word !== undefined).join(' '),
  );
const http = { ports: [{ name: 'http', port: 8080 }] };

describe('addressesOf', () => {
  it.each<[string, object, object, readonly string[]]>([
    ['a name in the cluster', http, {}, ['SERVICE web.shop.svc 8080 http://web.shop.svc:8080/']],
    [
      'a port of every node',
      { ports: [{ port: 53, protocol: 'UDP', nodePort: 30_053 }] },
      {},
      ['NODE_PORT - 30053', 'SERVICE web.shop.svc 53'],
    ],
    [
      'a load balancer, and an address that is routed',
      { ports: [{ port: 443 }], externalIPs: ['192.0.2.7'] },
      { loadBalancer: { ingress: [{ ip: '2001:db8::1' }, { hostname: 'lb.example' }] } },
      [
        'LOAD_BALANCER 2001:db8::1 443 https://[2001:db8::1]/',
        'LOAD_BALANCER lb.example 443 https://lb.example/',
        'EXTERNAL_IP 192.0.2.7 443 https://192.0.2.7/',
        'SERVICE web.shop.svc 443 https://web.shop.svc/',
      ],
    ],
    ['nothing without ports', { ports: [] }, {}, []],
  ])('has of a Service %s (CMP-82)', (_name, spec, status, expected) => {
    expect(inShort(makeDeployment({ spec: {} }), [service(spec, status)], [])).toEqual(expected);
  });

  it.each<[string, object, object, readonly string[]]>([
    [
      'a host and path',
      { rules: [{ host: 'a.example', http: { paths: [to('/vote')] } }] },
      {},
      ['INGRESS a.example 80 http://a.example/vote'],
    ],
    [
      'TLS of that host',
      { tls: [{ hosts: ['a.example'] }], rules: [{ host: 'a.example', http: { paths: [to('/')] } }] },
      {},
      ['INGRESS a.example 443 https://a.example/'],
    ],
    [
      'TLS of a wildcard, and none of what lies deeper',
      {
        tls: [{ hosts: ['*.example'] }],
        rules: ['a.example', 'a.b.example'].map((host) => ({ host, http: { paths: [to('/')] } })),
      },
      {},
      ['INGRESS a.example 443 https://a.example/', 'INGRESS a.b.example 80 http://a.b.example/'],
    ],
    [
      'no URL of a wildcard',
      { rules: [{ host: '*.example', http: { paths: [to('/')] } }] },
      {},
      ['INGRESS *.example 80'],
    ],
    [
      'the address of the controller for any host',
      { defaultBackend: to().backend },
      { loadBalancer: { ingress: [{ ip: '192.0.2.9' }] } },
      ['INGRESS 192.0.2.9 80 http://192.0.2.9/'],
    ],
    ['nothing that leads elsewhere', { defaultBackend: { service: { name: 'other' } } }, {}, []],
  ])('has of an Ingress %s (CMP-82)', (_name, spec, status, expected) => {
    expect(inShort(makeDeployment({ spec: {} }), [service({ ports: [] })], [ingress(spec, status)])).toEqual(expected);
  });

  it('has a name for each instance that keeps it, through its headless Service alone (CMP-82)', () => {
    const set = makeStatefulSet({
      metadata: { name: 'db' },
      spec: { replicas: 2, serviceName: 'web', ordinals: { start: 5 } },
    });
    const headless = service({ clusterIP: 'None', ports: [{ port: 5432 }] });
    expect(inShort(set, [headless], [])).toEqual([
      'SERVICE web.shop.svc 5432',
      'INSTANCE db-5.web.shop.svc 5432 db-5',
      'INSTANCE db-6.web.shop.svc 5432 db-6',
    ]);
    expect(inShort(set, [service({ clusterIP: '10.0.0.1', ports: [] })], [])).toEqual([]);
    expect(inShort(set, [], [])).toEqual([]);
  });

  it('tells no more than a thousand (CMP-82)', () => {
    const set = makeStatefulSet({ metadata: { name: 'db' }, spec: { replicas: 2_000_000_000, serviceName: 'web' } });
    expect(inShort(set, [service({ clusterIP: 'None', ports: [{ port: 1 }, { port: 2 }] })], []).length).toBe(1_000);
  });
});
