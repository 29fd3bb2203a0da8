import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createRequestGate } from './request-gate.ts';

const never = new AbortController().signal;

describe('createRequestGate', () => {
  it('lets in so many at once, and the next when one leaves', async () => {
    const gate = createRequestGate({ clock: createManualClock(), concurrency: 2, queue: 10, qps: 100 });
    const entered: number[] = [];
    const enter = (id: number) =>
      gate.enter(never).then((leave) => {
        entered.push(id);
        return leave;
      });
    const first = await enter(1);
    await enter(2);
    const third = enter(3);
    await Promise.resolve();
    expect(entered).toEqual([1, 2]);
    first();
    first();
    await third;
    expect(entered).toEqual([1, 2, 3]);
  });

  it('starts no more than its rate allows', async () => {
    const clock = createManualClock();
    const gate = createRequestGate({ clock, concurrency: 100, queue: 10, qps: 2 });
    await gate.enter(never);
    await gate.enter(never);
    let isIn = false;
    const third = gate.enter(never).then(() => {
      isIn = true;
    });
    clock.advance(499);
    await Promise.resolve();
    expect(isIn).toBe(false);
    clock.advance(1);
    await third;
  });

  it('one too many in the queue (refused)', async () => {
    const gate = createRequestGate({ clock: createManualClock(), concurrency: 1, queue: 1, qps: 100 });
    const leave = await gate.enter(never);
    const second = gate.enter(never);
    await expect(gate.enter(never)).rejects.toThrow('1 requests already wait for their turn');
    leave();
    await second;
  });

  it('forgets who went away while waiting', async () => {
    const gate = createRequestGate({ clock: createManualClock(), concurrency: 1, queue: 5, qps: 100 });
    const leave = await gate.enter(never);
    const gone = new AbortController();
    const second = gate.enter(gone.signal);
    const third = gate.enter(never);
    gone.abort(new Error('gone'));
    await expect(second).rejects.toThrow('gone');
    await expect(gate.enter(gone.signal)).rejects.toThrow('gone');
    leave();
    await third;
  });
});
