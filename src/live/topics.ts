import type { TopicCodec } from './journal/topic-codec.ts';
import type { StreamMessage } from './stream-message.ts';

/** Phantom member that carries the payload's type; never present at run time. */
declare const payloadType: unique symbol;

export interface TopicOptions<T> {
  /**
   * For what each replica sees by itself, such as the state of its connections: events stay in this process, and
   * nobody can resume behind its end. All other topics stand in the journal, the same for every replica.
   */
  readonly isLocal?: boolean;
  /**
   * How payloads are kept. Without it they must be plain data (objects, arrays, strings, finite numbers, booleans, null
   * and Dates) of less than 256 KiB. Secrets must never be in them.
   */
  readonly codec?: TopicCodec<T>;
}

/** The name of a stream of events; plugins list theirs under `topics`. */
export interface TopicRef<T> extends TopicOptions<T> {
  /** `<plugin>.<what arrives>`, e.g. `release.orderProgress`. */
  readonly name: string;
  readonly [payloadType]?: T;
}

export function topicRef<T>(name: string, options: TopicOptions<T> = {}): TopicRef<T> {
  return { name, ...options };
}

export interface TopicEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly payload: T;
  /** What `payload` was before a MODIFIED, where that can be told: so a filter sees it enter and leave. */
  readonly previous: T | undefined;
  /** Where it happened; undefined for what concerns the platform itself. */
  readonly cluster: string | undefined;
}

export interface TopicSubscription<T> {
  readonly topic: TopicRef<T>;
  /** Filter and rights of this caller in one; asked when an event is published and again when it is handed over. */
  readonly matches: (payload: T, cluster: string | undefined) => boolean;
  /** Whether gaps of this cluster concern the caller; every gap does where it is not said. */
  readonly concerns?: ((cluster: string | undefined) => boolean) | undefined;
  /**
   * What is there now, sent as ADDED before the SNAPSHOT marker. Asked again after a RESYNC. Events published while it
   * is read are delivered behind it, so one of them may be told twice.
   */
  readonly initial?: (() => Iterable<T> | Promise<Iterable<T>>) | undefined;
  /** For an `initial` that is no older or newer than the journal by itself, such as a cache. */
  readonly overlap?: TopicOverlap<T> | undefined;
  /** A cursor to resume behind; wins over `initial`. Throws `BAD_USER_INPUT` where it is none of this topic. */
  readonly after?: string | undefined;
  /** How long events are held together, in ms up to 60,000; none and 0: not at all. */
  readonly throttleMs?: number | undefined;
  /** Same for all states of one thing: those that are held together become one. Without it each event is told. */
  readonly keyOf?: ((payload: T) => string | undefined) | undefined;
  readonly signal: AbortSignal;
  /** Called once when the stream has ended for whatever reason (see `ObjectSubscription.onClose`). */
  readonly onClose?: ((error: Error | undefined) => void) | undefined;
}

/** How a list and the events around it are made to fit: neither is missing something, and nothing is told twice. */
export interface TopicOverlap<T> {
  /** Since when the list may lack events that stand in the journal, in UTC ms: those are told behind it. */
  readonly since: () => number;
  /** Whether what the list had is this event, or a later state of it. */
  readonly includes: (listed: T, payload: T) => boolean;
  /** Same for all states of one thing. */
  readonly key: (payload: T) => string;
}

export interface PublishOptions<T> {
  readonly cluster?: string;
  readonly type?: TopicEvent<T>['type'];
  readonly previous?: T;
}

/**
 * Streams of events. A subscriber gets SNAPSHOT (behind `initial`, if any) and then each event once, in order. `after`
 * resumes exactly, on any replica, while the events since are kept, else RESYNC (`CURSOR_EXPIRED`). A reader whose queue
 * overflows goes on from the journal without a gap where that is possible, else it gets RESYNC (`SLOW_READER`).
 */
export interface Topics {
  /**
   * Appends to the topic's journal. Inside of a transaction the event is committed with it or not at all, and the promise
   * resolves at once; outside of one it resolves when the event is committed. Throws for a topic that nobody declared.
   * With `previous` what enters a subscriber's filter arrives as ADDED and what leaves it as DELETED in its last state that
   * matched.
   */
  publish<T>(topic: TopicRef<T>, payload: T, options?: PublishOptions<T>): Promise<void>;
  subscribe<T>(subscription: TopicSubscription<T>): AsyncIterableIterator<StreamMessage<T>>;
  /**
   * The cursor behind everything that is in a journalled topic now; in a transaction, as that transaction sees it. Who reads
   * rows that are kept with the topic's entries in one `repeatable read` with it, and follows behind it, misses nothing and is
   * told nothing twice.
   */
  cursorNow(topic: TopicRef<never>): Promise<string>;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Streams of events that the plugin publishes. */
    readonly topics?: readonly TopicRef<unknown>[];
  }
}
