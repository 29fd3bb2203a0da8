import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createListed } from './create-listed.ts';
import { createOutbox, type Outbox } from './create-outbox.ts';
import type { CursorEncoder } from './cursor-encoder.ts';
import { mergeChanges } from './merge-changes.ts';
import { safely } from './safely.ts';
import { sizeOf } from './size-of.ts';
import { parseStreamCursor, type StreamCursor } from './stream-cursor.ts';
import type { StreamLimits } from './stream-limits.ts';
import type { ResyncReason, StreamMessage, StreamMessageType } from './stream-message.ts';
import { type ThrottleWindows, throttleOf } from './throttle-windows.ts';
import type { LoggedEvent, TopicLog } from './topic-log.ts';
import type { TopicEvent, TopicSubscription } from './topics.ts';

export interface TopicStreamOptions<T> {
  readonly subscription: TopicSubscription<T>;
  readonly log: TopicLog<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: StreamLimits;
  readonly cursors: CursorEncoder;
  readonly windows: ThrottleWindows;
}

type Entry<T> =
  | { readonly do: 'tell'; readonly type: 'SNAPSHOT' | 'RESYNC'; readonly reason: ResyncReason | undefined }
  /** Part of the initial list; nothing can be resumed until `complete`. */
  | { readonly do: 'initial'; readonly payload: T }
  | { readonly do: 'complete'; readonly position: number }
  | { readonly do: 'event'; readonly logged: LoggedEvent<T> }
  | SeenEvent<T>;

/** One event or several of a thing, as this subscriber's filter saw them. */
interface SeenEvent<T> {
  readonly do: 'seen';
  readonly key: string;
  readonly type: TopicEvent<T>['type'];
  readonly item: T;
  readonly previous: T | undefined;
  readonly cluster: string | undefined;
  /** Where its reader may resume; undefined where that is no further than before. */
  readonly position: number | undefined;
}

/** What stands in a cursor while the reader has the initial list only in part: no position that can be resumed from. */
const inPart = '~';

/**
 * One subscriber of one topic. It is live when it has everything the log's followers have heard of, and then it is told each
 * event as it comes; before, and after its queue had to be dropped, it catches up from the log's memory or its pages.
 */
export function openTopicStream<T>(options: TopicStreamOptions<T>): Outbox<Entry<T>, T> {
  const { subscription, log, logger, clock } = options;
  const topic = subscription.topic.name;
  const cursor = subscription.after === undefined ? undefined : parseStreamCursor(subscription.after, topic);
  const listed = createListed(subscription.overlap, clock);
  /** Of the log, as it was when this stream last began; empty before that. */
  let epoch = '';
  let place = options.cursors.at({ topic, epoch, scope: '' });
  /** What the reader has got; undefined while it has the initial list only in part. */
  let position: number | undefined;
  let isLive = false;
  /** Told that something may be missing, and not begun anew yet: what is still queued belongs to before. */
  let isEnding = false;
  /** Gaps up to here were before the last list. */
  let gapsKnownTo = 0;
  let stopFollowing = () => {};
  /** Which beginning counts; what an older one still brings is forgotten. */
  let attempt = 0;
  /** Its reader was told something: from now on a log that cannot be read is waited for. */
  let hasTold = false;
  let isWaiting = false;
  let cancelRetry = () => {};

  const matches = (payload: T, cluster: string | undefined) =>
    safely(logger, 'a filter', () => subscription.matches(payload, cluster), false);

  const throttle = throttleOf(subscription.throttleMs, options.windows);
  const outbox = createOutbox<Entry<T>, T>({
    clock,
    limits: options.limits,
    signal: subscription.signal,
    after: subscription.after,
    bytesOf(entry) {
      if (entry.do === 'seen') return sizeOf(entry.item);
      return entry.do === 'event' && 'payload' in entry.logged.event ? sizeOf(entry.logged.event.payload) : 0;
    },
    ...(throttle && { throttle, merge }),
    toMessage,
    restart() {
      // What overflowed is kept elsewhere: mostly nothing is lost and nothing need be told.
      if (position === undefined) resync('SLOW_READER');
      else catchUp(position, 'SLOW_READER');
    },
    heartbeat(isIdle) {
      if (isIdle && isLive && position !== undefined) position = log.head;
      return messageOf('HEARTBEAT');
    },
    onClose(error) {
      attempt += 1;
      isLive = false;
      cancelRetry();
      stopFollowing();
      safely(logger, 'the listener to the end of a stream', () => subscription.onClose?.(error), undefined);
    },
  });

  if (!subscription.signal.aborted) {
    stopFollowing = log.join({
      onEvent(logged) {
        if (!isLive) return;
        if (logged.event.type === 'GAP' || seenBy(logged.event)) outbox.push({ do: 'event', logged });
      },
      onReset: () => resync('CURSOR_EXPIRED'),
    });
    whenFresh(() => (cursor ? resume(cursor) : begin()));
  }
  return outbox;

  /** Calls back once the log has caught up with what is there now, unless something else has begun meanwhile. */
  function whenFresh(then: () => void): void {
    outbox.hold(true);
    isLive = false;
    attempt += 1;
    const mine = attempt;
    const goOn = () => {
      epoch = log.epoch;
      place = options.cursors.at({ topic, epoch, scope: '' });
      then();
    };
    const wait = log.refresh();
    if (wait) follow(mine, wait, goOn, () => whenFresh(then));
    else goOn();
  }

  /** `again` is what to do a while later where this fails though it went well before; without one the stream ends. */
  function follow<V>(mine: number, wait: Promise<V>, then: (value: V) => void, again?: () => void): void {
    wait.then(
      (value) => {
        isWaiting = false;
        if (mine !== attempt) return;
        try {
          then(value);
        } catch (error) {
          fail(error);
        }
      },
      (error: unknown) => {
        if (mine !== attempt) return;
        if (!hasTold || !again) {
          fail(error);
          return;
        }
        if (!isWaiting) logger.warn({ err: error, topic }, 'a stream cannot be read; it waits and tries again');
        isWaiting = true;
        cancelRetry = clock.schedule(options.limits.journalPollMs, () => {
          if (mine === attempt) again();
        });
      },
    );
  }

  function fail(error: unknown): void {
    outbox.close(error instanceof Error ? error : new Error('A stream could not go on.', { cause: error }));
  }

  function resume({ epoch: givenEpoch, positions }: StreamCursor): void {
    const text = positions.get('') ?? '';
    const isOfThisLife = givenEpoch === epoch && positions.size === 1 && /^(0|[1-9]\d{0,15})$/.test(text);
    if (!isOfThisLife) {
      resync('CURSOR_EXPIRED');
      return;
    }
    position = Number(text);
    catchUp(position, 'CURSOR_EXPIRED');
  }

  /** Everything behind a position, then live. `reason` is told where something is not kept any more. */
  function catchUp(from: number, reason: ResyncReason): void {
    outbox.hold(true);
    isLive = false;
    attempt += 1;
    const mine = attempt;
    const missed = log.after(from);
    if (missed === 'expired') resync(reason);
    else if (missed === 'older') {
      follow(
        mine,
        log.read(from),
        (page) => {
          const last = page === 'expired' ? undefined : page.at(-1);
          if (page === 'expired' || !last) resync(reason);
          // The next page is read when the reader has taken this one.
          else outbox.prepend(pageThen(page, () => mine === attempt && catchUp(last.position, reason)));
        },
        () => catchUp(from, reason),
      );
    } else {
      outbox.prepend(missed.map((logged) => ({ do: 'event', logged })));
      isLive = true;
      outbox.hold(false);
    }
  }

  function resync(reason: ResyncReason): void {
    outbox.clear();
    position = undefined;
    isEnding = false;
    outbox.prepend([{ do: 'tell', type: 'RESYNC', reason }]);
    whenFresh(() => begin());
  }

  /** The position first, then the list: what happens in between is told twice rather than never. */
  function begin(from = 0): void {
    const mine = attempt;
    const { initial, overlap } = subscription;
    const at = (position: number) => {
      const start = Math.max(position, from);
      if (!initial) {
        open([], from === 0 ? start : from);
        return;
      }
      gapsKnownTo = log.head;
      const list = initial();
      if (list instanceof Promise)
        follow(
          mine,
          list,
          (payloads) => open(payloads, start),
          () => begin(from),
        );
      else open(list, start);
    };
    try {
      if (initial && overlap) follow(mine, log.positionAt(overlap.since()), at, () => begin(from));
      else at(log.head);
    } catch (error) {
      fail(error);
    }
  }

  function open(payloads: Iterable<T>, start: number): void {
    const items = listed.take(payloads);
    outbox.prepend(openingOf(items, start));
    catchUp(start, 'CURSOR_EXPIRED');
  }

  /** An event as this subscriber's filter sees it; nothing where it was outside and stays outside, or was listed. */
  function seenBy(event: TopicEvent<T>): { type: TopicEvent<T>['type']; item: T; previous?: T } | undefined {
    const { type, payload, previous, cluster } = event;
    if (listed.has(payload)) return undefined;
    const is = matches(payload, cluster);
    if (previous === undefined) return is ? { type, item: payload } : undefined;
    const was = matches(previous, cluster);
    if (is) return was ? { type, item: payload, previous } : { type: 'ADDED', item: payload };
    return was ? { type: 'DELETED', item: previous } : undefined;
  }

  /** What waits for the end of a window; a gap stays where it is, and so does all around it. */
  function merge(entries: readonly Entry<T>[]): readonly Entry<T>[] {
    const seen: SeenEvent<T>[] = [];
    for (const entry of entries) {
      if (entry.do === 'seen') seen.push(entry);
      else if (entry.do !== 'event' || entry.logged.event.type === 'GAP') return entries;
      else {
        const { event, position: at } = entry.logged;
        const { cluster } = event;
        const change = seenBy(event);
        if (!change) continue;
        const key = subscription.keyOf?.(change.item) ?? `at ${at}`;
        seen.push({ previous: undefined, ...change, do: 'seen', key, cluster, position: at });
      }
    }
    return mergeChanges(seen, {
      laneOf: () => undefined,
      merge: ({ last, first, type, resumable }) => ({
        ...last,
        type,
        previous: type === 'MODIFIED' ? first.previous : undefined,
        position: resumable?.position,
      }),
    });
  }

  /** Asked once more, as for each event. */
  function messageOfSeen({ type, item, previous, cluster, position: at }: SeenEvent<T>): StreamMessage<T> | undefined {
    position = at ?? position;
    if (matches(item, cluster)) return messageOf(type, item, undefined, previous);
    const hadIt = type === 'MODIFIED' && previous !== undefined && matches(previous, cluster);
    return hadIt ? messageOf('DELETED', previous) : undefined;
  }

  function toMessage(entry: Entry<T>): StreamMessage<T> | undefined {
    if (isEnding) return undefined;
    switch (entry.do) {
      case 'tell':
        return messageOf(entry.type, undefined, entry.reason);
      case 'initial':
        return messageOf('ADDED', entry.payload);
      case 'complete':
        position = entry.position;
        return undefined;
      case 'seen':
        return messageOfSeen(entry);
      case 'event': {
        const { event } = entry.logged;
        if (event.type === 'GAP') return toGapMessage(entry.logged.position, event.cluster);
        position = entry.logged.position;
        // Asked once more, at the last moment: rights may have gone while this waited.
        const seen = seenBy(event);
        return seen && messageOf(seen.type, seen.item, undefined, seen.previous);
      }
    }
  }

  function toGapMessage(at: number, cluster: string | undefined): StreamMessage<T> | undefined {
    position = at;
    if (at <= gapsKnownTo) return undefined;
    if (subscription.concerns && !safely(logger, 'a filter', () => subscription.concerns?.(cluster) ?? true, true))
      return undefined;
    position = undefined;
    isEnding = true;
    attempt += 1;
    const mine = attempt;
    // The queue is not touched while it is being read.
    queueMicrotask(() => {
      isEnding = false;
      if (mine !== attempt) return;
      outbox.clear();
      whenFresh(() => begin(at));
    });
    return messageOf('RESYNC', undefined, 'WATCH_GAP');
  }

  function messageOf(type: StreamMessageType, item?: T, reason?: ResyncReason, previous?: T): StreamMessage<T> {
    hasTold ||= type !== 'HEARTBEAT';
    const cursor = place.encode([{ name: '', position: position === undefined ? inPart : String(position) }]);
    return { type, cursor, item, reason, previous };
  }
}

function* openingOf<T>(payloads: Iterable<T>, position: number): Iterable<Entry<T>> {
  for (const payload of payloads) yield { do: 'initial', payload };
  yield { do: 'complete', position };
  yield { do: 'tell', type: 'SNAPSHOT', reason: undefined };
}

function* pageThen<T>(page: readonly LoggedEvent<T>[], next: () => void): Iterable<Entry<T>> {
  for (const logged of page) yield { do: 'event', logged };
  queueMicrotask(next);
}
