/** Work of many that is done in turns, so that no turn holds the loop for long. */
export interface Turns {
  /** Does this soon. */
  request(work: Work): void;
}

export interface Work {
  /** Does a small part, and answers whether more is left. */
  run(): boolean;
}

/** A turn ends after so many milliseconds; what is left waits for the next one, behind what waited before. */
export function createTurns(turnMs: number): Turns {
  const waiting = new Set<Work>();
  let isScheduled = false;

  function turn(): void {
    isScheduled = false;
    // How long the loop is held is a matter of this machine, not of the clock that tests move.
    const endsAt = performance.now() + turnMs;
    for (const work of waiting) {
      waiting.delete(work);
      if (work.run()) waiting.add(work);
      if (performance.now() >= endsAt) break;
    }
    if (waiting.size > 0) schedule();
  }

  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(turn);
  }

  return {
    request(work) {
      waiting.add(work);
      schedule();
    },
  };
}
