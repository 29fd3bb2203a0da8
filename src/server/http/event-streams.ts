import type { ServerResponse } from 'node:http';
import type { Authenticator } from '../../access/create-authenticator.ts';
import { watchRights } from '../../access/watch-rights.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { SlowReaderError } from '../../live/slow-reader-error.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { watchReader } from '../watch-reader.ts';

/** How long somebody who does not read has for what is written last, in ms; then the connection is cut. */
const partingMs = 10_000;

/** One open stream over HTTP. */
export interface EventStream {
  /** Resolves with what the reader is told last, when the stream must end although there may be more to come. */
  readonly ending: Promise<RequestError>;
  /** Its queue was full, and nobody has read it for 30 s. */
  endSlow(): void;
  close(): void;
}

export interface EventStreams {
  /** Takes a place among the caller's streams; throws `RATE_LIMITED` where none is free. */
  open(principal: Principal, response: ServerResponse): EventStream;
  readonly count: number;
  /** Asks everybody to come back, as 1012 does over a WebSocket. */
  drain(): void;
}

/**
 * Streams over HTTP end as WebSockets close: when rights change, when a token expires, when somebody does not read, when the
 * gateway drains.
 */
export function createEventStreams(options: {
  readonly authenticator: Authenticator;
  readonly places: StreamPlaces;
  readonly clock: Clock;
}): EventStreams {
  const { authenticator, places, clock } = options;
  const open = new Set<(reason: RequestError) => void>();
  return {
    open(principal, response) {
      const leave = places.enter(principal.id);
      if (!leave) throw new RequestError('RATE_LIMITED', 'You have too many streams open', { retryAfterSeconds: 1 });
      const { promise: ending, resolve } = Promise.withResolvers<RequestError>();
      let cancelCut = () => {};
      let isEnding = false;
      function end(reason: RequestError): void {
        if (isEnding) return;
        isEnding = true;
        resolve(reason);
        // Who does not read never comes to the end.
        cancelCut = clock.schedule(partingMs, () => response.destroy());
      }
      open.add(end);
      const endRightsWatch = watchRights({
        principal,
        authenticator,
        clock,
        onChange: () => end(rightsChanged()),
        onRevoked: (reason) =>
          end(reason === 'EXPIRED' ? new RequestError('UNAUTHENTICATED', 'The token has expired') : rightsChanged()),
      });
      const { socket } = response;
      const readerWatch = socket && watchReader({ socket, clock, onStuck: () => end(tooSlow()) });
      const close = (): void => {
        open.delete(end);
        endRightsWatch();
        leave();
      };
      const forget = (): void => {
        readerWatch?.stop();
        cancelCut();
        close();
      };
      // Who went before the stream was opened is told of by no event.
      if (response.closed) forget();
      else response.once('close', forget);
      return { ending, endSlow: () => end(tooSlow()), close };
    },
    get count() {
      return open.size;
    },
    drain() {
      for (const end of open) end(new RequestError('OVERLOADED', 'Going away, come back', { retryAfterSeconds: 1 }));
    },
  };
}

const tooSlow = (): RequestError => new RequestError('OVERLOADED', new SlowReaderError().message);

const rightsChanged = (): RequestError =>
  new RequestError('UNAUTHENTICATED', 'Your rights have changed: connect again with a valid token');
