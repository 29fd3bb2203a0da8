export interface Turns {
  /** CPU time of the event loop's thread. */
  readonly cpuMs: number;
  /** The most of it in one turn of the loop. */
  readonly longestTurnMs: number;
}

/** A turn that takes less has only looked for work. */
const idleTurnMs = 0.1;

/**
 * Follows the event loop while something works: one look each turn. CPU time and not the clock's, since what else runs on
 * the machine is not ours.
 */
export async function meterTurns(work: () => Promise<unknown>): Promise<Turns> {
  collectGarbage();
  await pause();
  let cpuMs = 0;
  let longestTurnMs = 0;
  let isOver = false;
  let last = threadCpuMs();
  const look = (): void => {
    const now = threadCpuMs();
    if (now - last > idleTurnMs) cpuMs += now - last;
    longestTurnMs = Math.max(longestTurnMs, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  look();
  await work();
  await pause();
  isOver = true;
  return { cpuMs, longestTurnMs };
}

/** Bytes on the heap after all garbage is gone; needs `--expose-gc`. */
export function heapBytes(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function collectGarbage(): void {
  const { gc } = globalThis as { gc?: () => void };
  // A second time for what finalizers and weak references let go in the first.
  gc?.();
  gc?.();
}

function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
