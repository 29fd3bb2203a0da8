import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PodAffinityTerm, TopologySpreadConstraint } from '../kubernetes-shapes.ts';
import { sampleNode, samplePod, sampleWorld } from '../testing/scheduling-samples.ts';
import { decidePlacement } from './decide-placement.ts';
import { describeRefusals } from './describe-refusals.ts';
import type { NodeInfo } from './node-info.ts';
import { podResources } from './pod-resources.ts';
import type { SchedulingWorld } from './scheduling-rules.ts';

const zone = (value: string) => ({ 'topology.kubernetes.io/zone': value });
const apart: PodAffinityTerm = {
  labelSelector: { matchLabels: { app: 'web' } },
  topologyKey: 'kubernetes.io/hostname',
};
const near = (extra: Partial<PodAffinityTerm> = {}): PodAffinityTerm => ({
  labelSelector: { matchLabels: { app: 'db' } },
  topologyKey: 'topology.kubernetes.io/zone',
  ...extra,
});
const db = () => samplePod({ labels: { app: 'db' } });
const spread = (extra: Partial<TopologySpreadConstraint> = {}): TopologySpreadConstraint => ({
  maxSkew: 1,
  topologyKey: 'topology.kubernetes.io/zone',
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: { app: 'web' } },
  ...extra,
});
const required = (terms: readonly PodAffinityTerm[]) => ({ requiredDuringSchedulingIgnoredDuringExecution: terms });
const dedicated = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' };
const inNodes = (...values: string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }],
    },
  },
});

interface Case {
  readonly name: string;
  readonly pod: ReturnType<typeof samplePod>;
  readonly nodes: readonly NodeInfo[];
  readonly world?: Partial<SchedulingWorld>;
}

describe('decidePlacement', () => {
  it.each<Case & { readonly node: string }>([
    { name: 'takes a node that fits', pod: samplePod(), nodes: [sampleNode('a')], node: 'a' },
    {
      name: 'passes over a cordoned node',
      pod: samplePod(),
      nodes: [sampleNode('a', { spec: { unschedulable: true } }), sampleNode('b')],
      node: 'b',
    },
    {
      name: 'takes a cordoned node for a pod that tolerates it',
      pod: samplePod({ tolerations: [{ operator: 'Exists' }] }),
      nodes: [sampleNode('a', { spec: { unschedulable: true } })],
      node: 'a',
    },
    {
      name: 'takes a tainted node for a pod that tolerates it',
      pod: samplePod({ tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'gpu' }] }),
      nodes: [sampleNode('a', { spec: { taints: [dedicated] } })],
      node: 'a',
    },
    {
      name: 'prefers a node without PreferNoSchedule',
      pod: samplePod(),
      nodes: [sampleNode('a', { spec: { taints: [{ ...dedicated, effect: 'PreferNoSchedule' }] } }), sampleNode('b')],
      node: 'b',
    },
    {
      name: 'follows the node selector',
      pod: samplePod({ nodeSelector: { disk: 'ssd' } }),
      nodes: [sampleNode('a'), sampleNode('b', { labels: { disk: 'ssd' } })],
      node: 'b',
    },
    {
      name: 'follows required node affinity by field',
      pod: samplePod({ affinity: inNodes('b') }),
      nodes: [sampleNode('a'), sampleNode('b')],
      node: 'b',
    },
    {
      name: 'follows preferred node affinity',
      pod: samplePod({
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 10, preference: { matchExpressions: [{ key: 'disk', operator: 'Exists' }] } },
            ],
          },
        },
      }),
      nodes: [sampleNode('a'), sampleNode('b', { labels: { disk: 'ssd' } })],
      node: 'b',
    },
    {
      name: 'prefers the emptier node',
      pod: samplePod(),
      nodes: [sampleNode('a', { pods: [samplePod({ requests: { cpu: '1500m' } })] }), sampleNode('b')],
      node: 'b',
    },
    {
      name: 'spreads siblings over nodes by default',
      pod: samplePod(),
      nodes: [sampleNode('a', { pods: [samplePod()] }), sampleNode('b')],
      world: { defaultSelector: () => ({ key: 'web', matches: ({ metadata }) => metadata.labels?.app === 'web' }) },
      node: 'b',
    },
    {
      name: 'keeps apart what must not share a node',
      pod: samplePod({ affinity: { podAntiAffinity: required([apart]) } }),
      nodes: [sampleNode('a', { allocatable: { cpu: '64' }, pods: [samplePod()] }), sampleNode('b')],
      node: 'b',
    },
    {
      name: 'respects the anti-affinity of a pod that is there already',
      pod: samplePod(),
      nodes: [
        sampleNode('a', {
          allocatable: { cpu: '64' },
          pods: [samplePod({ affinity: { podAntiAffinity: required([apart]) } })],
        }),
        sampleNode('b'),
      ],
      node: 'b',
    },
    {
      name: 'brings together what must be near',
      pod: samplePod({ affinity: { podAffinity: required([near()]) } }),
      nodes: [
        sampleNode('a', { labels: zone('1') }),
        sampleNode('b', { labels: zone('2'), pods: [db()] }),
        sampleNode('c', { labels: zone('2') }),
      ],
      node: 'c',
    },
    {
      name: 'lets the first of a series with affinity to itself begin',
      pod: samplePod({ labels: { app: 'db' }, affinity: { podAffinity: required([near()]) } }),
      nodes: [sampleNode('a', { labels: zone('1') })],
      node: 'a',
    },
    {
      name: 'looks into namespaces by their labels',
      pod: samplePod({
        affinity: { podAffinity: required([near({ namespaceSelector: { matchLabels: { team: 'a' } } })]) },
      }),
      nodes: [
        sampleNode('a', { labels: zone('1') }),
        sampleNode('b', { labels: zone('2'), pods: [samplePod({ namespace: 'other', labels: { app: 'db' } })] }),
      ],
      world: { namespaceLabels: (name) => (name === 'other' ? { team: 'a' } : {}) },
      node: 'b',
    },
    {
      name: 'follows preferred pod affinity',
      pod: samplePod({
        affinity: {
          podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: near() }] },
        },
      }),
      nodes: [sampleNode('a', { labels: zone('1') }), sampleNode('b', { labels: zone('2'), pods: [db()] })],
      node: 'b',
    },
    {
      name: 'follows preferred pod anti-affinity',
      pod: samplePod({
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: near() }],
          },
        },
      }),
      nodes: [
        sampleNode('a', { labels: zone('1'), pods: [db()] }),
        sampleNode('b', { labels: zone('2'), pods: [samplePod({ labels: {}, requests: { cpu: '1' } })] }),
      ],
      node: 'b',
    },
    {
      name: 'evens out domains that must not differ',
      pod: samplePod({ topologySpreadConstraints: [spread()] }),
      nodes: [
        sampleNode('a', { labels: zone('1'), allocatable: { cpu: '64' }, pods: [samplePod()] }),
        sampleNode('b', { labels: zone('2') }),
      ],
      node: 'b',
    },
    {
      name: 'counts only pods with the same value of a matchLabelKey',
      pod: samplePod({
        labels: { app: 'web', version: '2' },
        topologySpreadConstraints: [spread({ matchLabelKeys: ['version'] })],
      }),
      nodes: [
        sampleNode('a', {
          labels: zone('1'),
          allocatable: { cpu: '64' },
          pods: [samplePod({ labels: { app: 'web', version: '1' } })],
        }),
        sampleNode('b', { labels: zone('2'), pods: [samplePod({ labels: { app: 'web', version: '2' } })] }),
      ],
      node: 'a',
    },
    {
      name: 'leaves a tainted domain out of account when asked to',
      pod: samplePod({ topologySpreadConstraints: [spread({ nodeTaintsPolicy: 'Honor' })] }),
      nodes: [
        sampleNode('a', { labels: zone('1'), pods: [samplePod()] }),
        sampleNode('b', { labels: zone('2'), spec: { taints: [dedicated] } }),
      ],
      node: 'a',
    },
    {
      name: 'prefers the emptier domain when it may choose',
      pod: samplePod({ topologySpreadConstraints: [spread({ whenUnsatisfiable: 'ScheduleAnyway' })] }),
      nodes: [sampleNode('a', { labels: zone('1'), pods: [samplePod()] }), sampleNode('b', { labels: zone('2') })],
      node: 'b',
    },
    {
      name: 'takes a free host port',
      pod: samplePod({ container: { ports: [{ containerPort: 80, hostPort: 80 }] } }),
      nodes: [
        sampleNode('a', {
          pods: [samplePod({ container: { ports: [{ containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' }] } })],
        }),
        sampleNode('b', {
          pods: [samplePod({ container: { ports: [{ containerPort: 80, hostPort: 80, protocol: 'UDP' }] } })],
        }),
      ],
      node: 'b',
    },
    {
      name: 'prefers a node that has the image',
      pod: samplePod({ requests: {} }),
      nodes: [sampleNode('a'), sampleNode('b', { images: [{ names: ['web:1'], sizeBytes: 1_900_000_000 }] })],
      node: 'b',
    },
    {
      name: 'tries the node the pod was promised first',
      pod: samplePod({ status: { nominatedNodeName: 'b' } }),
      nodes: [sampleNode('a'), sampleNode('b', { pods: [samplePod({ requests: { cpu: '1500m' } })] })],
      node: 'b',
    },
  ])('$name', ({ pod, nodes, world, node }) => {
    expect(decidePlacement(pod, sampleWorld(nodes, world))).toEqual({ node });
  });

  it.each<Case & { readonly message: string; readonly mayPreempt: readonly string[] }>([
    {
      name: 'every reason is counted (refused)',
      pod: samplePod({ requests: { cpu: '3' } }),
      nodes: [
        sampleNode('a'),
        sampleNode('b', { spec: { unschedulable: true } }),
        sampleNode('c', { spec: { taints: [dedicated] } }),
      ],
      message:
        '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable.',
      mayPreempt: [],
    },
    {
      name: 'every short resource speaks (refused)',
      pod: samplePod({ requests: { cpu: '1500m', memory: '4Gi', 'example.com/gpu': '1' } }),
      nodes: [
        sampleNode('a', {
          allocatable: { pods: '1', 'example.com/gpu': '1' },
          pods: [samplePod({ requests: { cpu: '1', memory: '1', 'example.com/gpu': '1' } })],
        }),
      ],
      message:
        '0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient example.com/gpu, 1 Insufficient memory, 1 Too many pods.',
      mayPreempt: ['a'],
    },
    {
      name: 'affinity that nobody meets (refused)',
      pod: samplePod({ affinity: { podAffinity: required([near()]) } }),
      nodes: [sampleNode('a', { labels: zone('1') })],
      message: "0/1 nodes are available: 1 node(s) didn't match pod affinity rules.",
      mayPreempt: [],
    },
    {
      name: 'anti-affinity of its own (refused)',
      pod: samplePod({ affinity: { podAntiAffinity: required([apart]) } }),
      nodes: [sampleNode('a', { pods: [samplePod()] })],
      message: "0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.",
      mayPreempt: ['a'],
    },
    {
      name: 'anti-affinity of others (refused)',
      pod: samplePod(),
      nodes: [sampleNode('a', { pods: [samplePod({ affinity: { podAntiAffinity: required([apart]) } })] })],
      message: "0/1 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules.",
      mayPreempt: ['a'],
    },
    {
      name: 'too few domains (refused)',
      pod: samplePod({ topologySpreadConstraints: [spread({ minDomains: 2 })] }),
      nodes: [sampleNode('a', { labels: zone('1'), pods: [samplePod()] }), sampleNode('b')],
      message:
        "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) didn't match pod topology spread constraints (missing required label).",
      mayPreempt: ['a'],
    },
    {
      name: 'a host port that is taken (refused)',
      pod: samplePod({ container: { ports: [{ containerPort: 80, hostPort: 80 }] } }),
      nodes: [sampleNode('a', { pods: [samplePod({ container: { ports: [{ containerPort: 80, hostPort: 80 }] } })] })],
      message: "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.",
      mayPreempt: ['a'],
    },
    {
      name: 'a selector that no node has (refused)',
      pod: samplePod({ nodeSelector: { disk: 'ssd' } }),
      nodes: [sampleNode('a'), sampleNode('b')],
      message: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
      mayPreempt: [],
    },
    {
      name: 'nodes left out by name (refused)',
      pod: samplePod({ requests: { cpu: '3' }, affinity: inNodes('a') }),
      nodes: [sampleNode('a'), sampleNode('b')],
      message: "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity].",
      mayPreempt: [],
    },
  ])('says why: $name', ({ pod, nodes, message, mayPreempt }) => {
    const placement = decidePlacement(pod, sampleWorld(nodes));
    if ('node' in placement) throw new Error(`was placed on ${placement.node}`);
    const reasons = [...placement.refusals.values()].map((refusal) => refusal.reasons);
    expect(describeRefusals(nodes.length, reasons, placement.absent)).toBe(message);
    const preemptible = [...placement.refusals].filter(([, refusal]) => refusal.mayBePreempted).map(([name]) => name);
    expect(preemptible).toEqual(mayPreempt);
  });

  it('says of the pod itself what keeps it from every node (refused)', () => {
    const problem = () => 'pod has unbound immediate PersistentVolumeClaims';
    const volumes = { problem, nodeProblem: () => undefined, exclusiveClaims: () => [] };
    expect(decidePlacement(samplePod(), sampleWorld([sampleNode('a')], { volumes }))).toHaveProperty(
      'problem',
      'pod has unbound immediate PersistentVolumeClaims',
    );
    expect(decidePlacement(samplePod({ affinity: inNodes() }), sampleWorld([sampleNode('a')]))).toHaveProperty(
      'problem',
      'pod affinity terms conflict',
    );
  });

  it('keeps the room of a node that was promised to someone more important (refused)', () => {
    const promised = new Map([['a', [samplePod({ priority: 10, requests: { cpu: '1500m' } })]]]);
    const world = sampleWorld([sampleNode('a')]);
    expect(decidePlacement(samplePod({ requests: { cpu: '1' } }), world, promised)).toHaveProperty('refusals');
    expect(decidePlacement(samplePod({ requests: { cpu: '1' }, priority: 11 }), world, promised)).toEqual({
      node: 'a',
    });
  });

  it('never gives more than a node has, and decides alike in whatever order nodes come', () => {
    const cpu = fc.integer({ min: 0, max: 1500 });
    const podsOf = fc.array(fc.record({ cpu, memory: fc.integer({ min: 0, max: 3000 }) }), { maxLength: 40 });
    const nodesOf = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(podsOf, nodesOf, (wishes, limits) => {
        let nodes = limits.map((pods, index) => sampleNode(`n${index}`, { allocatable: { pods } }));
        for (const wish of wishes) {
          const pod = samplePod({ requests: { cpu: `${wish.cpu}m`, memory: `${wish.memory}Mi` } });
          const placement = decidePlacement(pod, sampleWorld(nodes));
          expect(decidePlacement(pod, sampleWorld([...nodes].reverse()))).toEqual(placement);
          if (!('node' in placement)) continue;
          nodes = nodes.map((node) => (node.name === placement.node ? node.with(pod) : node));
        }
        for (const node of nodes) {
          for (const resource of ['cpu', 'memory'] as const) {
            const used = node.pods.reduce((sum, pod) => sum + (podResources(pod)[resource] ?? 0), 0);
            expect(used).toBeLessThanOrEqual(node.allocatable[resource] ?? 0);
          }
          expect(node.pods.length).toBeLessThanOrEqual(node.allocatable.pods ?? 0);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('podResources', () => {
  const container = (name: string, cpu: string, restartPolicy?: string) => ({
    name,
    image: 'x',
    resources: { requests: { cpu } },
    ...(restartPolicy === undefined ? {} : { restartPolicy }),
  });
  it.each([
    {
      name: 'adds up containers and overhead',
      spec: { containers: [container('a', '1'), container('b', '500m')], overhead: { cpu: '100m' } },
      cpu: 1600,
    },
    {
      name: 'takes the hungriest init container',
      spec: { initContainers: [container('i', '3')], containers: [container('a', '1')] },
      cpu: 3000,
    },
    {
      name: 'adds sidecars to what runs and to the init containers after them',
      spec: {
        initContainers: [container('i', '3'), container('s', '500m', 'Always'), container('j', '2')],
        containers: [container('a', '1')],
      },
      cpu: 3000,
    },
    {
      name: 'adds sidecars to the containers',
      spec: { initContainers: [container('s', '500m', 'Always')], containers: [container('a', '1')] },
      cpu: 1500,
    },
    {
      name: 'lets pod-level requests stand for all',
      spec: { containers: [container('a', '1')], resources: { requests: { cpu: '4' } } },
      cpu: 4000,
    },
    { name: 'rounds up', spec: { containers: [container('a', '0.1001')] }, cpu: 101 },
  ])('$name', ({ spec, cpu }) => {
    expect(podResources(samplePod(spec)).cpu).toBe(cpu);
  });

  it('counts the larger of both while a resize is under way', () => {
    const status = { containerStatuses: [{ name: 'main', allocatedResources: { cpu: '2' } }] } as never;
    expect(podResources(samplePod({ requests: { cpu: '1' }, status })).cpu).toBe(2000);
    expect(podResources(samplePod({ requests: { cpu: '3' }, status })).cpu).toBe(3000);
  });
});
