import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { safely } from './safely.ts';

/** Longest time for which changes may be held together, in milliseconds. */
export const mostThrottleMs = 60_000;

/**
 * Windows of time in which changes are held together. They end at whole multiples of their length, for all streams of one length at once:
 * what these tell then is the same, and is rendered once. Nothing is kept for a length in which nobody waits.
 */
export interface ThrottleWindows {
  /** Calls back once, when the window that is open now ends; the returned function ends that. */
  atEnd(lengthMs: number, listener: () => void): () => void;
}

export function createThrottleWindows(clock: Clock, logger: Logger): ThrottleWindows {
  const open = new Map<number, Set<() => void>>();
  return {
    atEnd(lengthMs, listener) {
      let listeners = open.get(lengthMs);
      if (!listeners) {
        const own = new Set<() => void>();
        listeners = own;
        open.set(lengthMs, own);
        clock.schedule(lengthMs - (clock.now() % lengthMs), () => {
          if (open.get(lengthMs) === own) open.delete(lengthMs);
          for (const each of own) safely(logger, 'a stream whose window ended', each, undefined);
        });
      }
      const joined = listeners;
      joined.add(listener);
      return () => {
        joined.delete(listener);
      };
    },
  };
}

/** What a stream with such a throttle is given; undefined for none. Throws where it is out of bounds: whoever asks has checked it. */
export function throttleOf(
  lengthMs: number | undefined,
  windows: ThrottleWindows,
): ((listener: () => void) => () => void) | undefined {
  if (lengthMs === undefined || lengthMs === 0) return undefined;
  if (!Number.isInteger(lengthMs) || lengthMs < 0 || lengthMs > mostThrottleMs) {
    throw new Error(`live.throttle: ${lengthMs} ms is no length of a window`);
  }
  return (listener) => windows.atEnd(lengthMs, listener);
}
