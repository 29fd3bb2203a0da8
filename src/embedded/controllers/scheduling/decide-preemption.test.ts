import { describe, expect, it } from 'vitest';
import type { Pod } from '../kubernetes-shapes.ts';
import { sampleNode, samplePod, sampleWorld } from '../testing/scheduling-samples.ts';
import { decidePlacement } from './decide-placement.ts';
import { type Budget, decidePreemption, type Preemption } from './decide-preemption.ts';
import type { NodeInfo } from './node-info.ts';

const cpu = (amount: string, priority: number, extra: Parameters<typeof samplePod>[0] = {}): Pod =>
  samplePod({ requests: { cpu: amount }, priority, ...extra });

function preempt(pod: Pod, nodes: readonly NodeInfo[], budgets: readonly Budget[] = []): Preemption {
  const world = sampleWorld(nodes);
  const placement = decidePlacement(pod, world);
  if ('node' in placement) throw new Error(`was placed on ${placement.node}`);
  return decidePreemption(pod, placement, world, new Map(), budgets);
}

function budget(app: string, disruptionsAllowed: number): Budget {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: app, namespace: 'default' },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed },
  };
}

const names = (preemption: Preemption): unknown =>
  'node' in preemption
    ? { node: preemption.node, victims: preemption.victims.map(({ metadata }) => metadata.name) }
    : preemption;

describe('decidePreemption', () => {
  it('ends as few and as unimportant pods as will do', () => {
    const pods = [
      cpu('1', 5, { name: 'dear' }),
      cpu('500m', 1, { name: 'cheap' }),
      cpu('500m', 2, { name: 'middling' }),
    ];
    expect(names(preempt(cpu('500m', 10), [sampleNode('a', { pods })]))).toEqual({ node: 'a', victims: ['cheap'] });
  });

  it('takes the node whose victims matter least', () => {
    const nodes = [
      sampleNode('a', { pods: [cpu('2', 5, { name: 'dear' })] }),
      sampleNode('b', { pods: [cpu('2', 1, { name: 'cheap' })] }),
    ];
    expect(names(preempt(cpu('1', 10), nodes))).toEqual({ node: 'b', victims: ['cheap'] });
  });

  it('spares what a budget protects, at the price of more important pods', () => {
    const nodes = [
      sampleNode('a', { pods: [cpu('2', 1, { name: 'guarded', labels: { app: 'guarded' } })] }),
      sampleNode('b', { pods: [cpu('2', 5, { name: 'free' })] }),
    ];
    expect(names(preempt(cpu('1', 10), nodes, [budget('guarded', 0)]))).toEqual({ node: 'b', victims: ['free'] });
    expect(names(preempt(cpu('1', 10), nodes, [budget('guarded', 1)]))).toEqual({ node: 'a', victims: ['guarded'] });
  });

  it('ends even what a budget protects when nothing else helps', () => {
    const pods = [cpu('2', 1, { name: 'guarded', labels: { app: 'guarded' } })];
    const result = preempt(cpu('1', 10), [sampleNode('a', { pods })], [budget('guarded', 0)]);
    expect(names(result)).toEqual({ node: 'a', victims: ['guarded'] });
  });

  it('ends nobody who is as important (refused)', () => {
    const nodes = [sampleNode('a', { pods: [cpu('2', 10)] }), sampleNode('b', { spec: { unschedulable: true } })];
    expect(preempt(cpu('1', 10), nodes)).toEqual({
      refused:
        '0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
      clears: true,
    });
  });

  it('ends nobody in vain (refused)', () => {
    const pods = [cpu('1', 1), cpu('1', 20)];
    expect(preempt(cpu('1500m', 10), [sampleNode('a', { pods })])).toEqual({
      refused: '0/1 nodes are available: 1 Insufficient cpu.',
      clears: true,
    });
  });

  it('leaves a pod waiting that may not preempt (refused)', () => {
    const pod = cpu('1', 10, { preemptionPolicy: 'Never' });
    expect(preempt(pod, [sampleNode('a', { pods: [cpu('2', 1)] })])).toMatchObject({
      refused: 'not eligible due to preemptionPolicy=Never.',
    });
  });

  it('waits for victims that are on their way out (refused)', () => {
    const victim = cpu('2', 1, {
      status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }] },
    });
    const leaving = { ...victim, metadata: { ...victim.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const pod = cpu('1', 10, { status: { nominatedNodeName: 'a' } });
    expect(preempt(pod, [sampleNode('a', { pods: [leaving] })])).toMatchObject({
      refused: 'not eligible due to a terminating pod on the nominated node.',
    });
  });
});
