import type { ManualClock } from 'longshore/testing';

/**
 * Lets a manual clock run, so that a gateway and its embedded cluster live on it, while a test may still leap ahead with
 * `advance`. Returns the function that stops it.
 */
export function runClock(clock: ManualClock): () => void {
  const stepMs = 10;
  const timer = setInterval(() => clock.advance(stepMs), stepMs);
  return () => clearInterval(timer);
}
