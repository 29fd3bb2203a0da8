import type { Clock } from '../kernel/clock.ts';
import type { TopicOverlap } from './topics.ts';

/** How long after a list the same events may still come by the journal, in ms. */
const rememberedMs = 60_000;

/** What the initial list of a stream had, for as long as an event may still tell it again. */
export interface Listed<T> {
  /** Passes the list on and remembers it. */
  take(payloads: Iterable<T>): Iterable<T>;
  has(payload: T): boolean;
}

export function createListed<T>(overlap: TopicOverlap<T> | undefined, clock: Clock): Listed<T> {
  let items: readonly T[] = [];
  let byKey: Map<string, T> | undefined;
  let takenAtMs = 0;

  return {
    take(payloads) {
      if (!overlap) return payloads;
      items = [...payloads];
      byKey = undefined;
      takenAtMs = clock.now();
      return items;
    },
    has(payload) {
      if (!overlap || items.length === 0) return false;
      if (clock.now() - takenAtMs > rememberedMs) {
        items = [];
        byKey = undefined;
        return false;
      }
      byKey ??= new Map(items.map((item) => [overlap.key(item), item]));
      const item = byKey.get(overlap.key(payload));
      return item !== undefined && overlap.includes(item, payload);
    },
  };
}
