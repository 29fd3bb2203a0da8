import { describe, expect, it } from 'vitest';
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

  it('does nothing after it was stopped (refused)', () => {
    const { clock, queue, worked } = start(() => undefined);
    queue.add('a', 10);
    queue.stop();
    queue.add('b');
    clock.advance(1000);
    expect(worked).toEqual([]);
  });
});
