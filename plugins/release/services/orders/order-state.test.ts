import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderState, ServiceReleaseState } from '../../api.ts';
import type { Sibling } from './model.ts';
import { canBegin, canGoBack, hasEnded, type OrderFacts, orderStateOf } from './order-state.ts';

const states: readonly ServiceReleaseState[] = [
  ...(['READY', 'WAITING', 'PRE_TASKS', 'GROUPS', 'PAUSED', 'POST_TASKS', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const),
  ...(['ROLLING_BACK', 'ROLLBACK_TASKS', 'ROLLBACK_PENDING_CONFIRM', 'ROLLED_BACK', 'ROLLBACK_FAILED'] as const),
];
const of = (...all: readonly ServiceReleaseState[]) =>
  factsOf(all.map((state, index) => ({ id: `${index}`, state, dependsOn: [] })));

function factsOf(releases: readonly Sibling[]): OrderFacts {
  const canSomeBegin = releases.some((release) => release.state === 'WAITING' && canBegin(release, releases));
  return { states: new Set(releases.map(({ state }) => state)), canSomeBegin };
}

describe('orderStateOf (REL-22)', () => {
  it.each<[readonly ServiceReleaseState[], OrderState]>([
    [['READY', 'READY'], 'READY'],
    [['WAITING', 'READY'], 'RUNNING'],
    [['GROUPS', 'FAILED'], 'RUNNING'],
    [['PAUSED', 'SUCCEEDED'], 'PAUSED'],
    [['FAILED', 'PAUSED'], 'FAILED'],
    [['SUCCEEDED', 'READY'], 'PAUSED'],
    [['SUCCEEDED', 'CANCELLED'], 'SUCCEEDED'],
    [['CANCELLED', 'CANCELLED'], 'CANCELLED'],
    [['ROLLING_BACK', 'GROUPS'], 'ROLLING_BACK'],
    [['ROLLBACK_FAILED', 'ROLLBACK_PENDING_CONFIRM'], 'ROLLBACK_FAILED'],
    [['ROLLBACK_PENDING_CONFIRM', 'CANCELLED'], 'ROLLBACK_PENDING_CONFIRM'],
    [['ROLLED_BACK', 'CANCELLED'], 'ROLLED_BACK'],
    [['ROLLED_BACK', 'SUCCEEDED'], 'ROLLED_BACK'],
  ])('of %j is %s', (releases, expected) => {
    expect(orderStateOf(of(...releases))).toBe(expected);
  });

  it('does not call an order RUNNING whose releases all wait for one that has failed', () => {
    const releases = [
      { id: 'a', state: 'FAILED' as const, dependsOn: [] },
      { id: 'b', state: 'WAITING' as const, dependsOn: ['a'] },
    ];
    expect(orderStateOf(factsOf(releases))).toBe('FAILED');
  });

  it('does not depend on the order of releases, and has ended only once all of them have', () => {
    const some = fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(some, (all) => {
        const state = orderStateOf(of(...all));
        expect(orderStateOf(of(...all.toReversed()))).toBe(state);
        const isOver = all.every((each) => ['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK'].includes(each));
        expect(hasEnded(state)).toBe(isOver);
      }),
    );
  });
});

describe('the order of dependencies (REL-20)', () => {
  it.each(
    states.map((state) => [state, state === 'SUCCEEDED' || state === 'CANCELLED'] as const),
  )('behind one that is %s: %s', (state, expected) => {
    expect(canBegin({ dependsOn: ['a'] }, [{ id: 'a', state, dependsOn: [] }])).toBe(expected);
  });

  it.each(
    states.map((state) => [state, state !== 'ROLLING_BACK' && state !== 'ROLLBACK_TASKS'] as const),
  )('goes back while one that depends on it is %s: %s (REL-34)', (state, expected) => {
    expect(canGoBack({ id: 'a' }, [{ id: 'b', state, dependsOn: ['a'] }])).toBe(expected);
  });
});
