import type { LoggedEvent } from './topic-log.ts';

/** The last events of a topic: positions without a hole, bounded by number and bytes. */
export interface EventMemory<T> {
  readonly head: number;
  /** `bytes` is the event's size, as far as the bound is concerned. The oldest go where it is full. */
  push(logged: LoggedEvent<T>, bytes: number): void;
  /** Everything behind a position; undefined where the memory does not reach back to it. */
  after(position: number): readonly LoggedEvent<T>[] | undefined;
  /** The position before the first event of a moment or later; undefined where that may lie before the memory. */
  positionAt(sinceMs: number): number | undefined;
}

/** Begins behind `start`. */
export function createEventMemory<T>(
  start: number,
  limits: { readonly events: number; readonly bytes: number },
): EventMemory<T> {
  let entries: { readonly logged: LoggedEvent<T>; readonly bytes: number }[] = [];
  let first = 0;
  let kept = 0;
  let floor = start;
  let head = start;

  return {
    get head() {
      return head;
    },
    push(logged, bytes) {
      if (logged.position !== head + 1) throw new Error('live.memory: an event out of order');
      head = logged.position;
      entries.push({ logged, bytes });
      kept += bytes;
      while (entries.length - first > limits.events || (kept > limits.bytes && entries.length - first > 1)) {
        kept -= entries[first]?.bytes ?? 0;
        first += 1;
        floor += 1;
      }
      // Dropped ones are cut off in bulk, so that a push costs no copy; never more than are kept, since they hold their bytes.
      if (first > entries.length / 2) {
        entries = entries.slice(first);
        first = 0;
      }
    },
    after(position) {
      if (position < floor) return undefined;
      return entries.slice(first + position - floor).map(({ logged }) => logged);
    },
    positionAt(sinceMs) {
      const index = entries.findIndex(({ logged }, place) => place >= first && logged.atMs >= sinceMs);
      if (index < 0) return entries.length > first ? head : undefined;
      return index === first ? undefined : floor + index - first;
    },
  };
}
