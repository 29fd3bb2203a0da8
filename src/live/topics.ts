import type { StreamMessage } from './stream-message.ts';

/** Phantom member that carries the payload's type; never present at run time. */
declare const payloadType: unique symbol;

/** The name of a stream of events; plugins list theirs under `topics`. */
export interface TopicRef<T> {
  /** `<plugin>.<what arrives>`, e.g. `release.orderProgress`. */
  readonly name: string;
  readonly [payloadType]?: T;
}

export function topicRef<T>(name: string): TopicRef<T> {
  return { name };
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
  /**
   * What is there now, sent as ADDED before the SNAPSHOT marker. Asked again after a RESYNC. Events published while it
   * is read are delivered behind it, so one of them may be told twice.
   */
  readonly initial?: (() => Iterable<T> | Promise<Iterable<T>>) | undefined;
  /** A cursor to resume behind; wins over `initial`. Throws `BAD_USER_INPUT` where it is none of this topic. */
  readonly after?: string | undefined;
  readonly signal: AbortSignal;
  /** Called once when the stream has ended for whatever reason (see `ObjectSubscription.onClose`). */
  readonly onClose?: ((error: Error | undefined) => void) | undefined;
}

/**
 * Streams of events. A subscriber gets SNAPSHOT (behind `initial`, if any) and then each event once, in order. `after`
 * resumes exactly while the events since are remembered, else RESYNC (`CURSOR_EXPIRED`). A reader whose queue overflows
 * goes on from memory without a gap where that is possible, else it gets RESYNC (`SLOW_READER`).
 */
export interface Topics {
  /**
   * Throws for a topic that nobody declared. Synchronous: it only queues. With `previous` what enters a subscriber's
   * filter arrives as ADDED and what leaves it as DELETED in its last state that matched.
   */
  publish<T>(
    topic: TopicRef<T>,
    payload: T,
    options?: { readonly cluster?: string; readonly type?: TopicEvent<T>['type']; readonly previous?: T },
  ): void;
  subscribe<T>(subscription: TopicSubscription<T>): AsyncIterableIterator<StreamMessage<T>>;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Streams of events that the plugin publishes. */
    readonly topics?: readonly TopicRef<unknown>[];
  }
}
