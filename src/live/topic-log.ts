import { createEventRing, type EventRing, type RingEntry } from './event-ring.ts';
import { parsePosition, printPosition } from './stream-position.ts';
import type { TopicEvent } from './topics.ts';

/** An event as the topic remembers it; `order` counts over all of its partitions. */
export interface LoggedEvent<T> extends TopicEvent<T> {
  readonly order: number;
}

export interface PlacedEvent<T> extends RingEntry<LoggedEvent<T>> {
  readonly partition: string;
}

/** Positions by partition, as they stand in cursors. */
export type TopicPositions = ReadonlyMap<string, string>;

/** What one topic remembers: the last events of each cluster, and of the platform itself, each numbered without holes. */
export interface TopicLog<T> {
  append(event: TopicEvent<T>): PlacedEvent<T>;
  /** Where each partition stands now. */
  heads(): TopicPositions;
  /**
   * Everything behind these positions in the order it happened; a partition that is not in them counts from its first
   * event. `'expired'` where something is no longer remembered.
   */
  after(positions: TopicPositions): readonly PlacedEvent<T>[] | 'expired';
}

const beginning = { version: '0', ordinal: 0 };

export function createTopicLog<T>(ringEvents: number): TopicLog<T> {
  const partitions = new Map<string, EventRing<LoggedEvent<T>>>();
  let order = 0;

  return {
    append(event) {
      const partition = event.cluster ?? '';
      const ring = partitions.get(partition) ?? createEventRing<LoggedEvent<T>>(ringEvents, beginning);
      partitions.set(partition, ring);
      order += 1;
      const logged = { ...event, order };
      const position = ring.push(String(Number(ring.head.version) + 1), logged);
      return { partition, position, event: logged };
    },
    heads: () => new Map([...partitions].map(([partition, ring]) => [partition, printPosition(ring.head)])),
    after(positions) {
      const missed: PlacedEvent<T>[] = [];
      for (const [partition, ring] of partitions) {
        const text = positions.get(partition);
        const position = text === undefined ? beginning : parsePosition(text);
        const isAhead = position !== undefined && Number(position.version) > Number(ring.head.version);
        const entries = position === undefined || isAhead ? 'expired' : ring.after(position);
        if (entries === 'expired') return 'expired';
        for (const entry of entries) missed.push({ partition, ...entry });
      }
      // A partition that was never written here belongs to another memory.
      for (const partition of positions.keys()) if (!partitions.has(partition)) return 'expired';
      return missed.sort((one, other) => one.event.order - other.event.order);
    },
  };
}
