import type { Clock } from './clock.ts';

/** A clock for tests: time stands still until `advance` moves it. */
export interface ManualClock extends Clock {
  /** Moves time and runs what falls due, in order; what a callback schedules inside the span runs too. */
  advance(byMs: number): void;
  /** Timers that wait: a test may see that nothing is left behind. */
  readonly waiting: number;
}

export function createManualClock(startMs = Date.parse('2026-01-01T00:00:00Z')): ManualClock {
  let nowMs = startMs;
  let sequence = 0;
  const timers = new Map<number, { dueMs: number; callback: () => void }>();

  function nextDue(limitMs: number): [number, { dueMs: number; callback: () => void }] | undefined {
    let found: [number, { dueMs: number; callback: () => void }] | undefined;
    for (const entry of timers) {
      if (entry[1].dueMs <= limitMs && (!found || entry[1].dueMs < found[1].dueMs)) found = entry;
    }
    return found;
  }

  return {
    now: () => nowMs,
    schedule(delayMs, callback) {
      sequence += 1;
      const id = sequence;
      timers.set(id, { dueMs: nowMs + Math.max(0, delayMs), callback });
      return () => {
        timers.delete(id);
      };
    },
    advance(byMs) {
      const limitMs = nowMs + byMs;
      for (let due = nextDue(limitMs); due; due = nextDue(limitMs)) {
        timers.delete(due[0]);
        nowMs = Math.max(nowMs, due[1].dueMs);
        due[1].callback();
      }
      nowMs = limitMs;
    },
    get waiting() {
      return timers.size;
    },
  };
}
