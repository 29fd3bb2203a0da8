import type { StreamMessage } from './stream-message.ts';

/** Who reads a stream without promises: a transport that writes the messages of many at once. */
export interface StreamReader {
  /** There may be something to take, or the stream has ended. Called once until `take` has come back empty. */
  wake(): void;
  /** Takes, now, what it can: the queue is full and the reader could have what is in it. */
  drain(): void;
  /** Whether it can take nothing at the moment, since what it took before is not gone yet. */
  readonly isBlocked: boolean;
}

/** A stream that can be read either way, by one reader: as an iterator, or by `attach` and `take`. */
export interface MessageSource<T = unknown> extends AsyncIterableIterator<StreamMessage<T>> {
  /** From now on this reader takes the messages; it is woken at once where there are some. */
  attach(reader: StreamReader): void;
  /** The next message; undefined where there is none now, or never again (`ended`). */
  take(): StreamMessage<T> | undefined;
  /**
   * Ends the stream with one last HEARTBEAT that says where its reader stands. What was not read is forgotten: it lies behind that cursor,
   * here or at another replica. Whoever stands nowhere yet, since it came without a cursor and was told nothing, just hears the end.
   */
  farewell(): void;
  /** Set when the stream is over, with the error that ended it. */
  readonly ended: { readonly error: Error | undefined } | undefined;
}

export function isMessageSource(value: object): value is MessageSource {
  return 'attach' in value && typeof value.attach === 'function' && 'take' in value && typeof value.take === 'function';
}
