import type { ClusterClock } from '../store/types.ts';
import { createDueHeap } from './create-due-heap.ts';
import { createTurnTaker, type TurnTaker } from './create-turn-taker.ts';

export interface WorkQueue {
  /** Asks for the key to be worked on in `delayMs`; of several wishes for one key the earliest counts. */
  add(key: string, delayMs?: number): void;
  stop(): void;
}

export interface WorkQueueOptions {
  readonly clock: ClusterClock;
  /** Shared by queues that must not hold up the event loop together; unset, the queue has its own. */
  readonly turns?: TurnTaker;
  /** Works on one key. A returned number asks to be called again after so many milliseconds. */
  readonly work: (key: string) => number | undefined;
  /** Called for every throw; the key is tried again later. */
  readonly onFailure: (key: string, cause: unknown, failures: number) => void;
}

const firstRetryMs = 50;
const longestRetryMs = 30_000;
/** After so many keys, or so long, the queue yields to the event loop, so that a burst does not hold up requests. */
const keysPerTurn = 32;
const turnMs = 5;
/**
 * A key whose work took long rests so many times as long before changes wake it again, so that a busy object takes a
 * small share of the loop; what its own work asks for is not put off.
 */
const restFactor = 9;
const longWorkMs = 4;
const longestRestMs = 1_000;

/**
 * A keyed, deduplicating queue: a key waits at most once, is never worked on twice at a time (work is synchronous),
 * and a key that throws is retried with exponential delay without holding up the others.
 */
export function createWorkQueue(options: WorkQueueOptions): WorkQueue {
  const { clock, turns = createTurnTaker(options.clock) } = options;
  /** When each waiting key is due; the heap may hold older wishes too, which are skipped. */
  const dueAt = new Map<string, number>();
  const heap = createDueHeap();
  const failures = new Map<string, number>();
  const restsUntil = new Map<string, number>();
  let stopped = false;
  let armedFor = Number.POSITIVE_INFINITY;
  let disarm: () => void = () => undefined;

  function arm(at: number): void {
    if (stopped || at >= armedFor) return;
    disarm();
    armedFor = at;
    const delayMs = at - clock.now();
    if (delayMs > 0) disarm = clock.schedule(delayMs, () => turns.request(takeTurn));
    else {
      disarm = () => undefined;
      turns.request(takeTurn);
    }
  }

  /** The next key that waits, if it is due by then. */
  function peek(): { readonly key: string; readonly at: number } | undefined {
    for (let first = heap.peek(); first !== undefined; first = heap.peek()) {
      if (dueAt.get(first.key) === first.at) return first;
      heap.pop();
    }
    return undefined;
  }

  function takeTurn(): void {
    armedFor = Number.POSITIVE_INFINITY;
    if (stopped) return;
    const now = clock.now();
    const ready: string[] = [];
    for (let first = peek(); first !== undefined && first.at <= now && ready.length < keysPerTurn; first = peek()) {
      heap.pop();
      dueAt.delete(first.key);
      ready.push(first.key);
    }
    while (ready.length > 0) {
      // What is left stays due and has the next turn.
      if (stopped || clock.now() - now > turnMs) break;
      const key = ready.shift();
      if (key !== undefined && dueAt.get(key) === undefined) workOn(key);
    }
    if (stopped) return;
    for (const key of ready) put(key, now);
    const next = peek();
    if (next !== undefined) arm(next.at);
  }

  function workOn(key: string): void {
    const startedAt = clock.now();
    restsUntil.delete(key);
    try {
      const againMs = options.work(key);
      failures.delete(key);
      rest(key, startedAt);
      if (againMs !== undefined) put(key, clock.now() + againMs);
    } catch (cause) {
      const count = (failures.get(key) ?? 0) + 1;
      failures.set(key, count);
      options.onFailure(key, cause, count);
      add(key, Math.min(longestRetryMs, firstRetryMs * 2 ** Math.min(count - 1, 20)));
    }
  }

  function rest(key: string, startedAt: number): void {
    const tookMs = clock.now() - startedAt;
    if (tookMs < longWorkMs) return;
    const restsUntilMs = clock.now() + Math.min(longestRestMs, tookMs * restFactor);
    restsUntil.set(key, restsUntilMs);
    // What the work has changed may have woken its own key.
    const known = dueAt.get(key);
    if (known === undefined) return;
    dueAt.delete(key);
    put(key, Math.max(known, restsUntilMs));
  }

  function put(key: string, at: number): void {
    const known = dueAt.get(key);
    if (known !== undefined && known <= at) return;
    dueAt.set(key, at);
    heap.push(key, at);
    arm(at);
  }

  function add(key: string, delayMs = 0): void {
    if (stopped) return;
    const rests = restsUntil.get(key) ?? 0;
    if (rests <= clock.now()) restsUntil.delete(key);
    put(key, Math.max(clock.now() + delayMs, rests));
  }

  return {
    add,
    stop() {
      stopped = true;
      disarm();
      dueAt.clear();
      failures.clear();
      restsUntil.clear();
    },
  };
}
