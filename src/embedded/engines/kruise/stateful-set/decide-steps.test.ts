import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideStatefulSteps, type NumberedPod, type StatefulInput } from './decide-steps.ts';

const podOf = (ordinal: number, changes: Partial<NumberedPod> = {}): NumberedPod => ({
  ordinal,
  labels: {},
  revision: 'old',
  isTerminating: false,
  isFinished: false,
  isHealthy: true,
  isAvailable: true,
  isUpdating: false,
  isSpecified: false,
  ...changes,
});
const down = { isHealthy: false, isAvailable: false };
const inputOf = (changes: Partial<StatefulInput> = {}): StatefulInput => ({
  ordinals: [0, 1, 2],
  pods: [podOf(0), podOf(1), podOf(2)],
  isParallel: true,
  scaleMaxUnavailable: undefined,
  rolls: true,
  hasPartition: true,
  partition: 0,
  maxUnavailable: 1,
  isUnordered: false,
  priority: undefined,
  currentRevision: 'old',
  updateRevision: 'new',
  ...changes,
});
const updated = { revision: 'new' };
const create = (ordinal: number, revision: string): object => ({ do: 'create', ordinal, revision });

describe('decideStatefulSteps', () => {
  it.each<{ readonly name: string; readonly input: Partial<StatefulInput>; readonly steps: readonly object[] }>([
    {
      name: 'makes one pod at a time in order, below the partition as it was',
      input: { isParallel: false, partition: 2, pods: [podOf(0)] },
      steps: [create(1, 'old')],
    },
    {
      name: 'makes all pods at once in parallel',
      input: { partition: 1, pods: [] },
      steps: [create(0, 'old'), create(1, 'new'), create(2, 'new')],
    },
    {
      name: 'updates none in the place of one that is being made',
      input: { ordinals: [0, 1, 2, 3], partition: 3, isUnordered: true },
      steps: [create(3, 'new')],
    },
    {
      name: 'makes as many as may be unavailable',
      input: { scaleMaxUnavailable: 2, pods: [podOf(0, { ...updated, ...down })] },
      steps: [create(1, 'new')],
    },
    {
      name: 'waits in order for a pod that is not available, its update too',
      input: { isParallel: false, pods: [podOf(0), podOf(1), podOf(2, down)] },
      steps: [],
    },
    {
      name: 'gives up ended pods',
      input: { pods: [podOf(0, { ...down, isFinished: true }), podOf(1, updated), podOf(2, updated)] },
      steps: [{ do: 'delete', ordinal: 0 }],
    },
    {
      name: 'lets pods out of range go, in order the highest first',
      input: { isParallel: false, ordinals: [0], pods: [podOf(0), podOf(1), podOf(2)] },
      steps: [{ do: 'delete', ordinal: 2 }],
    },
    {
      name: 'waits in order for one that is going',
      input: {
        isParallel: false,
        ordinals: [0],
        pods: [podOf(0), podOf(1), podOf(2, { ...down, isTerminating: true })],
      },
      steps: [],
    },
    {
      name: 'updates the highest, one at a time',
      input: {},
      steps: [{ do: 'update', ordinal: 2 }],
    },
    {
      name: 'updates several at once where it may',
      input: { maxUnavailable: 2 },
      steps: [
        { do: 'update', ordinal: 2 },
        { do: 'update', ordinal: 1 },
      ],
    },
    {
      name: 'updates one that is down anyway, and no other',
      input: { pods: [podOf(0), podOf(1, down), podOf(2, updated)] },
      steps: [{ do: 'update', ordinal: 1 }],
    },
    {
      name: 'waits for containers that do not run their new image yet',
      input: { pods: [podOf(0), podOf(1), podOf(2, { ...updated, isUpdating: true })] },
      steps: [],
    },
    {
      name: 'updates nothing while it is paused, or with OnDelete',
      input: { rolls: false },
      steps: [],
    },
    {
      name: 'deletes specified pods whatever the partition says',
      input: { partition: 3, pods: [podOf(0, { isSpecified: true }), podOf(1), podOf(2)] },
      steps: [{ do: 'delete', ordinal: 0 }],
    },
    {
      name: 'deletes no specified pod beyond the limit (refused)',
      input: { pods: [podOf(0, { isSpecified: true }), podOf(1, { ...updated, ...down }), podOf(2, updated)] },
      steps: [],
    },
    {
      name: 'takes pods by priority where the order is free',
      input: {
        partition: 2,
        isUnordered: true,
        priority: { weightPriority: [{ weight: 5, matchSelector: { matchLabels: { first: 'yes' } } }] },
        pods: [podOf(0), podOf(1, { labels: { first: 'yes' } }), podOf(2)],
      },
      steps: [{ do: 'update', ordinal: 1 }],
    },
    {
      name: 'counts updated pods into what the partition gives free, unordered',
      input: { partition: 2, isUnordered: true, pods: [podOf(0, updated), podOf(1), podOf(2)] },
      steps: [],
    },
  ])('$name', ({ input, steps }) => {
    expect(decideStatefulSteps(inputOf(input))).toEqual(steps);
  });

  const rollout = fc.record({
    replicas: fc.integer({ min: 1, max: 7 }),
    reserved: fc.array(fc.nat({ max: 6 }), { maxLength: 3 }),
    partition: fc.nat({ max: 7 }),
    maxUnavailable: fc.integer({ min: 1, max: 3 }),
    isParallel: fc.boolean(),
    isUnordered: fc.boolean(),
    inPlace: fc.boolean(),
  });

  it('comes to rest with the partition kept, and never takes down more than it may', () => {
    fc.assert(
      fc.property(rollout, (wish) => {
        const ordinals = Array.from({ length: 10 }, (_, at) => at)
          .filter((ordinal) => !wish.reserved.includes(ordinal))
          .slice(0, wish.replicas);
        const maxUnavailable = wish.isParallel ? wish.maxUnavailable : 1;
        const isUnordered = wish.isParallel && wish.isUnordered;
        let pods = ordinals.map((ordinal) => podOf(ordinal));
        for (let round = 0; ; round += 1) {
          expect(round).toBeLessThan(100);
          const { isParallel, partition } = wish;
          const steps = decideStatefulSteps(
            inputOf({ ordinals, pods, isParallel, partition, maxUnavailable, isUnordered }),
          );
          const isAtRest = steps.length === 0 && pods.every(({ isAvailable }) => isAvailable);
          const before = new Map(pods.map((pod) => [pod.ordinal, pod]));
          for (const step of steps) {
            if (step.do === 'create')
              before.set(step.ordinal, podOf(step.ordinal, { revision: step.revision, ...down }));
            else if (step.do === 'update' && wish.inPlace)
              before.set(step.ordinal, podOf(step.ordinal, { ...updated, ...down }));
            else before.delete(step.ordinal);
          }
          const after = [...before.values()];
          const available = after.filter(({ isAvailable }) => isAvailable).length;
          expect(available).toBeGreaterThanOrEqual(ordinals.length - maxUnavailable);
          const kept = after.filter(({ revision }) => revision === 'old').length;
          if (after.length === ordinals.length) {
            expect(kept).toBeGreaterThanOrEqual(Math.min(partition, ordinals.length));
          }
          if (isAtRest) break;
          // Every second round the kubelet brings up what is down.
          pods = round % 2 === 0 ? after : after.map(({ ordinal, revision }) => podOf(ordinal, { revision }));
        }
        const done = pods.filter(({ revision }) => revision === 'new').length;
        expect(done).toBe(Math.max(0, ordinals.length - wish.partition));
      }),
    );
  });
});
