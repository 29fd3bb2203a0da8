import { describe, expect, it } from 'vitest';
import { standingOfBrowser } from './browser-state.ts';

const container = (state: object) => ({ phase: 'Pending', containerStatuses: [{ name: 'files', state }] });

describe('standingOfBrowser (STO-21)', () => {
  it.each([
    { name: 'a new pod', status: undefined, state: 'OPENING' },
    {
      name: 'a pod that no node takes',
      status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
      state: 'OPENING',
      reason: 'Unschedulable',
    },
    {
      name: 'a pod whose image is pulled',
      status: container({ waiting: { reason: 'ContainerCreating' } }),
      state: 'OPENING',
      reason: 'ContainerCreating',
    },
    {
      name: 'a pod whose image is not there',
      status: container({ waiting: { reason: 'ImagePullBackOff' } }),
      state: 'FAILED',
      reason: 'ImagePullBackOff',
    },
    { name: 'a pod that runs', status: { ...container({ running: {} }), phase: 'Running' }, state: 'OPEN' },
    {
      name: 'a pod whose time is up',
      status: { phase: 'Failed', reason: 'DeadlineExceeded' },
      state: 'FAILED',
      reason: 'DeadlineExceeded',
    },
    {
      name: 'a pod that was evicted',
      status: { phase: 'Failed', containerStatuses: [{ state: { terminated: { reason: 'Error' } } }] },
      state: 'FAILED',
      reason: 'Error',
    },
  ])('says of $name: $state', ({ status, state, reason }) => {
    const pod = { metadata: { name: 'browser' }, status } as never;
    expect(standingOfBrowser(pod)).toMatchObject({ state, reason });
  });

  it('says of a pod that is deleted that it is closing, whatever it still does', () => {
    const metadata = { name: 'browser', deletionTimestamp: '2026-01-01T00:00:00Z' };
    const pod = { metadata, status: container({ running: {} }) } as never;
    expect(standingOfBrowser(pod).state).toBe('CLOSING');
  });
});
