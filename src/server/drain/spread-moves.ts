import { type Clock, sleep } from '../../kernel/clock.ts';
import type { StreamDoor } from './stream-door.ts';

/** How often some are moved, in ms. */
export const moveEveryMs = 100;

/**
 * How many of `all` are to be moved once `step` of `steps` is done (the first is 0): evenly, the first at once, the last with the last
 * step. Between two steps lie at most `all / steps`, rounded up.
 */
export function movedBy(step: number, steps: number, all: number): number {
  return Math.min(all, Math.ceil((all * (step + 1)) / steps));
}

/**
 * Asks every stream to move, evenly over the time there is, so that the other replicas do not get all of them in one second. Resolves when
 * none is left, at the latest after `windowMs`; all that are left move at once when `hurry` aborts.
 */
export async function spreadMoves(options: {
  readonly doors: readonly Pick<StreamDoor, 'unmoved'>[];
  readonly windowMs: number;
  readonly clock: Clock;
  readonly hurry?: AbortSignal | undefined;
}): Promise<void> {
  const { doors, windowMs, clock, hurry } = options;
  const unmoved = () => doors.flatMap((door) => door.unmoved());
  const steps = Math.max(1, Math.ceil(windowMs / moveEveryMs));
  const all = unmoved().length;
  const startedAt = clock.now();
  let moved = 0;
  for (;;) {
    const left = unmoved();
    if (left.length === 0) return;
    // By the clock, not by counting: a loop that was held up makes up for it.
    const step = Math.floor((clock.now() - startedAt) / moveEveryMs);
    const isLast = step >= steps - 1 || hurry?.aborted === true;
    const due = isLast ? left.length : movedBy(step, steps, all) - moved;
    for (const move of left.slice(0, Math.max(0, due))) {
      move();
      moved += 1;
    }
    if (isLast) return;
    await sleep(clock, startedAt + (step + 1) * moveEveryMs - clock.now(), hurry);
  }
}
