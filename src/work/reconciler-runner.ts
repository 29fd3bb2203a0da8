import { randomUUID } from 'node:crypto';
import { type Clock, sleep } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import { noTracing, type Tracing } from '../kernel/tracing.ts';
import { type Job, jobKey, nextRun, toReconciler } from './job.ts';
import type { Reconciler } from './reconciler.ts';
import { workOnKey } from './work-on-key.ts';
import type { ClaimedKey, WorkQueue } from './work-queue.ts';

export interface ReconcilerRunnerOptions {
  readonly queue: WorkQueue;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
  readonly reconcilers: readonly Reconciler[];
  readonly jobs: readonly Job[];
  /** Each look at a key is a trace of its own; default none. */
  readonly tracing?: Tracing;
  /** Keys worked on at a time by this replica; default 8. */
  readonly workers?: number;
  /** How long a key of a replica that died waits for another, in ms; default 30,000. */
  readonly leaseMs?: number;
  /** How often it looks although nobody woke it, in ms; default 5,000. */
  readonly pollMs?: number;
  /** Services of plugins, for the reconcilers; default none. */
  readonly service?: <T>(ref: ServiceRef<T>) => T | undefined;
  /** 0 to 1; default `Math.random`. */
  readonly random?: () => number;
}

export interface ReconcilerRunner {
  /** Puts the jobs' next times into the queue and begins. Where the database is away it begins as soon as that is back. */
  start(): void;
  /** Takes no more keys; resolves when those under way are done, at the latest after `withinMs`. */
  drain(withinMs: number): Promise<void>;
  /** Aborts what is under way and gives its keys back; resolves within 2 s. */
  stop(): Promise<void>;
}

const stopWithinMs = 2_000;
const lockedMs = 50;

/** Works the keys of all reconcilers and jobs, together with every other replica on the same database. Throws on a name used twice. */
export function createReconcilerRunner(options: ReconcilerRunnerOptions): ReconcilerRunner {
  const { queue, clock, logger, workers = 8, leaseMs = 30_000, pollMs = 5_000 } = options;
  const reconcilers = byName([...options.reconcilers, ...options.jobs.map(toReconciler)]);
  const names = [...reconcilers.keys()];
  const holder = randomUUID();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let isTaking = false;
  let isLooking = false;
  /** The look that is under way, or the last one: who closes the database waits for it. */
  let looking: Promise<void> = Promise.resolve();
  let isWoken = false;
  let hasScheduledJobs = options.jobs.length === 0;
  let cancelLook = () => {};
  let stopListening = () => {};

  /** One look at a time; a wake-up that comes during a look causes another. */
  function look(): void {
    isWoken = true;
    if (isLooking) return;
    isLooking = true;
    cancelLook();
    looking = lookUntilQuiet()
      .catch((error: unknown) => {
        // Who stops closes the database behind it.
        if (isTaking) logger.warn({ err: error }, 'the work queue cannot be read');
        isWoken = false;
        return pollMs;
      })
      .then((waitMs) => {
        isLooking = false;
        if (!isTaking) return;
        if (isWoken && running.size < workers) look();
        else cancelLook = clock.schedule(waitMs, look);
      })
      .catch((error: unknown) => logger.error({ err: error }, 'the work queue is not looked at any more'));
  }

  /** Takes keys while there are any and workers are free; answers how long to wait for the next look. */
  async function lookUntilQuiet(): Promise<number> {
    if (!hasScheduledJobs) await scheduleJobs();
    while (isTaking && running.size < workers) {
      isWoken = false;
      const claimed = await queue.claim({ reconcilers: names, holder, limit: workers - running.size, leaseMs });
      for (const one of claimed) begin(one);
      if (claimed.length > 0 || isWoken) continue;
      const due = await queue.nextDue(names);
      if (isWoken) continue;
      if (due === undefined) return pollMs;
      // Due already and yet not to be had: another session has the row locked at this moment.
      return due <= clock.now() ? Math.min(pollMs, lockedMs) : Math.min(pollMs, due - clock.now());
    }
    // A worker that gets free looks again.
    return pollMs;
  }

  function begin(claimed: ClaimedKey): void {
    const reconciler = reconcilers.get(claimed.fence.reconciler);
    if (!reconciler) throw new Error(`a key of the unknown reconciler '${claimed.fence.reconciler}' was taken`);
    const { failpoints, random = Math.random, service = () => undefined } = options;
    const stopSignal = stopping.signal;
    const work = workOnKey(reconciler, claimed, {
      queue,
      clock,
      logger,
      failpoints,
      tracing: options.tracing ?? noTracing,
      leaseMs,
      stopSignal,
      random,
      service,
    }).finally(() => {
      running.delete(work);
      if (isTaking) look();
    });
    running.add(work);
  }

  async function scheduleJobs(): Promise<void> {
    for (const job of options.jobs) {
      await queue.enqueue(toReconciler(job).name, jobKey, { dueAtMs: nextRun(job, clock.now()) });
    }
    hasScheduledJobs = true;
  }

  function takeNoMore(): void {
    isTaking = false;
    cancelLook();
    stopListening();
  }

  async function untilIdle(withinMs: number): Promise<void> {
    const idle = new AbortController();
    // A look that is under way may still begin something.
    const all = looking.then(() => Promise.all(running)).finally(() => idle.abort());
    await Promise.race([all, sleep(clock, withinMs, idle.signal)]);
  }

  return {
    start() {
      if (names.length === 0) return;
      isTaking = true;
      stopListening = queue.onWake(names, look);
      look();
    },
    async drain(withinMs) {
      takeNoMore();
      await untilIdle(withinMs);
    },
    async stop() {
      takeNoMore();
      stopping.abort();
      await untilIdle(stopWithinMs);
    },
  };
}

function byName(reconcilers: readonly Reconciler[]): Map<string, Reconciler> {
  const found = new Map<string, Reconciler>();
  for (const reconciler of reconcilers) {
    if (found.has(reconciler.name)) throw new Error(`two reconcilers are named '${reconciler.name}'`);
    found.set(reconciler.name, reconciler);
  }
  return found;
}
