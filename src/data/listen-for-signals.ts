import postgres from 'postgres';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { createSingleSocket, type SocketTarget } from './single-socket.ts';
import { translateDatabaseError } from './translate-database-error.ts';

/** The one channel that all signals of a database share. */
export const signalChannel = 'longshore_signal';

export interface SignalListener {
  close(): Promise<void>;
}

export interface ListenOptions {
  readonly url: string;
  readonly driver: postgres.Options<Record<string, never>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly receive: (payload: string) => void;
  /** Called each time it listens again after an interruption, or for the first time after a failure. */
  readonly gap: () => void;
}

const firstPauseMs = 500;
const longestPauseMs = 10_000;

/**
 * Listens on a connection of its own and makes a new one when that breaks, after 0.5 to 10 s. Never throws: signals are
 * best effort, and everyone who listens also polls.
 */
export function listenForSignals(options: ListenOptions): SignalListener {
  const closing = new AbortController();
  const done = listenUntil(closing.signal, options);
  return {
    async close() {
      closing.abort();
      await done;
    },
  };
}

async function listenUntil(closed: AbortSignal, options: ListenOptions): Promise<void> {
  let mayHaveMissed = false;
  let pauseMs = firstPauseMs;
  while (!closed.aborted) {
    const onListening = () => {
      pauseMs = firstPauseMs;
      if (mayHaveMissed) options.gap();
    };
    try {
      await listenOnce(closed, options, onListening);
    } catch (error) {
      // Told once per interruption, not once per attempt.
      if (pauseMs === firstPauseMs)
        options.logger.warn({ err: translateDatabaseError(error) }, 'signals of other replicas do not arrive');
    }
    mayHaveMissed = true;
    await sleep(options.clock, pauseMs, closed);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}

/** Resolves when the connection is lost or `closed` aborts; throws where it cannot be made. */
async function listenOnce(closed: AbortSignal, options: ListenOptions, onListening: () => void): Promise<void> {
  const single = createSingleSocket();
  const lost = Promise.withResolvers<void>();
  const onClosed = () => lost.resolve();
  closed.addEventListener('abort', onClosed, { once: true });
  const settings = {
    onnotice: () => {},
    fetch_types: false,
    ...options.driver,
    max: 1,
    socket(target: SocketTarget) {
      try {
        return single.open(target).once('close', onClosed);
      } catch (error) {
        // The driver wants to connect again: with TLS this is how the loss shows.
        lost.resolve();
        throw error;
      }
    },
  };
  const sql = postgres(options.url, settings);
  try {
    const listening = sql.listen(signalChannel, options.receive).then(onListening);
    // Where the loss comes first, what becomes of the attempt is of no interest.
    listening.catch(() => undefined);
    await Promise.race([listening, lost.promise]);
    await lost.promise;
  } finally {
    closed.removeEventListener('abort', onClosed);
    await sql.end({ timeout: 0 }).catch(() => undefined);
    single.destroy();
  }
}
