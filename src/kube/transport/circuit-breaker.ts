import type { Clock } from '../../kernel/clock.ts';
import { ConnectionError } from './connection-error.ts';

/**
 * Keeps callers away from what does not answer: three failures in a row open it, and while it is open only a probe
 * passes, at most one each 30 s.
 */
export interface CircuitBreaker {
  readonly isOpen: boolean;
  /** The failure that opened it, in one sentence; undefined while it is closed. */
  readonly problem: string | undefined;
  /** UTC milliseconds when a probe may pass; undefined while it is closed. */
  readonly nextProbeAt: number | undefined;
  /** Throws a `ConnectionError` at once where it is open and this is not a probe whose time has come. */
  enter(options?: { readonly isProbe?: boolean | undefined }): void;
  succeeded(): void;
  failed(error: Error): void;
  /** Opens it without waiting for three failures, e.g. because the cluster never answered. */
  trip(error: Error): void;
  /** Called after it opened or closed. */
  onChange(listener: (isOpen: boolean) => void): () => void;
}

export function createCircuitBreaker(options: {
  readonly clock: Clock;
  /** Whether any request may be the probe (its caller then waits for the deadline), or only those marked so. */
  readonly probedBy: 'anyone' | 'monitor';
  readonly failuresToOpen?: number;
  readonly probeEveryMs?: number;
}): CircuitBreaker {
  const { clock, failuresToOpen = 3, probeEveryMs = 30_000 } = options;
  const listeners = new Set<(isOpen: boolean) => void>();
  let failures = 0;
  let openedBy: Error | undefined;
  let nextProbeAt = 0;

  function change(error: Error | undefined): void {
    const wasOpen = openedBy !== undefined;
    openedBy = error;
    if (wasOpen !== (error !== undefined)) for (const listener of listeners) listener(error !== undefined);
  }

  return {
    get isOpen() {
      return openedBy !== undefined;
    },
    get problem() {
      return openedBy?.message;
    },
    get nextProbeAt() {
      return openedBy === undefined ? undefined : nextProbeAt;
    },
    enter({ isProbe = options.probedBy === 'anyone' } = {}) {
      if (openedBy === undefined) return;
      if (isProbe && clock.now() >= nextProbeAt) {
        nextProbeAt = clock.now() + probeEveryMs;
        return;
      }
      throw new ConnectionError('breaker', openedBy.message, { cause: openedBy });
    },
    succeeded() {
      failures = 0;
      change(undefined);
    },
    failed(error) {
      failures += 1;
      if (openedBy === undefined && failures >= failuresToOpen) nextProbeAt = clock.now() + probeEveryMs;
      if (failures >= failuresToOpen || openedBy !== undefined) change(error);
    },
    trip(error) {
      failures = Math.max(failures, failuresToOpen);
      if (openedBy === undefined) nextProbeAt = clock.now() + probeEveryMs;
      change(error);
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
