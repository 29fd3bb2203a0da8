import type { Clock } from '../../kernel/clock.ts';

/** Registers a listener; the returned function removes it. */
export type Subscribe = (listener: () => void) => () => void;

/** Resolves with the next change of any source, when time is up, or when the signal aborts; leaves nothing behind. */
export function nextChange(options: {
  readonly sources: readonly Subscribe[];
  readonly signal?: AbortSignal | undefined;
  readonly clock?: Clock | undefined;
  readonly timeoutMs?: number | undefined;
}): Promise<void> {
  const { sources, signal, clock, timeoutMs } = options;
  if (signal?.aborted || (timeoutMs !== undefined && timeoutMs <= 0)) return Promise.resolve();
  return new Promise((resolve) => {
    const releases: (() => void)[] = [];
    const finish = () => {
      for (const release of releases) release();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    for (const subscribe of sources) releases.push(subscribe(finish));
    if (clock !== undefined && timeoutMs !== undefined) releases.push(clock.schedule(timeoutMs, finish));
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** A set of listeners that is told of changes; one that throws does not keep the others from hearing. */
export interface Listeners {
  readonly subscribe: Subscribe;
  notify(): void;
}

export function createListeners(onError: (error: unknown) => void): Listeners {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify() {
      for (const listener of [...listeners]) {
        try {
          listener();
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
