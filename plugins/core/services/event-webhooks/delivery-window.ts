/** What is to be told, in the order in which it happened. */
export interface WindowEntry<T> {
  readonly event: T;
  /** What must stay in order: all of one key. Undefined: everything before it comes first, and everything behind it later. */
  readonly key: string | undefined;
  readonly bytes: number;
  /** Where the stream goes on once this and everything before it is told; undefined for what is not of the stream. */
  readonly cursor: string | undefined;
}

export interface WindowSlot<T> extends WindowEntry<T> {
  /** Not before, in UTC ms. */
  readonly dueMs: number;
  readonly isUnderWay: boolean;
}

/**
 * Events between the stream and the receiver. Those of one key go one after the other, each when the one before is settled;
 * others do not wait for them. The cursor is that of the last event before which nothing is left: who goes on from there
 * misses nothing.
 */
export interface DeliveryWindow<T> {
  /** Events that are not settled. */
  readonly size: number;
  /** From the first that is not settled to the last of all: so many may be told once more after a crash. */
  readonly span: number;
  readonly bytes: number;
  readonly underWay: number;
  /** Behind everything that is settled without a hole; undefined until something is. */
  readonly cursor: string | undefined;
  add(entry: WindowEntry<T>): void;
  /** Everything before is settled by itself: nothing has to be told here. */
  pass(cursor: string): void;
  /** Of those that may be told now the one that failed least, the oldest of them; it is under way from then on. */
  take(nowMs: number): WindowSlot<T> | undefined;
  /** When the next one falls due that waits for its time alone; undefined where none does. */
  nextDueMs(): number | undefined;
  /** It is told, or given up. */
  settle(slot: WindowSlot<T>): void;
  /** It is tried again later. */
  postpone(slot: WindowSlot<T>, untilMs: number): void;
  /** The one that waits for the longest. */
  readonly oldest: WindowSlot<T> | undefined;
}

interface Slot<T> extends WindowEntry<T> {
  dueMs: number;
  isUnderWay: boolean;
  isSettled: boolean;
  /** How often it was put off. */
  failures: number;
}

export function createDeliveryWindow<T>(): DeliveryWindow<T> {
  let slots: Slot<T>[] = [];
  let cursor: string | undefined;
  let bytes = 0;
  let underWay = 0;
  let left = 0;

  /** The first of each key that is not settled; nothing behind a barrier, and a barrier only where it is the first of all. */
  function* candidates(): Iterable<Slot<T>> {
    const taken = new Set<string>();
    let isFirst = true;
    for (const slot of slots) {
      if (slot.isSettled) continue;
      if (slot.key === undefined) {
        if (isFirst) yield slot;
        return;
      }
      isFirst = false;
      if (taken.has(slot.key)) continue;
      taken.add(slot.key);
      yield slot;
    }
  }

  function forgetSettled(): void {
    let gone = 0;
    for (const slot of slots) {
      if (!slot.isSettled) break;
      cursor = slot.cursor ?? cursor;
      gone += 1;
    }
    if (gone > 0) slots = slots.slice(gone);
  }

  function push(entry: WindowEntry<T>, isSettled: boolean): void {
    slots.push({ ...entry, dueMs: 0, isUnderWay: false, isSettled, failures: 0 });
  }

  return {
    get size() {
      return left;
    },
    get span() {
      return slots.length;
    },
    get bytes() {
      return bytes;
    },
    get underWay() {
      return underWay;
    },
    get cursor() {
      return cursor;
    },
    get oldest() {
      return slots.find(({ isSettled }) => !isSettled);
    },
    add(entry) {
      push(entry, false);
      left += 1;
      bytes += entry.bytes;
    },
    pass(next) {
      const last = slots.at(-1);
      // Silence behind events that wait: one place is enough for all of it.
      if (last?.isSettled) slots[slots.length - 1] = { ...last, cursor: next };
      else push({ event: undefined as T, key: undefined, bytes: 0, cursor: next }, true);
      forgetSettled();
    },
    take(nowMs) {
      let found: Slot<T> | undefined;
      for (const slot of candidates()) {
        if (slot.isUnderWay || slot.dueMs > nowMs) continue;
        // A receiver that is asked one thing at a time must not be asked the one that harms it for ever.
        if (!found || slot.failures < found.failures) found = slot;
        if (found.failures === 0) break;
      }
      if (!found) return undefined;
      found.isUnderWay = true;
      underWay += 1;
      return found;
    },
    nextDueMs() {
      let due: number | undefined;
      for (const slot of candidates())
        if (!slot.isUnderWay && (due === undefined || slot.dueMs < due)) due = slot.dueMs;
      return due;
    },
    settle(given) {
      const slot = given as Slot<T>;
      slot.isSettled = true;
      slot.isUnderWay = false;
      underWay -= 1;
      left -= 1;
      bytes -= slot.bytes;
      forgetSettled();
    },
    postpone(given, untilMs) {
      const slot = given as Slot<T>;
      slot.isUnderWay = false;
      slot.dueMs = untilMs;
      slot.failures += 1;
      underWay -= 1;
    },
  };
}
