import type { Clock } from 'longshore/sdk';
import { compareReadTimes, type LogTime, readLogTime } from './log-time.ts';

interface Timed {
  /** RFC 3339. */
  readonly time: string;
}

export interface MergedSources<T> {
  /** One more source, whose own order stays as it is. */
  add(source: AsyncIterator<T, void, undefined>): void;
  /** No source comes any more: the merge ends with those that are there. */
  close(): void;
  /** The next of all; `done` where all have ended; undefined where nothing came within `timeoutMs`. */
  next(timeoutMs: number): Promise<IteratorResult<T, void> | undefined>;
  /** Ends all sources. */
  end(): void;
}

interface Source<T> {
  readonly iterator: AsyncIterator<T, void, undefined>;
  /** Asked for and not yet taken; at most one of each source is held. */
  head: { readonly value: T; readonly time: LogTime } | undefined;
  isAsked: boolean;
  askedAt: number;
  hasAnswered: boolean;
}

/** How long the others wait for a source: to be opened, and then each time it is asked. */
const openingMs = 2_000;
const settleMs = 250;

/**
 * Merges sources that are each in order into one order by time. A source that is silent holds the others up for a quarter of a
 * second once, and no more until it speaks again: what it says later comes later. Nothing is queued but one entry of each.
 */
export function mergeByTime<T extends Timed>(clock: Clock): MergedSources<T> {
  const sources = new Set<Source<T>>();
  let isClosed = false;
  let hasEnded = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;

  function ask(source: Source<T>): void {
    if (source.isAsked || source.head !== undefined) return;
    source.isAsked = true;
    source.askedAt = clock.now();
    source.iterator.next().then(
      (result) => {
        source.isAsked = false;
        source.hasAnswered = true;
        if (result.done) sources.delete(source);
        else source.head = { value: result.value, time: readLogTime(result.value.time) };
        wake?.();
      },
      (error: unknown) => {
        sources.delete(source);
        failure ??= { error };
        wake?.();
      },
    );
  }

  function earliest(): Source<T> | undefined {
    let found: Source<T> | undefined;
    for (const source of sources) {
      if (source.head === undefined) continue;
      if (!found?.head || compareReadTimes(source.head.time, found.head.time) < 0) found = source;
    }
    return found;
  }

  /** Until when the others wait for those that have been asked; 0 where nobody is waited for. */
  function heldUpUntil(): number {
    let until = 0;
    for (const source of sources) {
      if (source.head !== undefined) continue;
      until = Math.max(until, source.askedAt + (source.hasAnswered ? settleMs : openingMs));
    }
    return until;
  }

  function wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        wake = undefined;
        resolve();
      };
      const cancel = clock.schedule(ms, settle);
      wake = settle;
    });
  }

  return {
    add(iterator) {
      if (hasEnded) return void iterator.return?.().catch(() => undefined);
      const source = { iterator, head: undefined, isAsked: false, askedAt: 0, hasAnswered: false };
      sources.add(source);
      // At once: `next` may be past the place where it asks.
      ask(source);
      wake?.();
    },
    close() {
      isClosed = true;
      wake?.();
    },
    async next(timeoutMs) {
      const deadline = clock.now() + timeoutMs;
      for (;;) {
        for (const source of sources) ask(source);
        // What is there already is told within this very turn.
        await Promise.resolve();
        if (failure) throw failure.error;
        if (hasEnded || (isClosed && sources.size === 0)) return { done: true, value: undefined };
        const now = clock.now();
        const first = earliest();
        const until = heldUpUntil();
        if (first?.head !== undefined && until <= now) {
          const { value } = first.head;
          first.head = undefined;
          return { done: false, value };
        }
        if (first === undefined && now >= deadline) return undefined;
        await wait(Math.max(1, (first === undefined ? deadline : until) - now));
      }
    },
    end() {
      hasEnded = true;
      for (const { iterator } of sources) iterator.return?.().catch(() => undefined);
      sources.clear();
      wake?.();
    },
  };
}
