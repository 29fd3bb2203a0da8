import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { movedBy, moveEveryMs, spreadMoves } from './spread-moves.ts';

/** Streams that note when they were moved; some leave by themselves before. */
function openStreams(count: number, now: () => number) {
  const movedAt = new Map<number, number[]>();
  const open = new Set(Array.from({ length: count }, (_, id) => id));
  return {
    movedAt,
    leave: (id: number) => open.delete(id),
    unmoved: () =>
      [...open].map((id) => () => {
        open.delete(id);
        movedAt.set(id, [...(movedAt.get(id) ?? []), now()]);
      }),
  };
}

/** Moves the clock until the work has ended. */
async function run(work: Promise<void>, advance: () => void): Promise<void> {
  let isOver = false;
  const ended = work.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    // What the last step woke runs first.
    await new Promise((resolve) => setImmediate(resolve));
    if (!isOver) advance();
  }
  await ended;
}

describe('streams that are asked to move', () => {
  it('move once each, never later than the window, and never more at one time than their share and one (P37)', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 0, max: 12_000 }),
        fc.array(fc.nat(119), { maxLength: 10 }),
        async (counts, windowMs, leaving) => {
          const clock = createManualClock();
          const startedAt = clock.now();
          const doors = counts.map((count) => openStreams(count, clock.now));
          let step = 0;
          await run(spreadMoves({ doors, windowMs, clock }), () => {
            step += 1;
            // Some go by themselves meanwhile.
            const id = leaving[step % Math.max(1, leaving.length)];
            if (id !== undefined) doors[0]?.leave(id);
            clock.advance(moveEveryMs);
          });
          const times = doors.flatMap(({ movedAt }) => [...movedAt.values()]);
          for (const moves of times) expect(moves.length).toBe(1);
          expect(doors.flatMap((door) => door.unmoved())).toEqual([]);
          const all = counts.reduce((sum, count) => sum + count, 0);
          const steps = Math.max(1, Math.ceil(windowMs / moveEveryMs));
          for (const at of times.flat()) expect(at - startedAt).toBeLessThanOrEqual(windowMs);
          for (const moves of Object.values(Object.groupBy(times.flat(), String)))
            expect(moves?.length).toBeLessThanOrEqual(all / steps + 1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are evenly spread: after each step as many have moved as their part of the time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 20_000 }), (steps, all) => {
        expect(movedBy(steps - 1, steps, all)).toBe(all);
        for (let step = 0; step < steps; step += 1) {
          const moved = movedBy(step, steps, all);
          expect(Math.abs(moved - (all * (step + 1)) / steps)).toBeLessThan(1);
          expect(moved - (step === 0 ? 0 : movedBy(step - 1, steps, all))).toBeLessThanOrEqual(all / steps + 1);
        }
      }),
    );
  });

  it('all move at once where somebody is in a hurry, and nobody waits where nothing is open', async () => {
    const clock = createManualClock();
    const door = openStreams(50, clock.now);
    const hurry = new AbortController();
    const done = spreadMoves({ doors: [door], windowMs: 10_000, clock, hurry: hurry.signal });
    expect(door.movedAt.size).toBe(1);
    hurry.abort();
    await done;
    expect(door.movedAt.size).toBe(50);
    await spreadMoves({ doors: [door], windowMs: 10_000, clock });
    expect(clock.waiting).toBe(0);
  });

  it('make up for a loop that was held up', async () => {
    const clock = createManualClock();
    const door = openStreams(100, clock.now);
    const done = spreadMoves({ doors: [door], windowMs: 10_000, clock });
    clock.advance(5_000);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(5_000);
    await done;
    expect(door.movedAt.size).toBe(100);
  });
});
