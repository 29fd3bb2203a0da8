import { describe, expect, it } from 'vitest';
import { decideStatefulSet, type OrdinalPod, type StatefulSetInput } from './decide-stateful-set.ts';

function pod(ordinal: number, changes: Partial<OrdinalPod> = {}): OrdinalPod {
  return { ordinal, revision: 'old', isAvailable: true, isTerminating: false, isFinished: false, ...changes };
}

const base: StatefulSetInput = {
  firstOrdinal: 0,
  replicas: 3,
  pods: [pod(0), pod(1), pod(2)],
  isParallel: false,
  rollsUpdates: true,
  partition: 0,
  currentRevision: 'old',
  updateRevision: 'old',
};

describe('decideStatefulSet', () => {
  it.each([
    { name: 'makes the first pod first', input: { pods: [] }, steps: [{ do: 'create', ordinal: 0, revision: 'old' }] },
    {
      name: 'makes the next one when the last is available',
      input: { pods: [pod(0)] },
      steps: [{ do: 'create', ordinal: 1, revision: 'old' }],
    },
    { name: 'waits for the last one (refused)', input: { pods: [pod(0, { isAvailable: false })] }, steps: [] },
    {
      name: 'makes all at once in parallel',
      input: { pods: [], isParallel: true, replicas: 2 },
      steps: [
        { do: 'create', ordinal: 0, revision: 'old' },
        { do: 'create', ordinal: 1, revision: 'old' },
      ],
    },
    {
      name: 'starts at the first ordinal',
      input: { pods: [], firstOrdinal: 5 },
      steps: [{ do: 'create', ordinal: 5, revision: 'old' }],
    },
    { name: 'removes the highest ordinal first', input: { replicas: 1 }, steps: [{ do: 'delete', ordinal: 2 }] },
    {
      name: 'removes nothing more while one is leaving (refused)',
      input: { replicas: 1, pods: [pod(0), pod(1), pod(2, { isTerminating: true })] },
      steps: [],
    },
    {
      name: 'replaces a pod that has failed',
      input: { pods: [pod(0, { isFinished: true, isAvailable: false })] },
      steps: [{ do: 'delete', ordinal: 0 }],
    },
    {
      name: 'updates from the highest ordinal',
      input: { updateRevision: 'new' },
      steps: [{ do: 'delete', ordinal: 2 }],
    },
    {
      name: 'waits until the updated pod is available (refused)',
      input: { updateRevision: 'new', pods: [pod(0), pod(1), pod(2, { revision: 'new', isAvailable: false })] },
      steps: [],
    },
    {
      name: 'goes on below an updated pod',
      input: { updateRevision: 'new', pods: [pod(0), pod(1), pod(2, { revision: 'new' })] },
      steps: [{ do: 'delete', ordinal: 1 }],
    },
    {
      name: 'stops at the partition (refused)',
      input: { updateRevision: 'new', partition: 2, pods: [pod(0), pod(1), pod(2, { revision: 'new' })] },
      steps: [],
    },
    {
      name: 'brings a pod below the partition back as it was',
      input: { updateRevision: 'new', partition: 2, pods: [pod(1), pod(2, { revision: 'new' })] },
      steps: [{ do: 'create', ordinal: 0, revision: 'old' }],
    },
    {
      name: 'leaves updates to others with OnDelete (refused)',
      input: { updateRevision: 'new', rollsUpdates: false },
      steps: [],
    },
  ])('$name', ({ input, steps }) => {
    expect(decideStatefulSet({ ...base, ...input })).toEqual(steps);
  });
});
