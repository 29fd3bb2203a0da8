import { type Clock, sleep } from '../../kernel/clock.ts';

/** Resolves once nothing is under way any more, when time is up, or when the signal aborts. */
export async function untilIdle(
  isIdle: () => boolean,
  deadlineMs: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<void> {
  const endsAt = clock.now() + deadlineMs;
  while (!isIdle() && clock.now() < endsAt && !signal?.aborted) await sleep(clock, 50, signal);
}
