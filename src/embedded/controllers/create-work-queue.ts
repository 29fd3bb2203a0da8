import type { ClusterClock } from '../store/types.ts';

export interface WorkQueue {
  /** Asks for the key to be worked on in `delayMs`; of several wishes for one key the earliest counts. */
  add(key: string, delayMs?: number): void;
  stop(): void;
}

export interface WorkQueueOptions {
  readonly clock: ClusterClock;
  /** Works on one key. A returned number asks to be called again after so many milliseconds. */
  readonly work: (key: string) => number | undefined;
  /** Called for every throw; the key is tried again later. */
  readonly onFailure: (key: string, cause: unknown, failures: number) => void;
}

const firstRetryMs = 50;
const longestRetryMs = 30_000;
/** After so many keys, or so long, the queue yields to the event loop, so that a burst does not hold up requests. */
const keysPerTurn = 32;
const turnMs = 10;

/**
 * A keyed, deduplicating queue: a key waits at most once, is never worked on twice at a time (work is synchronous),
 * and a key that throws is retried with exponential delay without holding up the others.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const dueAt = new Map<string, number>();
  const failures = new Map<string, number>();
  let stopped = false;
  let armedFor = Number.POSITIVE_INFINITY;
  let disarm: () => void = () => undefined;

  function arm(at: number): void {
    if (stopped || at >= armedFor) return;
    disarm();
    armedFor = at;
    disarm = options.clock.schedule(Math.max(0, at - options.clock.now()), takeTurn);
  }

  function takeTurn(): void {
    armedFor = Number.POSITIVE_INFINITY;
    if (stopped) return;
    const now = options.clock.now();
    const ready: string[] = [];
    for (const [key, at] of dueAt) {
      if (at <= now) ready.push(key);
      if (ready.length === keysPerTurn) break;
    }
    for (const key of ready) {
      // What is left stays due and has the next turn.
      if (stopped || options.clock.now() - now > turnMs) break;
      dueAt.delete(key);
      workOn(key);
    }
    if (stopped) return;
    let earliest = Number.POSITIVE_INFINITY;
    for (const at of dueAt.values()) earliest = Math.min(earliest, at);
    if (earliest !== Number.POSITIVE_INFINITY) arm(earliest);
  }

  function workOn(key: string): void {
    try {
      const againMs = options.work(key);
      failures.delete(key);
      if (againMs !== undefined) add(key, againMs);
    } catch (cause) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      options.onFailure(key, cause, count);
      add(key, Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(count - 1, 20)));
    }
  }

  function add(key: string, delayMs = 0): void {
    if (stopped) return;
    const at = options.clock.now() + delayMs;
    const known = dueAt.get(key);
    if (known !== undefined && known <= at) return;
    dueAt.set(key, at);
    arm(at);
  }

  return {
    add,
    stop() {
      stopped = true;
      disarm();
      dueAt.clear();
      failures.clear();
    },
  };
}
