import { describe, expect, it } from 'vitest';
import { createTurnTaker } from './create-turn-taker.ts';
import { createWorkQueue } from './create-work-queue.ts';
import { createManualClock } from './testing/manual-clock.ts';

function start(work: (key: string) => number | undefined) {
  const clock = createManualClock();
  const worked: string[] = [];
  const failures: string[] = [];
  const queue = createWorkQueue({
    clock,
    work(key) {
      worked.push(key);
      return work(key);
    },
    onFailure: (key, _, count) => failures.push(`${key} ${count}`),
  });
  return { clock, queue, worked, failures };
}

describe('createWorkQueue', () => {
  it('works once on a key that was asked for several times', () => {
    const { clock, queue, worked } = start(() => undefined);
    queue.add('a');
    queue.add('b', 100);
    queue.add('a');
    queue.add('b', 50);
    clock.advance(49);
    expect(worked).toEqual(['a']);
    clock.advance(1000);
    expect(worked).toEqual(['a', 'b']);
  });

  it('comes back when the work asked for it, and not otherwise', () => {
    let again: number | undefined = 500;
    const { clock, queue, worked } = start(() => again);
    queue.add('a');
    clock.advance(499);
    expect(worked).toHaveLength(1);
    again = undefined;
    clock.advance(10_000);
    expect(worked).toHaveLength(2);
  });

  it('retries a key that throws, ever more slowly, without holding up the others', () => {
    const { clock, queue, worked, failures } = start((key) => {
      if (key === 'bad') throw new Error('no');
      return undefined;
    });
    queue.add('bad');
    queue.add('good');
    clock.advance(60_000);
    expect(worked.filter((key) => key === 'good')).toHaveLength(1);
    expect(failures.length).toBeGreaterThan(5);
    expect(failures.length).toBeLessThan(15);
  });

  it('works through a burst larger than one turn', () => {
    const { clock, queue, worked } = start(() => undefined);
    for (let index = 0; index < 500; index += 1) queue.add(`key-${index}`);
    clock.advance(0);
    expect(new Set(worked).size).toBe(500);
  });

  it('works on what is due first, first', () => {
    const { clock, queue, worked } = start(() => undefined);
    for (const [key, delayMs] of [
      ['c', 30],
      ['a', 10],
      ['d', 40],
      ['b', 20],
      ['e', 10],
    ] as const)
      queue.add(key, delayMs);
    queue.add('d', 15);
    clock.advance(100);
    expect(worked).toEqual(['a', 'e', 'd', 'b', 'c']);
  });

  it('lets a key whose work took long rest before changes wake it again, but not from what it asked for itself', () => {
    const times: number[] = [];
    const { clock, queue } = start(() => {
      times.push(clock.now());
      clock.advance(20);
      return times.length === 2 ? 5 : undefined;
    });
    const begun = clock.now();
    queue.add('a');
    clock.advance(0);
    queue.add('a');
    clock.advance(1_000);
    expect(times.map((time) => time - begun)).toEqual([0, 200, 225]);
  });

  it('lets many queues work a little each, and others in between', () => {
    const manual = createManualClock();
    let spentMs = 0;
    const clock = { ...manual, now: () => manual.now() + spentMs };
    const turns = createTurnTaker(clock);
    const order: string[] = [];
    const queues = ['first', 'second'].map((name) =>
      createWorkQueue({
        clock,
        turns,
        work(key) {
          order.push(`${name} ${key}`);
          spentMs += 6;
          return undefined;
        },
        onFailure: () => undefined,
      }),
    );
    for (const queue of queues) for (const key of ['a', 'b', 'c']) queue.add(key);
    clock.schedule(0, () => order.push('a request'));
    clock.advance(0);
    clock.advance(100);
    expect(order).toEqual(['first a', 'second a', 'a request', 'first b', 'second b', 'first c', 'second c']);
  });

  it('does nothing after it was stopped (refused)', () => {
    const { clock, queue, worked } = start(() => undefined);
    queue.add('a', 10);
    queue.stop();
    queue.add('b');
    clock.advance(1000);
    expect(worked).toEqual([]);
  });
});
