import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderState } from '../../api.ts';
import { keyOfWish, lookAgainMs, type SeenOrder, type SeenRelease, type Wish, wishOf } from './decide-object.ts';
import { digestOf, type OrderSpec, readSpec } from './order-object.ts';

const states: readonly OrderState[] = [
  ...(['INITIALIZING', 'INIT_FAILED', 'READY', 'RUNNING', 'PAUSED', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const),
  ...(['ROLLING_BACK', 'ROLLBACK_PENDING_CONFIRM', 'ROLLED_BACK', 'ROLLBACK_FAILED'] as const),
];

function specOf(more: object = {}): OrderSpec {
  const read = readSpec({ services: [{ appService: 'front' }, { appService: 'redis' }], ...more });
  if ('problem' in read) throw new Error(read.problem);
  return read.spec;
}

const release = (appService: string, waiting?: number): SeenRelease => ({
  ...{ id: appService, appService, version: 1, state: waiting === undefined ? 'GROUPS' : 'PAUSED', reason: null },
  ...{ groupPosition: waiting ?? 0, groups: 3, updatedPods: 0, totalPods: 3 },
  waitingGroup: waiting === undefined ? undefined : { id: `${appService}-${waiting}`, position: waiting },
});
const order = (state: OrderState, releases: readonly SeenRelease[] = []): SeenOrder => ({
  ...{ id: 'order', state, reason: null, version: 3, startedAt: null, finishedAt: null, releases },
});
const short = (wish: Wish): string =>
  wish.is === 'action'
    ? [wish.action, ...(wish.groupIds ?? [])].join(' ')
    : wish.is === 'done'
      ? '-'
      : wish.refusal.code;

describe('what a ReleaseOrder wants next of its order (REL-39)', () => {
  const wishes = (more: object) =>
    Object.fromEntries(states.map((state) => [state, short(wishOf(specOf(more), order(state), true))]));
  const nothing = Object.fromEntries(states.map((state) => [state, '-']));

  it('is nothing where nothing is said, and to be started once it is planned where that is', () => {
    expect(wishes({})).toEqual(nothing);
    expect(wishes({ start: true })).toEqual({ ...nothing, READY: 'START' });
  });

  it('is to end before it begins or while it waits where it is cancelled, and says where that cannot be', () => {
    const refused = Object.fromEntries(states.map((state) => [state, 'RELEASE_STATE']));
    expect(wishes({ cancelled: true, start: true, confirmedGroups: 5 })).toEqual({
      ...refused,
      ...{ INITIALIZING: 'CANCEL', INIT_FAILED: 'CANCEL', READY: 'CANCEL', PAUSED: 'CANCEL', CANCELLED: '-' },
    });
  });

  it('is to go back from wherever it has begun, and to be confirmed when that is said too', () => {
    const back = {
      ...{ INITIALIZING: 'RELEASE_STATE', INIT_FAILED: 'RELEASE_STATE', READY: 'RELEASE_STATE', RUNNING: 'ROLL_BACK' },
      ...{ PAUSED: 'ROLL_BACK', FAILED: 'ROLL_BACK', SUCCEEDED: 'ROLL_BACK', CANCELLED: '-', ROLLING_BACK: '-' },
      ...{ ROLLED_BACK: '-', ROLLBACK_FAILED: '-', ROLLBACK_PENDING_CONFIRM: '-' },
    };
    expect(wishes({ rollback: { confirm: 'x' } })).toEqual(back);
    const confirmed = wishes({ rollback: { confirm: 'x', confirmed: true } });
    expect(confirmed).toEqual({ ...back, ROLLBACK_PENDING_CONFIRM: 'CONFIRM_ROLLBACK' });
  });

  it('is to have confirmed what waits below the number of confirmed groups, for each service by its own where it has one', () => {
    const paused = order('PAUSED', [release('front', 1), release('redis', 0), release('other')]);
    const wish = (more: object) => short(wishOf(specOf(more), paused, true));
    expect(wish({})).toBe('-');
    expect(wish({ confirmedGroups: 1 })).toBe('CONFIRM redis-0');
    expect(wish({ confirmedGroups: 2 })).toBe('CONFIRM front-1 redis-0');
    expect(wish({ confirmedGroups: 2, confirmedGroupsOf: { redis: 0 } })).toBe('CONFIRM front-1');
    expect(wish({ confirmedGroupsOf: { toString: 5 } })).toBe('-');
  });

  it('neither starts nor confirms an order that was made of another spec, and still takes it back', () => {
    const wish = (state: OrderState, more: object) =>
      short(wishOf(specOf(more), order(state, [release('front', 0)]), false));
    expect(wish('READY', { start: true })).toBe('SPEC_CHANGED');
    expect(wish('PAUSED', { confirmedGroups: 9 })).toBe('SPEC_CHANGED');
    expect(wish('READY', { cancelled: true })).toBe('CANCEL');
    expect(wish('PAUSED', { rollback: { confirm: 'x' } })).toBe('ROLL_BACK');
  });

  it('comes to rest: what has ended as it is wanted is never wanted again, whatever else the spec says', () => {
    const spec = fc.record({
      start: fc.boolean(),
      confirmedGroups: fc.nat(1_000),
      cancelled: fc.boolean(),
    });
    fc.assert(
      fc.property(spec, fc.constantFrom<OrderState>('CANCELLED', 'ROLLED_BACK', 'SUCCEEDED'), (more, state) => {
        expect(wishOf(specOf(more), order(state, [release('front', 0)]), true).is).not.toBe('action');
        expect(lookAgainMs(state)).toBeUndefined();
      }),
    );
  });

  it('is another try once the object or the order has changed, and the same before', () => {
    const wish = { is: 'action', action: 'CANCEL' } as const;
    const key = keyOfWish(wish, 2, order('PAUSED'));
    expect(keyOfWish(wish, 2, order('PAUSED'))).toBe(key);
    expect(keyOfWish(wish, 3, order('PAUSED'))).not.toBe(key);
    expect(keyOfWish(wish, 2, { ...order('PAUSED'), version: 4 })).not.toBe(key);
  });
});

describe('the spec of a ReleaseOrder', () => {
  it('makes another order by what is released, and the same by what is confirmed, started or taken back', () => {
    const base = digestOf(specOf());
    const same = {
      start: true,
      confirmedGroups: 3,
      confirmedGroupsOf: { front: 1 },
      acknowledge: ['X'],
      cancelled: true,
    };
    expect(digestOf(specOf(same))).toBe(base);
    const others = [
      { title: 'Other' },
      { betaGroup: false },
      { units: ['a'] },
      { services: [{ appService: 'front', version: 2 }, { appService: 'redis' }] },
      { services: [{ appService: 'front' }, { appService: 'redis', dependsOn: ['front'] }] },
      { services: [{ appService: 'front', change: { replicas: 2 } }, { appService: 'redis' }] },
      {
        services: [
          { appService: 'front', change: { images: [{ container: 'a', image: 'b' }] } },
          { appService: 'redis' },
        ],
      },
    ];
    const digests = others.map((more) => digestOf(specOf(more)));
    expect(new Set([base, ...digests]).size).toBe(others.length + 1);
  });

  it.each([
    [{}, /spec\.services/],
    [{ services: [] }, /spec\.services/],
    [{ services: [{ appService: 'a' }], dryRun: true }, /dryRun/],
    [{ services: [{ appService: 'a', version: 0 }] }, /spec\.services\.0\.version/],
    [{ services: [{ appService: 'a' }], cancelled: true, rollback: { confirm: 'x' } }, /not both/],
    [null, /spec/],
  ])('is refused as %j, by name, whatever definition a cluster has', (spec, problem) => {
    const read = readSpec(spec);
    expect('problem' in read && read.problem).toMatch(problem);
  });
});
