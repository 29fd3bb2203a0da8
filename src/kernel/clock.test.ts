import { describe, expect, it, vi } from 'vitest';
import { sleep, systemClock } from './clock.ts';
import { createManualClock } from './manual-clock.ts';

describe('sleep', () => {
  it('resolves when the clock has moved far enough, and not before', async () => {
    const clock = createManualClock();
    const woken = vi.fn();
    const sleeping = sleep(clock, 1000).then(woken);
    clock.advance(999);
    await Promise.resolve();
    expect(woken).not.toHaveBeenCalled();
    clock.advance(1);
    await sleeping;
    expect(woken).toHaveBeenCalledOnce();
  });

  it('resolves at once when the signal aborts, and leaves neither timer nor listener', async () => {
    const clock = createManualClock();
    const cancel = vi.fn();
    const schedule = vi.spyOn(clock, 'schedule').mockReturnValue(cancel);
    const abort = new AbortController();
    const remove = vi.spyOn(abort.signal, 'removeEventListener');
    const sleeping = sleep(clock, 1000, abort.signal);
    abort.abort();
    await sleeping;
    expect(cancel).toHaveBeenCalledOnce();
    expect(remove).toHaveBeenCalledOnce();
    await sleep(clock, 1000, abort.signal);
    expect(schedule).toHaveBeenCalledOnce();
  });

  it('removes its listener when time is up', async () => {
    const clock = createManualClock();
    const { signal } = new AbortController();
    const remove = vi.spyOn(signal, 'removeEventListener');
    const sleeping = sleep(clock, 5, signal);
    clock.advance(5);
    await sleeping;
    expect(remove).toHaveBeenCalledOnce();
  });
});

describe('systemClock', () => {
  it('calls back once, unless cancelled before', async () => {
    const cancelled = vi.fn();
    systemClock.schedule(1, cancelled)();
    const called = vi.fn();
    const before = systemClock.now();
    await new Promise<void>((resolve) => systemClock.schedule(5, () => resolve(called())));
    expect(systemClock.now() - before).toBeGreaterThanOrEqual(4);
    expect(called).toHaveBeenCalledOnce();
    expect(cancelled).not.toHaveBeenCalled();
  });
});

describe('createManualClock', () => {
  it('runs what falls due in the order of time, and of scheduling where times are equal', () => {
    const clock = createManualClock(0);
    const seen: string[] = [];
    const note = (text: string) => () => {
      seen.push(`${text}@${clock.now()}`);
    };
    clock.schedule(20, note('late'));
    clock.schedule(10, note('first'));
    clock.schedule(10, note('second'));
    clock.schedule(-5, note('past'));
    clock.advance(15);
    expect(seen).toEqual(['past@0', 'first@10', 'second@10']);
    expect(clock.now()).toBe(15);
    clock.advance(5);
    expect(seen.at(-1)).toBe('late@20');
  });

  it('runs what a callback schedules inside the span', () => {
    const clock = createManualClock(0);
    const ticks: number[] = [];
    const tick = () => {
      ticks.push(clock.now());
      clock.schedule(10, tick);
    };
    clock.schedule(10, tick);
    clock.advance(35);
    expect(ticks).toEqual([10, 20, 30]);
  });

  it('forgets what is cancelled, also by a callback of the same moment', () => {
    const clock = createManualClock(0);
    const never = vi.fn();
    let cancel = () => {};
    clock.schedule(10, () => cancel());
    cancel = clock.schedule(10, never);
    clock.advance(10);
    expect(never).not.toHaveBeenCalled();
  });
});
