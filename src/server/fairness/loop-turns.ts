/** How long requests may hold the loop before what has arrived meanwhile is read, in ms. */
const turnMs = 5;
/** Those that wait and are let in at one time: as many as take about a turn. */
const mostAtOnce = 16;

/** Whether requests have held the event loop for long enough: others must be read before it is decided who is next. */
export interface LoopTurns {
  isBusy(): boolean;
  /** Calls back in the next turn of the loop, with how many requests may be executed in it. */
  whenFree(look: (room: number) => void): void;
}

/**
 * Requests are read one after the other, and each would be executed before the next is so much as read. Where that has gone on for a while
 * the others line up, so that it can be chosen among them.
 */
export function createLoopTurns(now: () => number = () => performance.now()): LoopTurns {
  let startedAt: number | undefined;
  let room = 1;
  const end = () => {
    startedAt = undefined;
  };

  /** How long what was let in has taken is known in the turn behind it. */
  function adapt(calledAt: number): void {
    const tookMs = now() - calledAt;
    room = tookMs > turnMs ? Math.max(1, Math.floor(room / 2)) : Math.min(mostAtOnce, room + 1);
  }

  return {
    isBusy() {
      if (startedAt !== undefined) return now() - startedAt > turnMs;
      startedAt = now();
      setImmediate(end);
      return false;
    },
    whenFree(look) {
      setImmediate(() => {
        const calledAt = now();
        look(room);
        setImmediate(adapt, calledAt);
      });
    },
  };
}
