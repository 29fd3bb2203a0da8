import type { ClusterClock } from '../store/types.ts';

/** Lets many queues work one after the other, and the event loop in between, however much each of them has to do. */
export interface TurnTaker {
  /** The turn is taken after those that were asked for before. */
  request(turn: () => void): void;
}

/** After so long the event loop has its turn: together the controllers must not hold up requests. */
const burstMs = 10;

export function createTurnTaker(clock: ClusterClock): TurnTaker {
  const waiting: (() => void)[] = [];
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    clock.schedule(0, takeTurns);
  }

  function takeTurns(): void {
    isScheduled = false;
    const startedAt = clock.now();
    for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) {
      turn();
      if (clock.now() - startedAt >= burstMs) break;
    }
    if (waiting.length > 0) schedule();
  }

  return {
    request(turn) {
      waiting.push(turn);
      schedule();
    },
  };
}
