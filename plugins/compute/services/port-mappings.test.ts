import { describe, expect, it } from 'vitest';
import { makePod, makeService } from '../testing/make-objects.ts';
import { dnsNamesOf, portMappingsOf } from './port-mappings.ts';

const pod = makePod({
  metadata: { name: 'web-0' },
  spec: {
    containers: [
      {
        name: 'web',
        ports: [
          { name: 'http', containerPort: 8080 },
          { name: 'admin', containerPort: 9090, hostPort: 19090, protocol: 'TCP' },
        ],
      },
      { name: 'quiet' },
    ],
  },
  status: { podIP: '10.0.0.7', hostIP: '192.168.1.2' },
});
const service = (spec: object, status: object = {}) => makeService({ metadata: { name: 'web' }, spec, status });

/** Each mapping in one line. */
const linesOf = (...args: Parameters<typeof portMappingsOf>) =>
  portMappingsOf(...args).map(
    ({ container, containerPort, protocol, hostPort, service: by, servicePort, nodePort, addresses }) =>
      [
        `${container ?? '-'}:${containerPort}/${protocol}`,
        hostPort && `host ${hostPort}`,
        by && `${by.metadata.name}:${servicePort}`,
        nodePort && `node ${nodePort}`,
        ...addresses.map(({ scope, host, port, url }) => url ?? `${scope} ${host} ${port}`),
      ]
        .filter(Boolean)
        .join(' '),
  );

describe('portMappingsOf', () => {
  it('tells ports that containers announce, with those of the node (CMP-88)', () => {
    expect(linesOf(pod, [])).toEqual([
      'web:8080/TCP http://10.0.0.7:8080/',
      'web:9090/TCP host 19090 CLUSTER 10.0.0.7 9090 NODE 192.168.1.2 19090',
    ]);
  });

  it.each([
    ['by name', { ports: [{ port: 80, targetPort: 'http' }] }, 'web:8080/TCP web:80 http://web.shop.svc/'],
    ['by number', { ports: [{ port: 8080 }] }, 'web:8080/TCP web:8080 CLUSTER web.shop.svc 8080'],
    [
      'that nobody announces',
      { ports: [{ port: 443, targetPort: 8443, protocol: 'TCP' }] },
      '-:8443/TCP web:443 https://web.shop.svc/',
    ],
    [
      'also of the nodes',
      { ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }] },
      'web:8080/TCP web:80 node 30080 http://web.shop.svc/ NODE',
    ],
  ])('tells a Service that finds a port %s (CMP-88)', (_name, spec, line) => {
    const found = linesOf(pod, [service(spec)]).at(-1) ?? '';
    expect(found.replace('http://192.168.1.2:30080/', 'NODE')).toBe(line);
  });

  it('tells where a load balancer takes its traffic (CMP-88)', () => {
    const balanced = service(
      { ports: [{ port: 443, targetPort: 8080, appProtocol: 'https' }], externalIPs: ['203.0.113.9'] },
      { loadBalancer: { ingress: [{ hostname: 'lb.example' }, { ip: '2001:db8::1' }] } },
    );
    const addresses = portMappingsOf(pod, [balanced])
      .at(-1)
      ?.addresses.map(({ scope, url }) => `${scope} ${url}`);
    expect(addresses).toEqual([
      'CLUSTER https://web.shop.svc/',
      'EXTERNAL https://lb.example/',
      'EXTERNAL https://[2001:db8::1]/',
      'EXTERNAL https://203.0.113.9/',
    ]);
  });

  it.each([
    ['a name that no container gives', { ports: [{ port: 80, targetPort: 'gone' }] }],
    ['no ports', { clusterIP: 'None' }],
  ])('tells nothing of a Service with %s (CMP-88, bad input)', (_name, spec) => {
    expect(portMappingsOf(pod, [service(spec)])).toHaveLength(2);
  });

  it('tells no address before the pod has one', () => {
    const waiting = makePod({ spec: { containers: [{ name: 'web', ports: [{ containerPort: 80 }] }] } });
    expect(linesOf(waiting, [])).toEqual(['web:80/TCP']);
  });
});

describe('dnsNamesOf', () => {
  const headless = makeService({ metadata: { name: 'db' }, spec: { clusterIP: 'None' } });
  const member = makePod({
    metadata: { name: 'db-0' },
    spec: { subdomain: 'db', hostname: 'db-0', containers: [] },
    status: { podIP: '10.0.0.8' },
  });

  it('names a pod of a headless Service, and every pod by its address (CMP-88)', () => {
    expect(dnsNamesOf(member, [headless])).toEqual(['db-0.db.shop.svc', '10-0-0-8.shop.pod']);
    expect(dnsNamesOf(pod, [headless])).toEqual(['10-0-0-7.shop.pod']);
  });

  it('gives no name to a pod that names no host itself: clusters keep no record of it (CMP-88, refused)', () => {
    const nameless = makePod({ metadata: { name: 'db-0' }, spec: { subdomain: 'db', containers: [] } });
    expect(dnsNamesOf(nameless, [headless])).toEqual([]);
  });

  it('gives no name without the Service, or by the address of a node (CMP-88, refused)', () => {
    expect(dnsNamesOf(member, [])).toEqual(['10-0-0-8.shop.pod']);
    expect(
      dnsNamesOf(makePod({ spec: { hostNetwork: true, containers: [] }, status: { podIP: '1.1.1.1' } }), []),
    ).toEqual([]);
  });
});
