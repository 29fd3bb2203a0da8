import type { Clock } from '../kernel/clock.ts';
import type { Database } from './database.ts';

/** How often each replica looks by itself, in ms: signals may be lost. */
const pollMs = 3_000;
/** How long what was read last counts while it cannot be read again, in ms. */
const trustMs = 8_000;

export interface FollowRevisionOptions {
  readonly database: Pick<Database, 'onSignal' | 'onSignalGap'>;
  readonly clock: Clock;
  /** The signal by which whoever has changed it says so to all replicas. */
  readonly channel: string;
  /** Takes in what the database has now; one at a time. Throws where it cannot be read; takes nothing in once the signal has aborted. */
  readonly read: (signal: AbortSignal) => Promise<void>;
  /** It could not be read for 8 s, or never: what is held may be wrong. Called once until it can be read again. */
  readonly onStale: (error: unknown) => void;
  /** It can be read again, and has been. */
  readonly onFresh: () => void;
}

/** What a replica holds in memory of the database, for a look at every request. */
export interface FollowedRevision {
  /** Whether it could not be read for 8 s. */
  readonly isStale: boolean;
  /** Resolves once this replica goes by everything that was committed before the call; rejects where that cannot be read. */
  refresh(): Promise<void>;
  stop(): void;
}

/** Keeps what is held in memory as the database has it: by signals, and by looking every 3 s where they are lost. */
export function followRevision(options: FollowRevisionOptions): FollowedRevision {
  const { database, clock } = options;
  const stopped = new AbortController();
  let readAt = Number.NEGATIVE_INFINITY;
  let isStale = false;
  let running: { readonly done: Promise<void>; readonly since: number } | undefined;
  let waiting: Promise<void> | undefined;

  async function read(since: number): Promise<void> {
    try {
      await options.read(stopped.signal);
    } catch (error) {
      noteFailure(error);
      throw error;
    }
    if (stopped.signal.aborted) return;
    readAt = since;
    if (!isStale) return;
    isStale = false;
    options.onFresh();
  }

  function noteFailure(error: unknown): void {
    if (stopped.signal.aborted || isStale || clock.now() - readAt < trustMs) return;
    isStale = true;
    options.onStale(error);
  }

  /** One read at a time; who asks while one is under way gets the next, which sees what was committed before. */
  function refresh(): Promise<void> {
    if (running === undefined) {
      const since = clock.now();
      const done = read(since).finally(() => {
        running = undefined;
      });
      running = { done, since };
      return done;
    }
    waiting ??= running.done
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        return refresh();
      });
    return waiting;
  }

  const look = (): void => {
    // A failure has been noted.
    refresh().catch(() => {});
  };
  function poll(): void {
    cancel = clock.schedule(pollMs, poll);
    if (running === undefined) look();
    else if (clock.now() - running.since >= trustMs) noteFailure(new Error('the database does not answer'));
  }
  let cancel = clock.schedule(pollMs, poll);
  const ends = [database.onSignal(options.channel, look), database.onSignalGap(look)];

  return {
    get isStale() {
      return isStale;
    },
    refresh,
    stop() {
      stopped.abort();
      cancel();
      for (const end of ends) end();
    },
  };
}
