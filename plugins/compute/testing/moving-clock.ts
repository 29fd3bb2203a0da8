import { type Clock, systemClock } from '../../../src/kernel/clock.ts';

/** A clock that goes by itself, and can be moved on: what falls due on the way runs, in order. */
export interface MovingClock extends Clock {
  advance(byMs: number): void;
}

interface Timer {
  readonly dueMs: number;
  readonly callback: () => void;
  cancel: () => void;
}

export function createMovingClock(): MovingClock {
  let aheadMs = 0;
  const timers = new Set<Timer>();
  const now = () => systemClock.now() + aheadMs;

  function run(timer: Timer): void {
    timer.cancel();
    if (timers.delete(timer)) timer.callback();
  }
  function start(timer: Timer): void {
    timer.cancel = systemClock.schedule(Math.max(0, timer.dueMs - now()), () => run(timer));
  }
  return {
    now,
    schedule(delayMs, callback) {
      const timer: Timer = { dueMs: now() + delayMs, callback, cancel: () => undefined };
      timers.add(timer);
      start(timer);
      return () => {
        timer.cancel();
        timers.delete(timer);
      };
    },
    advance(byMs) {
      aheadMs += byMs;
      const due = [...timers].filter(({ dueMs }) => dueMs <= now()).sort((one, other) => one.dueMs - other.dueMs);
      for (const timer of due) run(timer);
      for (const timer of timers) {
        timer.cancel();
        start(timer);
      }
    },
  };
}
