import { MessageChannel } from 'node:worker_threads';
import type { Clock } from './clock.ts';

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The error to reject with when time is up. */
  readonly onTimeout: () => Error;
  /** Receives what the call rejects with after its time was up. */
  readonly onLateError?: (error: unknown) => void;
}

/**
 * Calls and waits at most `deadlineMs` by the clock. The call itself cannot be stopped; what it does later is ignored, but
 * never an unhandled rejection. The process stays alive while it waits.
 */
export async function callWithDeadline<T>(call: () => T | Promise<T>, options: DeadlineOptions): Promise<T> {
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  let isLate = false;
  const cancel = options.clock.schedule(options.deadlineMs, () => {
    isLate = true;
    reject(options.onTimeout());
  });
  const release = holdProcess();
  const result = (async () => call())();
  result.catch((error: unknown) => {
    if (isLate) options.onLateError?.(error);
  });
  try {
    return await Promise.race([result, timeout]);
  } finally {
    cancel();
    release();
  }
}

/** Timers of the clock let the process end; a call that waits for nothing at all would then end it silently. */
function holdProcess(): () => void {
  const { port1, port2 } = new MessageChannel();
  port1.ref();
  return () => {
    port1.close();
    port2.close();
  };
}
