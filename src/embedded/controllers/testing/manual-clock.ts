import type { ClusterClock } from '../../store/types.ts';

export interface ManualClock extends ClusterClock {
  /** Moves time forward by so many milliseconds, calling back everything that falls due on the way, in order. */
  advance(ms: number): void;
}

/** A clock that stands still until it is moved. Starts at a round time, so that expected values read well. */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  let sequence = 0;
  const waiting = new Map<number, { readonly at: number; readonly callback: () => void }>();

  function nextDue(limit: number): number | undefined {
    let best: number | undefined;
    for (const [id, entry] of waiting) {
      const champion = best === undefined ? undefined : waiting.get(best);
      if (entry.at <= limit && (champion === undefined || entry.at < champion.at)) best = id;
    }
    return best;
  }

  return {
    now: () => now,
    schedule(delayMs, callback) {
      sequence += 1;
      const id = sequence;
      waiting.set(id, { at: now + Math.max(0, delayMs), callback });
      return () => waiting.delete(id);
    },
    advance(ms) {
      const target = now + ms;
      for (let id = nextDue(target); id !== undefined; id = nextDue(target)) {
        const entry = waiting.get(id);
        waiting.delete(id);
        now = Math.max(now, entry?.at ?? now);
        entry?.callback();
      }
      now = target;
    },
  };
}
