import type { Clock } from '../../kernel/clock.ts';
import { ConnectionError } from './connection-error.ts';

/** A signal that aborts with the caller's, with the cluster's, or when time is up (then its reason is a `ConnectionError`). */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Lets go of timer and listeners. */
  dispose(): void;
}

export function createDeadline(
  clock: Clock,
  timeoutMs: number,
  signals: readonly (AbortSignal | undefined)[],
): Deadline {
  const controller = new AbortController();
  const cancel = clock.schedule(timeoutMs, () =>
    controller.abort(new ConnectionError('deadline', `no answer within ${timeoutMs / 1_000} s`)),
  );
  const releases = signals.map((signal) => {
    if (signal === undefined) return undefined;
    const onAbort = () => controller.abort(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    return () => signal.removeEventListener('abort', onAbort);
  });
  return {
    signal: controller.signal,
    dispose() {
      cancel();
      for (const release of releases) release?.();
    },
  };
}
