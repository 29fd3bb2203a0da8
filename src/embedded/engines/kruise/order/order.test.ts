import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { samplePod } from '../../../controllers/testing/scheduling-samples.ts';
import { partitionOf } from '../partition.ts';
import { rankForDeletion, rankForUpdate } from './rank-pods.ts';
import { scatterPods } from './scatter-pods.ts';
import { sortByPriority } from './sort-by-priority.ts';

const pod = (name: string, labels: Record<string, string> = {}): { name: string; labels: Record<string, string> } => ({
  name,
  labels,
});
const namesOf = (pods: readonly { readonly name: string }[]): string => pods.map(({ name }) => name).join('');

describe('sortByPriority', () => {
  const pods = [
    pod('a'),
    pod('b', { tier: 'gold', zone: 'z-2' }),
    pod('c', { tier: 'gold', canary: 'yes', zone: 'z-10' }),
    pod('d', { zone: 'none' }),
  ];
  it.each([
    { name: 'keeps the order without a strategy', strategy: undefined, order: 'abcd' },
    {
      name: 'sums weights up',
      strategy: {
        weightPriority: [
          { weight: 10, matchSelector: { matchLabels: { tier: 'gold' } } },
          { weight: 5, matchSelector: { matchLabels: { canary: 'yes' } } },
        ],
      },
      order: 'cbad',
    },
    {
      name: 'orders by the number at the end of a key, those without it first',
      strategy: { orderPriority: [{ orderedKey: 'zone' }] },
      order: 'acbd',
    },
  ])('$name', ({ strategy, order }) => {
    expect(namesOf(sortByPriority(pods, strategy))).toBe(order);
  });
});

describe('scatterPods', () => {
  const marked = { hot: 'yes' };
  const term = { key: 'hot', value: 'yes' };
  it.each([
    { name: 'leaves one alone', pods: [pod('a', marked)], order: 'a' },
    { name: 'leaves those alone that need not be mixed', pods: [pod('a', marked), pod('b'), pod('c')], order: 'abc' },
    {
      name: 'spreads the marked ones evenly, one of them last',
      pods: [pod('a', marked), pod('b', marked), pod('c', marked), pod('d'), pod('e'), pod('f'), pod('g')],
      order: 'adebfgc',
    },
  ])('$name', ({ pods, order }) => {
    expect(namesOf(scatterPods(pods, pods, [term]))).toBe(order);
  });

  it('loses and doubles no pod', () => {
    const waiting = fc.array(fc.record({ isMarked: fc.boolean(), isWaiting: fc.boolean() }), { maxLength: 20 });
    fc.assert(
      fc.property(waiting, (flags) => {
        const all = flags.map(({ isMarked, isWaiting }, at) => ({
          ...pod(`${at}`, isMarked ? marked : {}),
          isWaiting,
        }));
        const some = all.filter(({ isWaiting }) => isWaiting);
        const scattered = scatterPods(some, all, [term]);
        expect(scattered.map(({ name }) => name).sort()).toEqual(some.map(({ name }) => name).sort());
      }),
    );
  });
});

describe('rankForDeletion', () => {
  const ready = { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' as const }] };
  const pending = samplePod({ name: 'pending', nodeName: 'n', status: { phase: 'Pending' } });
  const unbound = samplePod({ name: 'unbound', status: { phase: 'Pending' } });
  const good = samplePod({ name: 'good', nodeName: 'n', status: ready });
  const crowded = samplePod({ name: 'crowded', nodeName: 'n', status: ready });
  const alone = samplePod({ name: 'alone', nodeName: 'm', status: ready });
  const dear = {
    ...alone,
    metadata: {
      ...alone.metadata,
      name: 'dear',
      annotations: { 'controller.kubernetes.io/pod-deletion-cost': '5' },
    },
  };
  const names = (pods: readonly { readonly metadata: { readonly name: string } }[]): string[] =>
    pods.map(({ metadata }) => metadata.name);

  it('gives up what serves nobody first, then crowded nodes, and dear pods last', () => {
    const ranked = rankForDeletion([dear, alone, good, crowded, pending, unbound], () => true);
    expect(names(ranked)).toEqual(['unbound', 'pending', 'good', 'alone', 'crowded', 'dear']);
  });

  it('is not the order of updates, which knows neither cost nor crowds', () => {
    expect(names(rankForUpdate([dear, good, pending]))).toEqual(['pending', 'dear', 'good']);
  });
});

describe('partitionOf', () => {
  it.each([
    { partition: undefined, replicas: 4, kept: 0 },
    { partition: 3, replicas: 4, kept: 3 },
    { partition: 9, replicas: 4, kept: 4 },
    { partition: '50%', replicas: 5, kept: 3 },
    { partition: '1%', replicas: 5, kept: 1 },
    { partition: '99%', replicas: 5, kept: 4 },
    { partition: '100%', replicas: 5, kept: 5 },
    { partition: '99%', replicas: 1, kept: 1 },
  ])('$partition of $replicas keeps $kept', ({ partition, replicas, kept }) => {
    expect(partitionOf(partition, replicas)).toBe(kept);
  });
});
