import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decideNodeTaints, mayEvictFrom } from './decide-node-taints.ts';
import { decideTaintEviction } from './decide-taint-eviction.ts';
import type { Node, Pod, Taint } from './kubernetes-shapes.ts';
import { isReady } from './pod-state.ts';
import { findCondition } from './set-condition.ts';
import { sampleNode, samplePod } from './testing/scheduling-samples.ts';
import { startTestCluster, type TestCluster, testDeployment } from './testing/start-test-cluster.ts';

const annotation = 'embedded.longshore.dev/simulate';

describe('nodes that fall silent', () => {
  let cluster: TestCluster;
  beforeEach(() => {
    cluster = startTestCluster();
    cluster.create('apps', 'deployments', testDeployment('web', 6));
    cluster.clock.advance(20_000);
  });
  afterEach(async () => {
    await cluster.stop();
    expect(cluster.complaints).toEqual([]);
  });

  const node = (name = 'embedded-b1'): Node => cluster.get<Node>('', 'nodes', name);
  const simulate = (value: string | undefined, name = 'embedded-b1'): void =>
    cluster.change('', 'nodes', name, (draft) => {
      draft.metadata.annotations = { ...draft.metadata.annotations, [annotation]: value };
    });
  const on = (name = 'embedded-b1'): Pod[] => cluster.pods().filter(({ spec }) => spec.nodeName === name);
  const keys = (): string[] => (node().spec.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  const nodeEvents = (reason: string) =>
    cluster.events(reason).filter(({ involvedObject: { kind, name } }) => kind === 'Node' && name === 'embedded-b1');

  it('are unknown after their grace, tainted, and their pods no longer ready', () => {
    expect(on()).toHaveLength(2);
    simulate('lost');
    cluster.clock.advance(39_000);
    expect(findCondition(node().status?.conditions, 'Ready')?.status).toBe('True');
    cluster.clock.advance(21_000);
    for (const type of ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']) {
      expect(findCondition(node().status?.conditions, type)).toMatchObject({
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
      });
    }
    expect(keys()).toEqual(['node.kubernetes.io/unreachable:NoSchedule', 'node.kubernetes.io/unreachable:NoExecute']);
    expect(on().map(isReady)).toEqual([false, false]);
    expect(nodeEvents('NodeNotReady')[0]?.message).toBe('Node embedded-b1 status is now: NodeNotReady');
    expect(cluster.events('NodeNotReady').find(({ involvedObject }) => involvedObject.kind === 'Pod')?.message).toBe(
      'Node is not ready',
    );
  });

  it('have their pods evicted after the tolerated time, which stay until the node is back', () => {
    simulate('lost');
    cluster.clock.advance(60_000);
    cluster.clock.advance(280_000);
    expect(on().map(({ metadata }) => metadata.deletionTimestamp)).toEqual([undefined, undefined]);
    cluster.clock.advance(30_000);
    const stuck = on();
    expect(stuck).toHaveLength(2);
    for (const pod of stuck) {
      expect(pod.metadata.deletionTimestamp).toBeDefined();
      expect(findCondition(pod.status?.conditions, 'DisruptionTarget')).toMatchObject({
        reason: 'DeletionByTaintManager',
        message: 'Taint manager: deleting due to NoExecute taint',
      });
    }
    expect(cluster.pods().filter(isReady)).toHaveLength(6);
    cluster.clock.advance(600_000);
    expect(on()).toHaveLength(2);
    simulate(undefined);
    cluster.clock.advance(10_000);
    expect(on()).toEqual([]);
    expect(keys()).toEqual([]);
    expect(findCondition(node().status?.conditions, 'Ready')).toMatchObject({ status: 'True', reason: 'KubeletReady' });
    expect(nodeEvents('NodeReady')[0]?.count).toBe(2);
  });

  it('keep their pods when they are back in time', () => {
    const before = on().map(({ metadata }) => metadata.uid);
    simulate('lost');
    cluster.clock.advance(120_000);
    simulate(undefined);
    cluster.clock.advance(400_000);
    expect(on().map(({ metadata }) => metadata.uid)).toEqual(before);
    expect(on().every(isReady)).toBe(true);
    expect(cluster.events('TaintManagerEviction')[0]?.message).toMatch(/^Cancelling deletion of Pod default\/web-/);
  });

  it('give up their terminating pods when they are taken out of service', () => {
    simulate('lost');
    cluster.clock.advance(400_000);
    expect(on()).toHaveLength(2);
    cluster.change('', 'nodes', 'embedded-b1', (draft) => {
      draft.spec.taints.push({ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' });
    });
    cluster.clock.advance(10);
    expect(on()).toEqual([]);
  });

  it('are left alone when all of them are silent: the fault is elsewhere (refused)', () => {
    for (const name of ['embedded-a1', 'embedded-a2', 'embedded-b1']) simulate('lost', name);
    cluster.clock.advance(900_000);
    expect(keys()).toEqual(['node.kubernetes.io/unreachable:NoSchedule']);
    expect(cluster.pods().every(({ metadata }) => metadata.deletionTimestamp === undefined)).toBe(true);
  });

  it('lose their pods to the collector when they are deleted, and come alive when created again', () => {
    simulate('lost');
    cluster.store.delete(cluster.store.resource('', 'nodes'), undefined, 'embedded-b1');
    cluster.clock.advance(39_000);
    expect(on()).toHaveLength(2);
    cluster.clock.advance(30_000);
    expect(on()).toEqual([]);
    expect(nodeEvents('RemovingNode')[0]?.message).toBe(
      'Node embedded-b1 event: Removing Node embedded-b1 from Controller',
    );
    cluster.store.create(cluster.store.resource('', 'nodes'), { metadata: { name: 'embedded-b1' } });
    cluster.clock.advance(1_000);
    expect(findCondition(node().status?.conditions, 'Ready')?.status).toBe('True');
    expect(keys()).toEqual([]);
  });

  it('tell of steering that they do not understand (refused)', () => {
    simulate('losst');
    cluster.clock.advance(10);
    expect(nodeEvents('UnknownSimulation')[0]?.message).toBe(
      'embedded.longshore.dev/simulate must be one of lost, memory-pressure, disk-pressure, pid-pressure, got "losst"',
    );
  });

  it('evict under memory pressure, one pod after the other, and take no new ones', () => {
    simulate('memory-pressure');
    cluster.clock.advance(100);
    expect(keys()).toEqual(['node.kubernetes.io/memory-pressure:NoSchedule']);
    expect(findCondition(node().status?.conditions, 'MemoryPressure')).toMatchObject({
      status: 'True',
      reason: 'KubeletHasInsufficientMemory',
    });
    expect(
      on()
        .map(({ status }) => status?.reason)
        .sort(),
    ).toEqual(['Evicted', undefined]);
    cluster.clock.advance(11_000);
    const [evicted] = on();
    expect(on().map(({ status }) => status?.phase)).toEqual(['Failed', 'Failed']);
    expect(evicted?.status?.message).toMatch(/^The node was low on resource: memory\. Threshold quantity: 100Mi/);
    expect(findCondition(evicted?.status?.conditions, 'DisruptionTarget')?.reason).toBe('TerminationByKubelet');
    expect(cluster.events('Evicted')).toHaveLength(2);
    simulate(undefined);
    cluster.clock.advance(1_000);
    expect(keys()).toEqual([]);
    expect(nodeEvents('NodeHasSufficientMemory')[0]?.count).toBe(2);
  });

  it('end at once what does not tolerate a NoExecute taint', () => {
    cluster.change('', 'nodes', 'embedded-b1', (draft) => {
      draft.spec.taints = [{ key: 'maintenance', effect: 'NoExecute' }];
    });
    cluster.clock.advance(5_000);
    expect(on()).toEqual([]);
    expect(cluster.events('TaintManagerEviction')[0]?.message).toMatch(/^Marking for deletion Pod default\/web-/);
  });
});

describe('decideNodeTaints', () => {
  const now = '2026-01-01T00:00:00Z';
  const withConditions = (conditions: [string, string][], spec: Node['spec'] = {}): Node => {
    const { node } = sampleNode('a', { spec });
    return {
      ...node,
      status: { conditions: conditions.map(([type, status]) => ({ type, status: status as 'True' })) },
    };
  };
  const foreign: Taint = { key: 'dedicated', value: 'x', effect: 'NoSchedule' };
  it.each<{ name: string; node: Node; mayEvict?: boolean; taints: string[] }>([
    { name: 'says nothing of a node that is well', node: withConditions([['Ready', 'True']]), taints: [] },
    {
      name: 'tells not ready from unreachable',
      node: withConditions([['Ready', 'False']], {
        taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }],
      }),
      taints: ['node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute'],
    },
    {
      name: 'does not evict when it may not (refused)',
      node: withConditions([['Ready', 'Unknown']]),
      mayEvict: false,
      taints: ['node.kubernetes.io/unreachable:NoSchedule'],
    },
    {
      name: 'keeps what others have set',
      node: withConditions([['DiskPressure', 'True']], { taints: [foreign], unschedulable: true }),
      taints: [
        'dedicated:NoSchedule',
        'node.kubernetes.io/disk-pressure:NoSchedule',
        'node.kubernetes.io/unschedulable:NoSchedule',
      ],
    },
  ])('$name', ({ node, mayEvict = true, taints }) => {
    expect(decideNodeTaints(node, mayEvict, now).map(({ key, effect }) => `${key}:${effect}`)).toEqual(taints);
  });
});

describe('mayEvictFrom', () => {
  it.each([
    { name: 'one of three', zone: { ready: 2, notReady: 1 }, others: [], may: true },
    { name: 'a whole zone of two', zone: { ready: 0, notReady: 3 }, others: [{ ready: 3, notReady: 0 }], may: true },
    {
      name: 'most of a zone (refused)',
      zone: { ready: 1, notReady: 3 },
      others: [{ ready: 3, notReady: 0 }],
      may: false,
    },
    { name: 'everything (refused)', zone: { ready: 0, notReady: 3 }, others: [{ ready: 0, notReady: 1 }], may: false },
  ])('$name', ({ zone, others, may }) => {
    expect(mayEvictFrom(zone, [zone, ...others])).toBe(may);
  });
});

describe('decideTaintEviction', () => {
  const { node } = sampleNode('a', {
    spec: {
      taints: [
        { key: 'a', effect: 'NoExecute' },
        { key: 'b', effect: 'NoExecute' },
      ],
    },
  });
  it.each([
    {
      name: 'evicts at once what tolerates only some',
      tolerations: [{ key: 'a', operator: 'Exists' }],
      verdict: { do: 'evict', afterMs: 0 },
    },
    { name: 'leaves what tolerates all for ever', tolerations: [{ operator: 'Exists' }], verdict: { do: 'stay' } },
    {
      name: 'waits for the shortest toleration',
      tolerations: [
        { key: 'a', operator: 'Exists', tolerationSeconds: 60 },
        { key: 'b', operator: 'Exists', tolerationSeconds: 30 },
      ],
      verdict: { do: 'evict', afterMs: 30_000 },
    },
  ])('$name', ({ tolerations, verdict }) => {
    expect(decideTaintEviction(samplePod({ tolerations }), node)).toEqual(verdict);
  });
});
