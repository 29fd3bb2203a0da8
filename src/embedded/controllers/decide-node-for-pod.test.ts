import { describe, expect, it } from 'vitest';
import { decideNodeForPod, type OccupiedNode } from './decide-node-for-pod.ts';
import type { Node, Pod, PodSpec } from './kubernetes-shapes.ts';

function node(
  name: string,
  changes: { labels?: Record<string, string>; spec?: Node['spec']; cpu?: string } = {},
): OccupiedNode {
  return {
    node: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...changes.labels } },
      spec: changes.spec ?? {},
      status: {
        allocatable: { cpu: changes.cpu ?? '2', memory: '4Gi', pods: '110' },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    },
    pods: [],
  };
}

function pod(spec: Partial<PodSpec> = {}, cpu = '100m', owner?: string): Pod {
  const ownerReferences =
    owner === undefined
      ? []
      : [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, uid: owner, controller: true }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default', labels: { app: 'web' }, ownerReferences },
    spec: { containers: [{ name: 'main', image: 'web', resources: { requests: { cpu } } }], ...spec },
  };
}

const cordoned = node('cordoned', { spec: { unschedulable: true } });
const tainted = node('tainted', { spec: { taints: [{ key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }] } });

describe('decideNodeForPod', () => {
  it.each([
    { name: 'takes a node that fits', pod: pod(), nodes: [node('a')], node: 'a' },
    { name: 'passes over a cordoned node', pod: pod(), nodes: [cordoned, node('b')], node: 'b' },
    {
      name: 'takes a tainted node for a pod that tolerates it',
      pod: pod({ tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' }] }),
      nodes: [tainted],
      node: 'tainted',
    },
    {
      name: 'follows the node selector',
      pod: pod({ nodeSelector: { disk: 'ssd' } }),
      nodes: [node('a'), node('b', { labels: { disk: 'ssd' } })],
      node: 'b',
    },
    {
      name: 'follows required node affinity by field',
      pod: pod({
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }],
            },
          },
        },
      }),
      nodes: [node('a'), node('b')],
      node: 'b',
    },
    {
      name: 'spreads siblings over nodes',
      pod: pod({}, '100m', 'set'),
      nodes: [
        { ...node('a'), pods: [pod({}, '100m', 'set')] },
        { ...node('b'), pods: [pod(), pod()] },
      ],
      node: 'b',
    },
    {
      name: 'prefers the emptier node',
      pod: pod(),
      nodes: [{ ...node('a'), pods: [pod({}, '1500m')] }, node('b')],
      node: 'b',
    },
    {
      name: 'keeps apart what must not share a node',
      pod: pod({
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
      }),
      nodes: [{ ...node('a', { cpu: '64' }), pods: [pod()] }, { ...node('b', { cpu: '1' }) }],
      node: 'b',
    },
  ])('$name', ({ pod: waiting, nodes, node: expected }) => {
    expect(decideNodeForPod(waiting, nodes)).toEqual({ node: expected });
  });

  it('says in the words of Kubernetes why no node will do (refused)', () => {
    const nodes = [node('a'), cordoned, tainted];
    expect(decideNodeForPod(pod({}, '3'), nodes)).toEqual({
      unschedulable:
        '0/3 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. ' +
        'preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.',
    });
    expect(decideNodeForPod(pod({}, '3'), [node('a')])).toEqual({
      unschedulable:
        '0/1 nodes are available: 1 Insufficient cpu. ' +
        'preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    });
    expect(decideNodeForPod(pod(), [])).toEqual({ unschedulable: 'no nodes available to schedule pods' });
  });

  it('fills a node to the last millicore and not beyond (refused)', () => {
    const full = { ...node('a', { cpu: '300m' }), pods: [pod(), pod()] };
    expect(decideNodeForPod(pod(), [full])).toEqual({ node: 'a' });
    expect(decideNodeForPod(pod({}, '101m'), [full])).toHaveProperty('unschedulable');
  });
});
