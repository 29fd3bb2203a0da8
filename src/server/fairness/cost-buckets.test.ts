import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createCostBuckets } from './cost-buckets.ts';

const perMinute = 60_000;
const capacity = 10_000;

function setUp(most?: number) {
  const clock = createManualClock();
  return { clock, buckets: createCostBuckets({ clock, perMinute, capacity, ...(most === undefined ? {} : { most }) }) };
}

describe('what a caller may spend', () => {
  it('is what is left of the capacity, and who spent more waits until it has come back (P32)', () => {
    const { clock, buckets } = setUp();
    expect(buckets.waitSeconds('ann')).toBeUndefined();
    buckets.charge('ann', 9_999);
    expect(buckets.waitSeconds('ann')).toBeUndefined();
    buckets.charge('ann', 5_001);
    expect(buckets.left('ann')).toBe(-5_000);
    expect(buckets.waitSeconds('ann')).toBe(5);
    expect(buckets.waitSeconds('ben')).toBeUndefined();
    clock.advance(5_001);
    expect(buckets.waitSeconds('ann')).toBeUndefined();
  });

  it('never is more than the capacity and what has come back since, whatever is done when (P32)', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(5_000), fc.constantFrom('ann', 'ben'), fc.integer({ min: 1, max: 4_000 })), {
          maxLength: 60,
        }),
        (steps) => {
          const { clock, buckets } = setUp();
          const startedAt = clock.now();
          const spent = { ann: 0, ben: 0 };
          for (const [ms, who, cost] of steps as [number, 'ann' | 'ben', number][]) {
            clock.advance(ms);
            if (buckets.waitSeconds(who) !== undefined) continue;
            buckets.charge(who, cost);
            spent[who] += cost;
            expect(buckets.left(who)).toBeLessThanOrEqual(capacity);
            // The last one may take more than was left.
            const most = capacity + ((clock.now() - startedAt) / 60_000) * perMinute + 4_000;
            expect(spent[who]).toBeLessThanOrEqual(most);
          }
          // Who waits as long as it was told may go on.
          for (const who of ['ann', 'ben']) {
            const wait = buckets.waitSeconds(who);
            if (wait === undefined) continue;
            clock.advance(wait * 1_000 + 1);
            expect(buckets.waitSeconds(who)).toBeUndefined();
          }
        },
      ),
    );
  });

  it('is forgotten once it is full again, and only so many are remembered, those first who are nearest to it', () => {
    const { clock, buckets } = setUp(8);
    buckets.charge('ann', 1_000);
    clock.advance(1_000);
    expect(buckets.left('ann')).toBe(capacity);
    expect(buckets.known).toBe(0);
    buckets.charge('flood', 50_000);
    for (let index = 0; index < 100; index += 1) buckets.charge(`someone-${index}`, 500);
    expect(buckets.known).toBeLessThanOrEqual(8);
    expect(buckets.waitSeconds('flood')).toBe(40);
  });

  it('does not grow by a clock that was set back', () => {
    let now = 1_000_000;
    const buckets = createCostBuckets({ clock: { ...createManualClock(), now: () => now }, perMinute, capacity });
    buckets.charge('ann', 15_000);
    now -= 600_000;
    expect(buckets.left('ann')).toBe(-5_000);
    now += 1_000;
    expect(buckets.left('ann')).toBe(-4_000);
  });
});
