import type { MessageSource, StreamReader } from '../../live/message-source.ts';

/** A stream whose messages come as JSON of whole GraphQL results, ready to be sent. */
export interface TextStream extends Pick<MessageSource, 'ended'> {
  attach(reader: StreamReader): void;
  /**
   * The next result; undefined where there is none now. Where a field had to wait, a promise: nothing may be taken before
   * it is settled, and then undefined says nothing of what follows.
   */
  take(): string | undefined | Promise<string | undefined>;
  /** Nobody reads any more. */
  close(): void;
}

/** A transport that writes many streams at once. It is asked instead of iterating over results. */
export interface TextTransport {
  /** Called once, when the stream is open; the transport reads it until it has ended or `close` was called. */
  carry(stream: TextStream): AsyncIterableIterator<never>;
}
