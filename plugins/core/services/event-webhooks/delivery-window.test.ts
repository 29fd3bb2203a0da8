import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeliveryWindow, type WindowSlot } from './delivery-window.ts';

interface Told {
  readonly number: number;
  readonly key: string | undefined;
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('add' as const), key: fc.constantFrom('a', 'b', 'c', undefined) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const), which: fc.nat(7) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('fail' as const), which: fc.nat(7), waitMs: fc.nat(3) }) },
);

describe('the window of a webhook', () => {
  it('tells what is of one key in order whatever fails in between, all of it, and its cursor passes nothing that is not settled', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const window = createDeliveryWindow<Told>();
        const added: Told[] = [];
        const settled: Told[] = [];
        const begun: Told[] = [];
        const underWay: WindowSlot<Told>[] = [];
        let places = 0;
        let nowMs = 0;

        const isSettled = (told: Told) => settled.includes(told);
        function take(): WindowSlot<Told> | undefined {
          const slot = window.take(nowMs);
          if (!slot) return undefined;
          const { event } = slot;
          // Nothing of its key is before it, and no barrier; before a barrier there is nothing at all.
          const earlier = added.filter((other) => other.number < event.number && !isSettled(other));
          expect(
            earlier.filter(({ key }) => event.key === undefined || key === event.key || key === undefined),
          ).toEqual([]);
          underWay.push(slot);
          begun.push(event);
          return slot;
        }
        function settle(slot: WindowSlot<Told>): void {
          underWay.splice(underWay.indexOf(slot), 1);
          settled.push(slot.event);
          window.settle(slot);
        }

        for (const each of steps) {
          nowMs += 1;
          if (each.do === 'add') {
            places += 1;
            const event = { number: places, key: each.key };
            added.push(event);
            window.add({ event, key: each.key, bytes: 1, cursor: String(places) });
          } else if (each.do === 'pass') {
            places += 1;
            window.pass(String(places));
          } else if (each.do === 'take') take();
          else {
            const slot = underWay[each.which % Math.max(1, underWay.length)];
            if (!slot) continue;
            if (each.do === 'settle') settle(slot);
            else {
              underWay.splice(underWay.indexOf(slot), 1);
              window.postpone(slot, nowMs + each.waitMs);
            }
          }
          const left = added.filter((told) => !isSettled(told));
          expect(Number(window.cursor ?? 0)).toBeLessThan(left[0]?.number ?? places + 1);
          expect(window).toMatchObject({ size: left.length, bytes: left.length, underWay: underWay.length });
          expect(window.oldest?.event).toEqual(left[0]);
        }
        // Whatever was tried, everything is told in the end.
        nowMs += 10;
        while (window.size > 0) {
          const slot = underWay[0] ?? take();
          expect(slot).toBeDefined();
          if (slot) settle(slot);
        }
        expect(settled).toHaveLength(added.length);
        expect(Number(window.cursor ?? 0)).toBe(places);
        for (const key of ['a', 'b', 'c']) {
          const ofKey = settled.filter((told) => told.key === key).map(({ number }) => number);
          expect(ofKey).toEqual(ofKey.toSorted((one, other) => one - other));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not let an object that fails hold up others, and says when it is due again', () => {
    const window = createDeliveryWindow<string>();
    for (const [event, key] of [
      ['a1', 'a'],
      ['b1', 'b'],
      ['a2', 'a'],
      ['b2', 'b'],
    ] as const)
      window.add({ event, key, bytes: 1, cursor: event });
    const failing = window.take(0);
    expect(failing?.event).toBe('a1');
    if (failing) window.postpone(failing, 500);
    const told: string[] = [];
    for (let slot = window.take(0); slot; slot = window.take(0)) {
      told.push(slot.event);
      window.settle(slot);
    }
    expect(told).toEqual(['b1', 'b2']);
    expect(window.nextDueMs()).toBe(500);
    expect(window.cursor).toBeUndefined();
    expect(window.take(500)?.event).toBe('a1');
  });
});
