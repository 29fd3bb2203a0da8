/** The only source of time in Longshore, so that tests can move it. All times are UTC milliseconds since the epoch. */
export interface Clock {
  now(): number;
  /** Calls back once after `delayMs`; the returned function cancels. The timer never keeps the process alive. */
  schedule(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Resolves after `delayMs`, or at once when the signal aborts: waiting is not an error. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    };
    const cancel = clock.schedule(delayMs, finish);
    const onAbort = () => {
      cancel();
      finish();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
