import type { ReconcileContext, RunningOperation } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { type ClusterChange, clusterChangesRef } from './cluster-changes.ts';
import { clusterLoopRef, clusterStep } from './cluster-loop.ts';

const beganMs = Date.UTC(2026, 0, 1);

/** One look at the first step of a creation, whose management cluster does not answer. */
function look({ minutes, more = {} }: { readonly minutes: number; readonly more?: Partial<ClusterChange> }) {
  const taken: string[] = [];
  const row = {
    ...{ id: 'op', kind: 'CREATE', cluster: 'east', namespace: 'fleet', name: 'north', uid: null, phase: 'FORWARD' },
    ...{ passedAt: null, cancelledAt: null, endedAt: null, problem: null },
    plan: { stageMinutes: 30, stalledMinutes: 2 },
    ...more,
  } as unknown as ClusterChange;
  const services = new Map<object, unknown>([
    [clusterChangesRef, { get: async () => row, end: async () => taken.push('end') }],
    [clusterLoopRef, { clusters: { get: () => ({ name: 'east', state: 'UNREACHABLE' }) } }],
  ]);
  const context = {
    service: (ref: object) => services.get(ref),
    clock: { now: () => beganMs + minutes * 60_000 },
  } as unknown as ReconcileContext;
  const step = { name: 'PREPARE_WORKSPACE', startedAt: new Date(beganMs).toISOString() };
  const running = { record: { id: 'op', steps: [step] } } as unknown as RunningOperation;
  const prepare = clusterStep('creations', step.name, 'Asks.', async () => {
    taken.push('take');
    return 'done';
  });
  return { answer: Promise.resolve(prepare.run(running, context)), taken };
}

describe('a management cluster that does not answer', () => {
  it.each([
    ['is waited for, for 2 minutes', 1.9, {}],
    ['is waited for as long as it takes, once something may have been made', 600, { passedAt: new Date(beganMs) }],
  ])('%s (CMP-08)', async (_what, minutes, more) => {
    const { answer, taken } = look({ minutes, more });
    expect(await answer).toEqual({ againAfterMs: 15_000 });
    expect(taken).toEqual([]);
  });

  it('fails the first stage after 2 minutes, with nothing made (CMP-08) (refused)', async () => {
    const { answer, taken } = look({ minutes: 2.1 });
    await expect(answer).rejects.toMatchObject({
      reason: 'CLUSTER_CHANGE',
      message: 'The management cluster has not answered for 2 minutes; nothing was made.',
    });
    expect(taken).toEqual([]);
  });

  it('is not asked where somebody has cancelled it (CMP-08) (refused)', async () => {
    const { answer, taken } = look({ minutes: 0, more: { cancelledAt: new Date(), problem: 'Anna deleted it.' } });
    await expect(answer).rejects.toMatchObject({ message: 'Anna deleted it.' });
    expect(taken).toEqual(['end']);
  });
});
