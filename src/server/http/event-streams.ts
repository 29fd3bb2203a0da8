import type { Authenticator } from '../../access/create-authenticator.ts';
import { watchRights } from '../../access/watch-rights.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import type { StreamPlaces } from '../stream-places.ts';

/** One open stream over HTTP. */
export interface EventStream {
  /** Resolves with what the reader is told last, when the stream must end although there may be more to come. */
  readonly ending: Promise<RequestError>;
  close(): void;
}

export interface EventStreams {
  /** Takes a place among the caller's streams; throws `RATE_LIMITED` where none is free. */
  open(principal: Principal): EventStream;
  readonly count: number;
  /** Asks everybody to come back, as 1012 does over a WebSocket. */
  drain(): void;
}

/** Streams over HTTP end as WebSockets close: when rights change, when a token expires, when the gateway drains. */
export function createEventStreams(options: {
  readonly authenticator: Authenticator;
  readonly places: StreamPlaces;
  readonly clock: Clock;
}): EventStreams {
  const { authenticator, places, clock } = options;
  const open = new Set<(reason: RequestError) => void>();
  return {
    open(principal) {
      const leave = places.enter(principal.id);
      if (!leave) throw new RequestError('RATE_LIMITED', 'You have too many streams open', { retryAfterSeconds: 1 });
      const { promise: ending, resolve: end } = Promise.withResolvers<RequestError>();
      open.add(end);
      const endRightsWatch = watchRights({
        principal,
        authenticator,
        clock,
        onChange: () => end(rightsChanged()),
        onRevoked: (reason) =>
          end(reason === 'EXPIRED' ? new RequestError('UNAUTHENTICATED', 'The token has expired') : rightsChanged()),
      });
      return {
        ending,
        close() {
          open.delete(end);
          endRightsWatch();
          leave();
        },
      };
    },
    get count() {
      return open.size;
    },
    drain() {
      for (const end of open) end(new RequestError('OVERLOADED', 'Going away, come back', { retryAfterSeconds: 1 }));
    },
  };
}

const rightsChanged = (): RequestError =>
  new RequestError('UNAUTHENTICATED', 'Your rights have changed: connect again with a valid token');
