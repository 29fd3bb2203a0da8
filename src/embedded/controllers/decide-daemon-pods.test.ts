import { describe, expect, it } from 'vitest';
import { type DaemonInput, type DaemonPod, decideDaemonPods } from './decide-daemon-pods.ts';

function pod(node: string, changes: Partial<DaemonPod> = {}): DaemonPod {
  return {
    name: `on-${node}`,
    node,
    isUpdated: true,
    isAvailable: true,
    isTerminating: false,
    isFinished: false,
    ...changes,
  };
}

const base: DaemonInput = {
  nodes: ['a', 'b', 'c'],
  pods: [pod('a'), pod('b'), pod('c')],
  rollsUpdates: true,
  maxUnavailable: 1,
  maxSurge: 0,
};
const old = (node: string, changes: Partial<DaemonPod> = {}): DaemonPod => pod(node, { isUpdated: false, ...changes });

describe('decideDaemonPods', () => {
  it.each([
    { name: 'does nothing when every node has its pod', input: {}, steps: { create: [], remove: [] } },
    {
      name: 'makes a pod for each node that has none',
      input: { pods: [pod('a')] },
      steps: { create: ['b', 'c'], remove: [] },
    },
    {
      name: 'removes the pod of a node that is not wanted any more',
      input: { nodes: ['a', 'b'] },
      steps: { create: [], remove: ['on-c'] },
    },
    {
      name: 'waits with the new pod until the old one has gone (refused)',
      input: { pods: [pod('a', { isTerminating: true }), pod('b'), pod('c')] },
      steps: { create: [], remove: [] },
    },
    {
      name: 'updates one node at a time',
      input: { pods: [old('a'), old('b'), old('c')] },
      steps: { create: [], remove: ['on-a'] },
    },
    {
      name: 'waits while the updated pod is not available (refused)',
      input: { pods: [pod('a', { isAvailable: false }), old('b'), old('c')] },
      steps: { create: [], remove: [] },
    },
    {
      name: 'updates broken pods at once',
      input: { pods: [old('a', { isAvailable: false }), old('b'), pod('c')] },
      steps: { create: [], remove: ['on-a'] },
    },
    {
      name: 'puts the new pod beside the old one with surge',
      input: { pods: [old('a'), old('b'), old('c')], maxSurge: 1, maxUnavailable: 0 },
      steps: { create: ['a'], remove: [] },
    },
    {
      name: 'removes the old pod when the new one beside it is available',
      input: { pods: [old('a'), pod('a', { name: 'new-a' }), pod('b'), pod('c')], maxSurge: 1, maxUnavailable: 0 },
      steps: { create: [], remove: ['on-a'] },
    },
    {
      name: 'leaves updates to others with OnDelete (refused)',
      input: { pods: [old('a'), old('b'), old('c')], rollsUpdates: false },
      steps: { create: [], remove: [] },
    },
  ])('$name', ({ input, steps }) => {
    expect(decideDaemonPods({ ...base, ...input })).toEqual(steps);
  });
});
