/** Lets many streams write one after the other, and the event loop in between, however many there are. */
export interface WriteTurns {
  /** The write is made after those that were asked for before. */
  request(write: () => void): void;
}

/** So many writes are made in one turn of the event loop; each carries a batch of lines. */
export const writesPerTurn = 16;

/** `later` calls back in another turn of the event loop. */
export function createWriteTurns(later: (callback: () => void) => unknown): WriteTurns {
  let waiting: (() => void)[] = [];
  let isScheduled = false;

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    later(takeTurn);
  }

  function takeTurn(): void {
    isScheduled = false;
    const due = waiting.slice(0, writesPerTurn);
    waiting = waiting.slice(writesPerTurn);
    if (waiting.length > 0) schedule();
    for (const write of due) write();
  }

  return {
    request(write) {
      waiting.push(write);
      schedule();
    },
  };
}
