import { type Clock, sleep } from '../kernel/clock.ts';

/** Resolves once nothing is under way any more, or when time is up. */
export async function untilIdle(isIdle: () => boolean, deadlineMs: number, clock: Clock): Promise<void> {
  const endsAt = clock.now() + deadlineMs;
  while (!isIdle() && clock.now() < endsAt) await sleep(clock, 50);
}
