import type { Clock } from '../../kernel/clock.ts';
import { ConnectionError } from './connection-error.ts';

/** Bounds how many requests run at once, how many wait, and how many start per second. */
export interface RequestGate {
  /** Resolves with the function that gives the place back; rejects where too many wait or the signal aborts. */
  enter(signal: AbortSignal): Promise<() => void>;
}

export function createRequestGate(options: {
  readonly clock: Clock;
  readonly concurrency: number;
  readonly queue: number;
  readonly qps: number;
}): RequestGate {
  const { clock, concurrency, queue, qps } = options;
  const waiting: (() => void)[] = [];
  let running = 0;
  let tokens = qps;
  let refilledAt = clock.now();
  let cancelRefill: (() => void) | undefined;

  function refill(): void {
    const now = clock.now();
    tokens = Math.min(qps, tokens + ((now - refilledAt) * qps) / 1_000);
    refilledAt = now;
  }

  /** Lets in whoever may run now; where only tokens are missing, comes back when the next one is due. */
  function admit(): void {
    refill();
    while (running < concurrency && tokens >= 1) {
      const next = waiting.shift();
      if (next === undefined) return;
      running += 1;
      tokens -= 1;
      next();
    }
    if (waiting.length > 0 && running < concurrency && cancelRefill === undefined) {
      cancelRefill = clock.schedule(Math.ceil(1_000 / qps), () => {
        cancelRefill = undefined;
        admit();
      });
    }
  }

  function leave(): void {
    running -= 1;
    admit();
  }

  return {
    enter(signal) {
      if (signal.aborted) return Promise.reject(signal.reason);
      if (waiting.length >= queue) {
        return Promise.reject(new ConnectionError('busy', `${queue} requests already wait for their turn`));
      }
      return new Promise((resolve, reject) => {
        const onAbort = () => {
          waiting.splice(waiting.indexOf(begin), 1);
          reject(signal.reason);
        };
        const begin = () => {
          signal.removeEventListener('abort', onAbort);
          let isLeft = false;
          resolve(() => {
            if (isLeft) return;
            isLeft = true;
            leave();
          });
        };
        signal.addEventListener('abort', onAbort, { once: true });
        waiting.push(begin);
        admit();
      });
    },
  };
}
