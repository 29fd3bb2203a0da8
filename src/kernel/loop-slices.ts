/** Shares the event loop between works that are longer than one turn of it may be: each goes on in slices. */
export interface LoopSlices {
  /** Whether the works of this turn have used up its time. Cheap enough to be asked after each small step. */
  isSpent(): boolean;
  /** Resolves in a later turn: one waiting work after the other, so that each gets a whole slice. */
  next(): Promise<void>;
}

/** By the real time and not by the injected clock: how long this thread is held does not depend on what time it is. */
export function createLoopSlices(sliceMs: number): LoopSlices {
  const waiting: (() => void)[] = [];
  let endsAt: number | undefined;
  let isScheduled = false;

  function begin(): number {
    const end = performance.now() + sliceMs;
    endsAt = end;
    if (!isScheduled) setImmediate(turn);
    isScheduled = true;
    return end;
  }

  function turn(): void {
    isScheduled = false;
    endsAt = undefined;
    const goOn = waiting.shift();
    if (goOn === undefined) return;
    begin();
    goOn();
  }

  return {
    isSpent: () => (endsAt ?? begin()) <= performance.now(),
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (endsAt === undefined) begin();
      }),
  };
}

/** What all who work in this process share: together they hold its loop for about 5 ms a turn. */
export const loopSlices: LoopSlices = createLoopSlices(5);
