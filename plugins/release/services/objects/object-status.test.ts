import { ForbiddenError, PreconditionError, RequestError, UpstreamError, ValidationError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { OrderState } from '../../api.ts';
import type { SeenOrder } from './decide-object.ts';
import { newsOf, statusOf, statusPatch, writeInMs } from './object-status.ts';
import { nextTryAt, refusalOf } from './refusal.ts';

const start = Date.parse('2026-06-01T00:00:00Z');
const order = (state: OrderState, updatedPods = 0, groupPosition = 0): SeenOrder => ({
  ...{ id: '7d9f5c3e-0000-4000-8000-000000000001', state, reason: null, version: 1, startedAt: null, finishedAt: null },
  releases: [
    {
      ...{ id: 'r', appService: 'front', version: 2, state: 'GROUPS', reason: null, groupPosition, groups: 3 },
      ...{ updatedPods, totalPods: 10, waitingGroup: undefined },
    },
  ],
});
const nobody = { order: undefined, deletedOrderId: undefined, refusal: undefined };
const standing = (seen: SeenOrder, now = start) => ({ ...nobody, generation: 1, order: seen, now });
const conditionsOf = (state: OrderState) =>
  Object.fromEntries(statusOf(standing(order(state)), undefined).conditions.map(({ type, status }) => [type, status]));

describe('the status of a ReleaseOrder (REL-39)', () => {
  it.each([
    ['INITIALIZING', 'True', 'False', 'False'],
    ['RUNNING', 'True', 'False', 'False'],
    ['PAUSED', 'False', 'False', 'False'],
    ['SUCCEEDED', 'False', 'True', 'False'],
    ['FAILED', 'False', 'False', 'True'],
    ['INIT_FAILED', 'False', 'False', 'True'],
    ['ROLLBACK_FAILED', 'False', 'False', 'True'],
    ['ROLLED_BACK', 'False', 'False', 'False'],
    ['CANCELLED', 'False', 'False', 'False'],
  ] as const)('says of an order that is %s whether it progresses, is ready, and is stalled', (state, Progressing, Ready, Stalled) => {
    expect(conditionsOf(state)).toEqual({ Accepted: 'True', InSync: 'True', Progressing, Ready, Stalled });
  });

  it('says what was refused with its code, and what became of an order that is deleted', () => {
    const refusal = { code: 'RELEASE_ACTIVE', message: 'It is in another release order.' };
    const refused = statusOf({ ...nobody, generation: 4, refusal, now: start }, undefined);
    expect(refused).toMatchObject({ phase: 'REFUSED', observedGeneration: 4, reason: refusal.message });
    expect(refused.conditions.find(({ type }) => type === 'Accepted')).toMatchObject({
      status: 'False',
      reason: 'RELEASE_ACTIVE',
    });
    const gone = statusOf({ ...nobody, generation: 4, deletedOrderId: order('READY').id, now: start }, refused);
    expect(gone).toMatchObject({ phase: 'DELETED', orderId: expect.any(String) });
  });

  it('keeps the moment of a condition until its status changes', () => {
    const before = statusOf(standing(order('RUNNING')), undefined);
    const after = statusOf(standing(order('SUCCEEDED'), start + 5_000), before);
    const since = Object.fromEntries(
      after.conditions.map(({ type, lastTransitionTime }) => [type, lastTransitionTime]),
    );
    expect(since.Accepted).toBe(new Date(start).toISOString());
    expect(since.Ready).toBe(new Date(start + 5_000).toISOString());
  });

  it('is written at once for the order, within a second for its services, within ten for numbers, and never for nothing', () => {
    const before = statusOf(standing(order('RUNNING', 1)), undefined);
    const inMs = (seen: SeenOrder, after: number) =>
      writeInMs(before, statusOf(standing(seen, start + after), before), start + after);
    expect(inMs(order('RUNNING', 1), 60_000)).toBeUndefined();
    expect(inMs(order('PAUSED', 1), 1)).toBe(0);
    expect(inMs(order('RUNNING', 1, 1), 400)).toBe(600);
    expect(inMs(order('RUNNING', 1, 1), 1_000)).toBe(0);
    expect(inMs(order('RUNNING', 5), 400)).toBe(9_600);
    expect(inMs(order('RUNNING', 5), 10_000)).toBe(0);
    // As a cluster gives it back: in another order of fields.
    const sorted = Object.fromEntries(Object.entries(before).reverse()) as never;
    expect(
      writeInMs(sorted, statusOf(standing(order('RUNNING', 1), start + 60_000), sorted), start + 60_000),
    ).toBeUndefined();
  });

  it('is written at most once a second while many services move many pods, and never misses how it ended', () => {
    const many = (moved: number, state: OrderState): SeenOrder => ({
      ...order(state),
      releases: Array.from({ length: 200 }, (_, at) => {
        const updatedPods = Math.max(0, Math.min(10, Math.floor((moved - at * 5) / 2)));
        return {
          ...{
            id: `r${at}`,
            appService: `s${at}`,
            version: 2,
            state: updatedPods === 10 ? 'SUCCEEDED' : 'GROUPS',
            reason: null,
          },
          ...{
            groupPosition: Math.floor(updatedPods / 4),
            groups: 3,
            updatedPods,
            totalPods: 10,
            waitingGroup: undefined,
          },
        };
      }),
    });
    let [said, writes] = [statusOf(standing(many(0, 'RUNNING')), undefined), 0];
    // A minute, in which a pod is updated every 50 ms.
    for (let ms = 0; ms <= 60_000; ms += 50) {
      const now = start + ms;
      const status = statusOf(standing(many(ms / 50, ms === 60_000 ? 'SUCCEEDED' : 'RUNNING'), now), said);
      if (writeInMs(said, status, now) !== 0) continue;
      [said, writes] = [status, writes + 1];
    }
    expect(writes).toBeLessThanOrEqual(61);
    expect(said).toMatchObject({ phase: 'SUCCEEDED', percent: 100 });
  });

  it('takes away what it does not say any more, and tells people of a change once', () => {
    const refusal = { code: 'VALIDATION', message: 'No.' };
    const before = statusOf({ ...nobody, generation: 1, refusal, now: start }, undefined);
    const after = statusOf(standing(order('READY'), start + 1), before);
    expect(statusPatch(before, after)).toMatchObject({ status: { reason: null, phase: 'READY' } });
    expect(newsOf(undefined, before)).toEqual({ type: 'Warning', reason: 'VALIDATION', message: 'No.' });
    expect(newsOf(before, before)).toBeUndefined();
    expect(newsOf(before, after)).toMatchObject({ type: 'Normal', reason: 'READY' });
  });
});

describe('what refuses a ReleaseOrder', () => {
  it('has the code of the API and names the field of the spec', () => {
    const issues = [{ path: ['services', 0, 'versionId'], code: 'draft', message: 'A draft must be submitted' }];
    expect(refusalOf(new ValidationError(issues))).toEqual({
      code: 'VALIDATION',
      message: 'spec.services[0].version: A draft must be submitted (draft)',
    });
    const unacknowledged = [{ code: 'IN_USE', message: 'It is used.', path: [] }];
    expect(refusalOf(new PreconditionError('ACKNOWLEDGEMENT_REQUIRED', 'It is used.', { unacknowledged }))).toEqual({
      code: 'ACKNOWLEDGEMENT_REQUIRED',
      message: 'It is used. Acknowledge: IN_USE.',
    });
    expect(refusalOf(new ForbiddenError('No.'))).toEqual({ code: 'FORBIDDEN', message: 'No.' });
    expect(refusalOf(new RequestError('FORBIDDEN', 'Never.'))).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('is nothing that may pass by itself: that is tried again by the queue', () => {
    expect(refusalOf(new UpstreamError('cluster', 'away'))).toBeUndefined();
    expect(refusalOf(new RequestError('UPSTREAM_UNAVAILABLE', 'away'))).toBeUndefined();
    expect(refusalOf(new Error('bug'))).toBeUndefined();
  });

  it('is tried again ever later, at most a quarter of an hour', () => {
    const pauses = [1, 2, 3, 7, 100].map((count) => nextTryAt({ at: 0, count }) / 1_000);
    expect(pauses).toEqual([15, 30, 60, 900, 900]);
  });
});
