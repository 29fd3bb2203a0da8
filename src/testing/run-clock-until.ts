import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import type { ManualClock } from '../kernel/manual-clock.ts';

export interface RunClockOptions {
  /** How far the clock goes at once, in milliseconds; 250 unless said otherwise. */
  readonly stepMs?: number;
  /**
   * Rejects when the clock has gone so far, 15 minutes unless said otherwise, and the condition does not come to hold in ten
   * more seconds of real time either: what is under way then may only be slow.
   */
  readonly limitMs?: number;
  /**
   * Whether something is under way that takes real time, e.g. `() => proxy.pending > 0`: the clock then stands still for
   * up to a real second, so that a slow machine is not taken for a slow cluster.
   */
  readonly isBusy?: () => boolean;
}

/**
 * Moves a manual clock in steps until a condition holds. Between two steps sockets get the real time they need: what is
 * answered takes no time by the clock, and only what is not answered runs into its deadline.
 */
export async function runClockUntil(
  clock: ManualClock,
  condition: () => boolean,
  options: RunClockOptions = {},
): Promise<void> {
  const { stepMs = 250, limitMs = 900_000, isBusy = () => false } = options;
  for (let elapsedMs = 0; elapsedMs <= limitMs; elapsedMs += stepMs) {
    for (let turn = 0; turn < 4 || (isBusy() && turn < 1_000); turn += 1) {
      if (condition()) return;
      await (turn < 3 ? nextTurn() : wait(1));
    }
    clock.advance(stepMs);
  }
  for (let waitedMs = 0; waitedMs < 10_000; waitedMs += 10) {
    if (condition()) return;
    await wait(10);
  }
  throw new Error(`The condition did not hold within ${limitMs / 1_000} s of the clock.`);
}
