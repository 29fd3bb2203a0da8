import { describe, expect, it } from 'vitest';
import type { Pod } from '../../controllers/kubernetes-shapes.ts';
import { samplePod } from '../../controllers/testing/scheduling-samples.ts';
import { isPodNews } from './is-pod-news.ts';

const status = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' as const, lastTransitionTime: '2026-01-01T00:00:00Z' }],
  containerStatuses: [
    { name: 'main', image: 'web:1', imageID: 'id-1', ready: true, restartCount: 0, state: {}, lastState: {} },
  ],
};
const pod: Pod = samplePod({ nodeName: 'n', status });
const withStatus = (changes: object): Pod => ({ ...pod, status: { ...status, ...changes } });
const withMetadata = (changes: object): Pod => ({ ...pod, metadata: { ...pod.metadata, ...changes } });

describe('isPodNews', () => {
  it.each([
    { name: 'another phase', next: withStatus({ phase: 'Failed' }) },
    { name: 'an open gate', next: withStatus({ conditions: [{ type: 'InPlaceUpdateReady', status: 'True' }] }) },
    { name: 'an unready pod', next: withStatus({ conditions: [{ type: 'Ready', status: 'False' }] }) },
    {
      name: 'another image',
      next: withStatus({ containerStatuses: [{ ...status.containerStatuses[0], imageID: 'id-2' }] }),
    },
    { name: 'a label', next: withMetadata({ labels: { 'apps.kruise.io/specified-delete': 'true' } }) },
    { name: 'a finalizer', next: withMetadata({ finalizers: ['example.com/hook'] }) },
    { name: 'a deletion', next: withMetadata({ deletionTimestamp: '2026-01-01T00:00:00Z' }) },
  ])('is $name', ({ next }) => {
    expect(isPodNews({ type: 'MODIFIED', object: next, previous: pod })).toBe(true);
  });

  it.each([
    { name: 'an address', next: withStatus({ podIP: '10.0.0.1' }) },
    {
      name: 'a restart',
      next: withStatus({ containerStatuses: [{ ...status.containerStatuses[0], restartCount: 1 }] }),
    },
    { name: 'a new resourceVersion', next: withMetadata({ resourceVersion: '9' }) },
    {
      name: 'a condition of others',
      next: withStatus({ conditions: [...status.conditions, { type: 'Initialized', status: 'True' }] }),
    },
  ])('is not $name', ({ next }) => {
    expect(isPodNews({ type: 'MODIFIED', object: next, previous: pod })).toBe(false);
  });

  it('is every pod that comes or goes', () => {
    expect(isPodNews({ type: 'ADDED', object: pod, previous: undefined })).toBe(true);
    expect(isPodNews({ type: 'DELETED', object: pod, previous: pod })).toBe(true);
  });
});
