/** A value that changes, for those who wait until it is what they need. */
export interface FollowedValue<T> {
  readonly now: T;
  set(value: T): void;
  /** Resolves with the value as soon as it passes; with what it is where the signal aborts first. */
  until(test: (value: T) => boolean, signal: AbortSignal): Promise<T>;
}

export function createFollowedValue<T>(initial: T): FollowedValue<T> {
  let now = initial;
  const waiting = new Set<() => void>();
  return {
    get now() {
      return now;
    },
    set(value) {
      now = value;
      for (const look of [...waiting]) look();
    },
    until(test, signal) {
      if (signal.aborted || test(now)) return Promise.resolve(now);
      return new Promise((resolve) => {
        const look = (): void => {
          if (!signal.aborted && !test(now)) return;
          waiting.delete(look);
          signal.removeEventListener('abort', look);
          resolve(now);
        };
        waiting.add(look);
        signal.addEventListener('abort', look, { once: true });
      });
    },
  };
}
