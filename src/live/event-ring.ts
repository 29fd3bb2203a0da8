import { comparePositions, type StreamPosition } from './stream-position.ts';

export interface RingEntry<E> {
  readonly position: StreamPosition;
  readonly event: E;
}

/** The last changes of one source, in order: what a returning subscriber may still have missed. */
export interface EventRing<E> {
  /** Appends a change of this version and says where it stands. The oldest one goes where the ring is full. */
  push(version: string, event: E): StreamPosition;
  /** Where the newest change stands, or where the ring began. */
  readonly head: StreamPosition;
  /** Everything behind a position, oldest first; `'expired'` where the ring cannot promise to have all of it. */
  after(position: StreamPosition): readonly RingEntry<E>[] | 'expired';
}

/** Keeps at most `capacity` changes; `start` is the position at which it begins to listen. */
export function createEventRing<E>(capacity: number, start: StreamPosition): EventRing<E> {
  /** Positions behind the floor are complete; entries are kept from index `first` on. */
  let floor = start;
  let entries: RingEntry<E>[] = [];
  let first = 0;

  const headOf = () => entries.at(-1)?.position ?? floor;

  return {
    get head() {
      return headOf();
    },
    push(version, event) {
      const head = headOf();
      const position = { version, ordinal: head.version === version ? head.ordinal + 1 : 1 };
      // A source that went back in time has broken its order: nothing before this change can be resumed from.
      if ((comparePositions(position, head) ?? 1) < 0) {
        entries = [];
        first = 0;
        floor = { version, ordinal: 0 };
      }
      entries.push({ position, event });
      if (entries.length - first > capacity) {
        floor = entries[first]?.position ?? floor;
        first += 1;
      }
      // Dropped entries are cut off in bulk, so that a push costs no copy.
      if (first > capacity) {
        entries = entries.slice(first);
        first = 0;
      }
      return position;
    },
    after(position) {
      if (isSame(position, floor)) return entries.slice(first);
      let index = entries.length - 1;
      while (index >= first && !isReached(entries[index], position)) index -= 1;
      const reached = index >= first ? entries[index]?.position : undefined;
      if (reached && isSame(reached, position)) return entries.slice(index + 1);
      // It names a change that is not here, or lies before what is here.
      if (position.ordinal > 0 || (comparePositions(position, floor) ?? -1) < 0) return 'expired';
      return entries.slice(index + 1);
    },
  };
}

function isSame(one: StreamPosition, other: StreamPosition): boolean {
  return one.version === other.version && one.ordinal === other.ordinal;
}

function isReached<E>(entry: RingEntry<E> | undefined, position: StreamPosition): boolean {
  return entry !== undefined && (comparePositions(entry.position, position) ?? 1) <= 0;
}
