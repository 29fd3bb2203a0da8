import { ingressKind, podKind, serviceKind } from 'longshore/plugins/compute';
import { idOfObject, type KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { makeObject } from '../../../compute/testing/make-objects.ts';
import { subnetKind, vpcKind } from '../../api.ts';
import { narrowGraph, withoutPods } from './narrow-graph.ts';
import { type GraphNode, type NetworkGraph, type NetworkObjects, networkGraph } from './network-graph.ts';

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
const objects: NetworkObjects = {
  vpcs: [vpc],
  subnets: [subnet, spare],
  pods: [
    pod('web-1', 'web'),
    pod('web-2', 'web', { conditions: [] }),
    pod('done', 'web', { phase: 'Succeeded' }),
    pod('db', 'db'),
  ],
  services: [service('web', { app: 'web' }), service('none', { app: 'nobody' }), service('manual', {})],
  ingresses: [ingress],
} as unknown as NetworkObjects;

/** Edges by the names of their ends. */
function inShort({ nodes, edges }: NetworkGraph): readonly string[] {
  const names = new Map(nodes.map(({ id, object }) => [id, object.metadata.name]));
  return edges
    .map(({ from, to, detail }) => `${names.get(from)} > ${names.get(to)}${detail ? ` ${detail}` : ''}`)
    .sort();
}

const namesOf = ({ nodes }: NetworkGraph) => nodes.map(({ object }) => object.metadata.name);
const graph = networkGraph(objects);

describe('networkGraph', () => {
  it('leads from VPCs by subnets, pods and Services to what is outside', () => {
    expect(inShort(graph)).toEqual([
      'blue > blue-a',
      'blue > blue-b',
      'blue-a > db',
      'blue-a > done',
      'blue-a > web-1',
      'blue-a > web-2',
      'web > front 80',
      'web-1 > web 80:8080',
      'web-2 > web 80:8080',
    ]);
  });

  it('says of each thing what it is known by, and whether traffic gets there', () => {
    const told = Object.fromEntries(
      graph.nodes.map(({ object, detail, isReady }) => [object.metadata.name, [detail, isReady]]),
    );
    expect(told).toEqual({
      blue: [undefined, true],
      'blue-a': ['10.0.0.0/24', undefined],
      'blue-b': [undefined, undefined],
      'web-1': ['10.0.0.7', true],
      'web-2': ['10.0.0.7', false],
      done: ['10.0.0.7', true],
      db: ['10.0.0.7', true],
      web: ['10.96.0.1', true],
      none: ['10.96.0.1', false],
      manual: ['10.96.0.1', undefined],
      front: ['vote.example', undefined],
    });
  });

  it('joins nothing across clusters and namespaces (refused)', () => {
    const elsewhere = makeObject(serviceKind, {
      metadata: { name: 'web', namespace: 'bank' },
      spec: { selector: { app: 'web' } },
    });
    const { edges } = networkGraph({ ...objects, vpcs: [], subnets: [], services: [elsewhere as never] });
    expect(edges).toEqual([]);
  });
});

describe('withoutPods', () => {
  it('leads from subnets to Services straight, once each', () => {
    const told = withoutPods(graph);
    expect(namesOf(told)).toEqual(['blue', 'blue-a', 'blue-b', 'web', 'none', 'manual', 'front']);
    expect(inShort(told)).toEqual(['blue > blue-a', 'blue > blue-b', 'blue-a > web 80:8080', 'web > front 80']);
  });
});

describe('narrowGraph', () => {
  const only = (...names: string[]) =>
    narrowGraph(graph, ({ object }: GraphNode) => names.includes(object.metadata.name));

  it('keeps what something leads to and comes from, and not its neighbours', () => {
    expect(namesOf(only('web-1')).sort()).toEqual(['blue', 'blue-a', 'front', 'web', 'web-1']);
    expect(namesOf(only('db')).sort()).toEqual(['blue', 'blue-a', 'db']);
    expect(namesOf(only('nothing'))).toEqual([]);
  });

  it('names in its edges nothing that is not in it', () => {
    const { nodes, edges } = only('front', 'blue-b');
    const ids = new Set(nodes.map(({ id }) => id));
    expect(edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
    expect(ids.has(idOfObject(pod('db', 'db') as unknown as KubeObject))).toBe(false);
  });
});
