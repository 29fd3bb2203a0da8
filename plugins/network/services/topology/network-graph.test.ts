import fc from 'fast-check';
import { ingressKind, podKind, serviceKind } from 'longshore/plugins/compute';
import { idOfObject, type KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { subnetKind, vpcKind } from '../../api.ts';
import { gatewayKind, tcpRouteKind } from '../balancers/gateway-kinds.ts';
import { dnatRuleKind, eipKind, fipRuleKind, natGatewayKind, snatRuleKind } from '../nat/nat-kinds.ts';
import type { GraphNode } from './graph-builder.ts';
import { narrowGraph, withoutPods } from './narrow-graph.ts';
import { type NetworkGraph, type NetworkObjects, networkGraph } from './network-graph.ts';

const inShop = (name: string, more: object = {}) => ({ name, namespace: 'shop', ...more });
const vpc = makeObject(vpcKind, { metadata: { name: 'blue' }, status: { standby: true } });
const subnet = makeObject(subnetKind, {
  metadata: { name: 'blue-a' },
  spec: { vpc: 'blue', cidrBlock: '10.0.0.0/24' },
});
const spare = makeObject(subnetKind, { metadata: { name: 'blue-b' }, spec: { vpc: 'blue' } });
const pod = (name: string, app: string, more: object = {}) =>
  makeObject(podKind, {
    metadata: inShop(name, { labels: { app }, annotations: { 'ovn.kubernetes.io/logical_switch': 'blue-a' } }),
    status: { phase: 'Running', podIP: '10.0.0.7', conditions: [{ type: 'Ready', status: 'True' }], ...more },
  });
const service = (name: string, selector: object) =>
  makeObject(serviceKind, {
    metadata: inShop(name),
    spec: { selector, clusterIP: '10.96.0.1', ports: [{ port: 80, targetPort: 8080 }] },
  });
const backend = { service: { name: 'web', port: { number: 80 } } };
const ingress = makeObject(ingressKind, {
  metadata: inShop('front'),
  spec: { rules: [{ host: 'vote.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] },
});
const condition = (type: string) => ({ type, status: 'True', reason: type, message: '' });
const balancer = makeObject(gatewayKind, {
  metadata: inShop('edge'),
  spec: {
    listeners: [
      { name: 'web', port: 8080, protocol: 'TCP' },
      { name: 'idle', port: 8081, protocol: 'TCP' },
    ],
  },
  status: {
    addresses: [{ value: '198.51.100.7' }],
    conditions: [condition('Programmed')],
    listeners: [{ name: 'web', conditions: [condition('Programmed')] }],
  },
});
const group = makeObject(tcpRouteKind, {
  metadata: inShop('fronts'),
  spec: {
    parentRefs: [{ name: 'edge', sectionName: 'web' }],
    rules: [
      {
        backendRefs: [
          { name: 'web', port: 80 },
          { name: 'gone', port: 80 },
        ],
      },
    ],
  },
  status: { parents: [{ parentRef: { name: 'edge' }, conditions: [condition('Accepted')] }] },
});
const ready = { status: { ready: true, ip: '192.0.2.9' } };
const nat = {
  gateways: [makeObject(natGatewayKind, { metadata: { name: 'exit' }, spec: { vpc: 'blue', lanIp: '10.0.0.254' } })],
  eips: [makeObject(eipKind, { metadata: { name: 'eip' }, spec: { natGwDp: 'exit' }, ...ready })],
  snatRules: [
    makeObject(snatRuleKind, {
      metadata: { name: 'out' },
      spec: { eip: 'eip', internalCIDR: '10.0.0.0/24' },
      ...ready,
    }),
    makeObject(snatRuleKind, { metadata: { name: 'lost' }, spec: { eip: 'gone', internalCIDR: '10.0.0.0/24' } }),
  ],
  dnatRules: [
    makeObject(dnatRuleKind, {
      metadata: { name: 'in' },
      spec: { eip: 'eip', externalPort: '8080', internalPort: '80', protocol: 'tcp', internalIp: '10.0.0.9' },
    }),
  ],
  fipRules: [makeObject(fipRuleKind, { metadata: { name: 'whole' }, spec: { eip: 'eip', internalIp: '10.0.9.9' } })],
};
const objects: NetworkObjects = {
  vpcs: [vpc],
  subnets: [subnet, spare],
  pods: [
    pod('web-1', 'web'),
    pod('web-2', 'web', { conditions: [] }),
    pod('done', 'web', { phase: 'Succeeded' }),
    pod('db', 'db', { podIP: '10.0.0.9' }),
  ],
  services: [service('web', { app: 'web' }), service('none', { app: 'nobody' }), service('manual', {})],
  ingresses: [ingress],
  balancers: [balancer],
  groups: [group],
  nat,
} as unknown as NetworkObjects;

/** Edges by the names of their ends. */
function inShort({ nodes, edges }: NetworkGraph): readonly string[] {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  return edges
    .map(({ from, to, detail }) => `${names.get(from)} > ${names.get(to)}${detail ? ` ${detail}` : ''}`)
    .sort();
}

const namesOf = ({ nodes }: NetworkGraph) => nodes.map(({ name }) => name);
const graph = networkGraph(objects);

describe('networkGraph', () => {
  it('leads from VPCs by subnets, pods and Services to what is outside', () => {
    expect(inShort(graph)).toEqual([
      'blue > blue-a',
      'blue > blue-b',
      'blue > exit',
      'blue-a > db',
      'blue-a > done',
      'blue-a > out',
      'blue-a > web-1',
      'blue-a > web-2',
      'db > in 8080:80/tcp',
      'eip > exit',
      'fronts > web',
      'idle > edge 8081',
      'in > eip',
      'out > eip',
      'web > edge 8080',
      'web > front 80',
      'web > fronts 80',
      'web-1 > web 80:8080',
      'web-2 > web 80:8080',
      'whole > eip',
    ]);
  });

  it('says of each thing what it is known by, and whether traffic gets there', () => {
    const told = Object.fromEntries(
      graph.nodes.map(({ kind, name, detail, isReady }) => [
        kind === 'LISTENER' ? `${name}:` : name,
        [detail, isReady],
      ]),
    );
    expect(told).toEqual({
      blue: [undefined, true],
      'blue-a': ['10.0.0.0/24', undefined],
      'blue-b': [undefined, undefined],
      'web-1': ['10.0.0.7', true],
      'web-2': ['10.0.0.7', false],
      done: ['10.0.0.7', true],
      db: ['10.0.0.9', true],
      web: ['10.96.0.1', true],
      none: ['10.96.0.1', false],
      manual: ['10.96.0.1', undefined],
      front: ['vote.example', undefined],
      fronts: ['TCP', true],
      'web:': ['TCP 8080', true],
      'idle:': ['TCP 8081', false],
      edge: ['198.51.100.7', true],
      exit: ['10.0.0.254', true],
      eip: ['192.0.2.9', true],
      out: ['10.0.0.0/24', true],
      lost: ['10.0.0.0/24', false],
      in: ['8080:80/tcp', false],
      whole: ['10.0.9.9', false],
    });
  });

  it('joins nothing across clusters and namespaces (refused)', () => {
    const elsewhere = makeObject(serviceKind, {
      metadata: { name: 'web', namespace: 'bank' },
      spec: { selector: { app: 'web' } },
    });
    const told = networkGraph({
      ...objects,
      vpcs: [],
      subnets: [],
      services: [elsewhere as never],
      balancers: [makeObject(gatewayKind, { cluster: 'c2', metadata: inShop('edge'), spec: balancer.spec })],
      nat: { gateways: [], eips: [], snatRules: nat.snatRules, dnatRules: nat.dnatRules, fipRules: [] },
    });
    expect(inShort(told)).toEqual(['idle > edge 8081', 'web > edge 8080']);
  });
});

describe('networkGraph of what a caller may see', () => {
  it('names in its edges nothing that is not in it, whatever is missing', () => {
    const some = <T>(all: Iterable<T>) => fc.subarray([...all]);
    const seen = fc.record({
      vpcs: some(objects.vpcs),
      subnets: some(objects.subnets),
      pods: some(objects.pods),
      services: some(objects.services),
      ingresses: some(objects.ingresses),
      balancers: some(objects.balancers),
      groups: some(objects.groups),
      nat: fc.record({
        gateways: some(nat.gateways),
        eips: some(nat.eips),
        snatRules: some(nat.snatRules),
        dnatRules: some(nat.dnatRules),
        fipRules: some(nat.fipRules),
      }),
    });
    fc.assert(
      fc.property(seen, fc.subarray(graph.nodes.map(({ id }) => id)), (visible, inside) => {
        const whole = networkGraph(visible);
        const narrow = narrowGraph(whole, ({ id }) => inside.includes(id));
        for (const { nodes, edges } of [whole, narrow, withoutPods(narrow)]) {
          const ids = new Set(nodes.map(({ id }) => id));
          expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
        }
      }),
    );
  });
});

describe('withoutPods', () => {
  it('leads from subnets to Services straight, once each', () => {
    const told = withoutPods(graph);
    expect(told.nodes.filter(({ kind }) => kind === 'POD')).toEqual([]);
    expect(inShort(told).filter((edge) => edge.startsWith('blue'))).toEqual([
      'blue > blue-a',
      'blue > blue-b',
      'blue > exit',
      'blue-a > in 8080:80/tcp',
      'blue-a > out',
      'blue-a > web 80:8080',
    ]);
  });
});

describe('narrowGraph', () => {
  const only = (...names: string[]) => narrowGraph(graph, ({ name }: GraphNode) => names.includes(name));

  it('keeps what something leads to and comes from, and not its neighbours', () => {
    const way = ['blue', 'blue-a', 'eip', 'exit', 'out'];
    const fronts = ['edge', 'front', 'fronts', 'web', 'web', 'web-1'];
    expect(namesOf(only('web-1')).sort()).toEqual([...way, ...fronts].sort());
    expect(namesOf(only('db')).sort()).toEqual([...way, 'db', 'in'].sort());
    expect(namesOf(only('nothing'))).toEqual([]);
  });

  it('names in its edges nothing that is not in it', () => {
    const { nodes, edges } = only('front', 'blue-b');
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
    expect(ids.has(idOfObject(pod('db', 'db') as unknown as KubeObject))).toBe(false);
  });
});
