import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createOutbox, type Outbox } from './create-outbox.ts';
import { safely } from './safely.ts';
import { sizeOf } from './size-of.ts';
import { encodeStreamCursor, parseStreamCursor } from './stream-cursor.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { ResyncReason, StreamMessage, StreamMessageType } from './stream-message.ts';
import { printPosition } from './stream-position.ts';
import type { PlacedEvent, TopicLog, TopicPositions } from './topic-log.ts';
import type { TopicEvent, TopicSubscription } from './topics.ts';

export interface TopicStreamOptions<T> {
  readonly subscription: TopicSubscription<T>;
  readonly log: TopicLog<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: StreamLimits;
  /** Cursors of another epoch have expired. */
  readonly epoch: string;
}

export type TopicStreamEntry<T> =
  | { readonly do: 'tell'; readonly type: 'SNAPSHOT' | 'RESYNC'; readonly reason: ResyncReason | undefined }
  /** Part of the initial list; nothing can be resumed until `complete`. */
  | { readonly do: 'initial'; readonly payload: T }
  | { readonly do: 'complete'; readonly positions: TopicPositions }
  | { readonly do: 'event'; readonly placed: PlacedEvent<T> };

/** What stands in a cursor while the reader has the initial list only in part: no position that can be resumed from. */
const inPart: TopicPositions = new Map([['', '~']]);

/** One subscriber of one topic. */
export function openTopicStream<T>(
  options: TopicStreamOptions<T>,
): Outbox<TopicStreamEntry<T>, T> & { onEvent(placed: PlacedEvent<T>): void } {
  const { subscription, log, logger } = options;
  const topic = subscription.topic.name;
  const cursor = subscription.after === undefined ? undefined : parseStreamCursor(subscription.after, topic);
  /** What the reader has got. */
  let positions = inPart;
  /** Which reading of the initial list counts; an older one that comes late is forgotten. */
  let reading = 0;

  const matches = (payload: T, cluster: string | undefined) =>
    safely(logger, 'a filter', () => subscription.matches(payload, cluster), false);

  const outbox = createOutbox<TopicStreamEntry<T>, T>({
    clock: options.clock,
    limits: options.limits,
    signal: subscription.signal,
    bytesOf: (entry) => (entry.do === 'event' ? sizeOf(entry.placed.event.payload) : 0),
    toMessage,
    restart() {
      // What overflowed is often still remembered: then nothing is lost and nothing need be told.
      if (positions === inPart || !replay(positions)) resync('SLOW_READER');
    },
    heartbeat(isIdle) {
      if (isIdle && positions !== inPart) positions = log.heads();
      return messageOf('HEARTBEAT');
    },
    onClose(error) {
      reading += 1;
      safely(logger, 'the listener to the end of a stream', () => subscription.onClose?.(error), undefined);
    },
  });

  if (!cursor) begin();
  else if (cursor.epoch === options.epoch && replay(cursor.positions)) positions = cursor.positions;
  else resync('CURSOR_EXPIRED');

  return Object.assign(outbox, {
    onEvent(placed: PlacedEvent<T>) {
      if (seenBy(placed.event)) outbox.push({ do: 'event', placed });
    },
  });

  /** An event as this subscriber's filter sees it; nothing where it was outside and stays outside. */
  function seenBy(event: TopicEvent<T>): { type: TopicEvent<T>['type']; item: T } | undefined {
    const { type, payload, previous, cluster } = event;
    const is = matches(payload, cluster);
    if (previous === undefined) return is ? { type, item: payload } : undefined;
    const was = matches(previous, cluster);
    if (is) return { type: was ? type : 'ADDED', item: payload };
    return was ? { type: 'DELETED', item: previous } : undefined;
  }

  /** False where something behind these positions is no longer remembered. */
  function replay(from: TopicPositions): boolean {
    const missed = log.after(from);
    if (missed === 'expired') return false;
    outbox.prepend(missed.map((placed): TopicStreamEntry<T> => ({ do: 'event', placed })));
    return true;
  }

  function resync(reason: ResyncReason): void {
    outbox.clear();
    positions = inPart;
    outbox.prepend([{ do: 'tell', type: 'RESYNC', reason }]);
    begin();
  }

  /** The position first, then the list: what happens in between is told twice rather than never. */
  function begin(): void {
    reading += 1;
    const mine = reading;
    const heads = log.heads();
    outbox.hold(true);
    const finish = (payloads: Iterable<T>) => {
      if (mine !== reading) return;
      outbox.prepend(openingOf(payloads, heads));
      outbox.hold(false);
    };
    const fail = (error: unknown) => {
      if (mine !== reading) return;
      outbox.close(error instanceof Error ? error : new Error('The initial list failed.', { cause: error }));
    };
    try {
      const payloads = subscription.initial?.() ?? [];
      if (payloads instanceof Promise) payloads.then(finish).catch(fail);
      else finish(payloads);
    } catch (error) {
      fail(error);
    }
  }

  function toMessage(entry: TopicStreamEntry<T>): StreamMessage<T> | undefined {
    switch (entry.do) {
      case 'tell':
        return messageOf(entry.type, undefined, entry.reason);
      case 'initial':
        return messageOf('ADDED', entry.payload);
      case 'complete':
        positions = entry.positions;
        return undefined;
      case 'event': {
        const { partition, position, event } = entry.placed;
        positions = new Map(positions).set(partition, printPosition(position));
        // Asked once more, at the last moment: rights may have gone while this waited.
        const seen = seenBy(event);
        return seen && messageOf(seen.type, seen.item);
      }
    }
  }

  function messageOf(type: StreamMessageType, item?: T, reason?: ResyncReason): StreamMessage<T> {
    return { type, cursor: encodeStreamCursor({ topic, epoch: options.epoch, scope: '', positions }), item, reason };
  }
}

function* openingOf<T>(payloads: Iterable<T>, positions: TopicPositions): Iterable<TopicStreamEntry<T>> {
  for (const payload of payloads) yield { do: 'initial', payload };
  yield { do: 'complete', positions };
  yield { do: 'tell', type: 'SNAPSHOT', reason: undefined };
}
