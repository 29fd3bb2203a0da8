import type { ServerResponse } from 'node:http';
import type { Authenticator } from '../../access/create-authenticator.ts';
import { watchRights } from '../../access/watch-rights.ts';
import { createFarewells, type Farewells } from '../../graph/streams/farewells.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { SlowReaderError } from '../../live/slow-reader-error.ts';
import { goingAway } from '../drain/going-away.ts';
import type { StreamDoor } from '../drain/stream-door.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { watchReader } from '../watch-reader.ts';

/** How long somebody who does not read has for what is written last, in ms; then the connection is cut. */
const partingMs = 10_000;

/** How long a stream has for its goodbye, in ms; then it is told without it. */
const farewellMs = 2_000;

/** One open stream over HTTP. */
export interface EventStream {
  /** Where the stream itself is told to say where its reader stands. */
  readonly farewells: Farewells;
  /** What the reader is told behind the stream's own end; undefined where that is all. */
  readonly lastWord: RequestError | undefined;
  /** Resolves with what the reader is told last, when the stream must end although there may be more to come. */
  readonly ending: Promise<RequestError>;
  /** Its queue was full, and nobody has read it for 30 s. */
  endSlow(): void;
  close(): void;
}

export interface EventStreams extends StreamDoor {
  /** Takes a place among the caller's streams; throws `RATE_LIMITED` where none is free, `OVERLOADED` where this process goes away. */
  open(principal: Principal, response: ServerResponse): EventStream;
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
  /** How to move each. */
  const open = new Set<() => void>();
  const moved = new Set<() => void>();
  let isClosed = false;
  return {
    open(principal, response) {
      if (isClosed) {
        response.setHeader('retry-after', '1');
        throw goingAway();
      }
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
      const farewells = createFarewells();
      let lastWord: RequestError | undefined;
      let cancelFarewell = () => {};
      function move(): void {
        moved.add(move);
        const reason = goingAway();
        lastWord = reason;
        farewells.sayAll();
        cancelFarewell = clock.schedule(farewellMs, () => end(reason));
      }
      open.add(move);
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
        open.delete(move);
        moved.delete(move);
        cancelFarewell();
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
      return {
        ending,
        farewells,
        get lastWord() {
          return lastWord;
        },
        endSlow: () => end(tooSlow()),
        close,
      };
    },
    get count() {
      return open.size;
    },
    closeEntrance() {
      isClosed = true;
    },
    unmoved: () => [...open].filter((move) => !moved.has(move)),
  };
}

const tooSlow = (): RequestError => new RequestError('OVERLOADED', new SlowReaderError().message);

const rightsChanged = (): RequestError =>
  new RequestError('UNAUTHENTICATED', 'Your rights have changed: connect again with a valid token');
