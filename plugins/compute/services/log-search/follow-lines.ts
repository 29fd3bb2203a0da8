import { AnswerError, type Clock, type StreamMessage, sleep } from 'longshore/sdk';
import { encodeLineCursor } from './line-cursor.ts';
import { type LogQueryFilter, logQuery, type QueriedNamespaces } from './log-query.ts';
import { type LinePosition, type LogBackend, type SearchedPart, type StoredLine, searchLines } from './search-logs.ts';

export interface FollowLinesOptions {
  readonly backend: LogBackend;
  readonly filter: LogQueryFilter;
  /** Which logs since a moment in UTC ms, as the caller may read them now; asked before each look. Throws where they may not be read any more. */
  readonly partsSince: (sinceMs: number) => Promise<readonly SearchedPart[]>;
  /** Behind which line to go on. */
  readonly after: LinePosition | undefined;
  /** Where it begins without that, in UTC ms. */
  readonly sinceMs: number;
  /** Further back than this nobody looks, in ms. */
  readonly spanMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const heartbeatMs = 30_000;
/** Lines come out of order; so long the others of their moment are waited for. */
const settleMs = 1_000;
/** So far behind the newest a line may come in a quiet log. */
const lateMs = 300_000;
const retryMs = 5_000;
/** So often in turn the backend may fail before the stream does. */
const mostFailures = 3;
const pageLines = 500;

/**
 * Collected lines as they come. Loki's tail only tells that there are some: they are read by the query that `logSearch` makes, from
 * behind the last one on, so that what a tail drops, or misses while it is away, is not lost, and a cursor is that of a page. What a
 * collector brings later than a second behind others is not in the stream. Nothing is queued: a slow reader is read on for later.
 */
export async function* followLines(
  options: FollowLinesOptions,
): AsyncGenerator<StreamMessage<StoredLine>, void, undefined> {
  const { backend, filter, clock, signal, spanMs } = options;
  const stop = new AbortController();
  const over = AbortSignal.any([signal, stop.signal]);
  const news = createNews(clock, over);
  let tailed: { readonly query: string; readonly end: AbortController } | undefined;
  let position = options.after ?? positionAt(options.sinceMs);
  let failures = 0;
  let isFirst = true;
  let spokenAt = clock.now();
  try {
    while (!over.aborted) {
      const now = clock.now();
      if (msOf(position) < now - spanMs) {
        position = positionAt(now - spanMs);
        yield message('RESYNC', undefined);
      }
      try {
        const parts = await options.partsSince(msOf(position));
        retail(parts);
        for (let hasMore = true; hasMore && !over.aborted; ) {
          const untilMs = clock.now() - settleMs;
          const search = { parts, filter, sinceMs: msOf(position), untilMs };
          const page = { first: pageLines, after: position, isOldestFirst: true, signal: over };
          const found = await searchLines(backend, search, page);
          hasMore = found.hasMore;
          for (const line of found.lines) {
            position = { ns: line.ns, ordinal: line.ordinal };
            yield message('ADDED', line);
            if (over.aborted) return;
          }
        }
        failures = 0;
        // While nothing comes the look does not grow longer and longer.
        const quietMs = clock.now() - settleMs - lateMs;
        if (msOf(position) < quietMs) position = positionAt(quietMs);
      } catch (error) {
        if (over.aborted) return;
        failures += 1;
        const mayPass = error instanceof AnswerError && error.code === 'UPSTREAM';
        if (!mayPass || isFirst || failures >= mostFailures) throw error;
        news.expectIn(retryMs);
      }
      isFirst = false;
      await news.until(spokenAt + heartbeatMs);
      if (over.aborted) return;
      if (clock.now() >= spokenAt + heartbeatMs) yield message('HEARTBEAT', undefined);
    }
  } finally {
    stop.abort();
  }

  function message(type: 'ADDED' | 'RESYNC' | 'HEARTBEAT', item: StoredLine | undefined): StreamMessage<StoredLine> {
    spokenAt = clock.now();
    return { type, item, cursor: encodeLineCursor(position), reason: type === 'RESYNC' ? 'CURSOR_EXPIRED' : undefined };
  }

  /** Listens for what is read now. */
  function retail(parts: readonly SearchedPart[]): void {
    const namespaces = allOf(parts);
    const query = namespaces.length === 0 ? '' : logQuery(namespaces, filter, backend.labels);
    if (tailed?.query === query) return;
    tailed?.end.abort();
    tailed = { query, end: new AbortController() };
    if (query !== '') void tail(query, AbortSignal.any([over, tailed.end.signal]));
  }

  /** Whenever it begins and ends there may be news: between two of them nobody listens. Never rejects. */
  async function tail(query: string, until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      const onOpen = () => news.expectIn(settleMs);
      // By the clock of whoever wrote them, which may be ahead.
      const onLines = (newestMs: number) => {
        const inMs = newestMs + settleMs + 1 - clock.now();
        news.expectIn(Math.min(Math.max(inMs, settleMs), heartbeatMs));
      };
      await backend.client.tail(query, { signal: until, onOpen, onLines }).catch(() => undefined);
      if (until.aborted) return;
      news.expectIn(retryMs);
      await sleep(clock, retryMs, until);
    }
  }
}

/** When to look again: when the first of what is expected is due, and then when the last is. */
function createNews(clock: Clock, signal: AbortSignal) {
  let firstAt = Number.POSITIVE_INFINITY;
  let lastAt = 0;
  let wake = (): void => {};
  return {
    expectIn(ms: number): void {
      const at = clock.now() + ms;
      firstAt = Math.min(firstAt, at);
      lastAt = Math.max(lastAt, at);
      wake();
    },
    /** Resolves when something is due, at the latest at this time, or when the signal aborts. */
    async until(latest: number): Promise<void> {
      while (!signal.aborted && clock.now() < Math.min(firstAt, latest)) {
        await new Promise<void>((resolve) => {
          const settle = (): void => {
            cancel();
            signal.removeEventListener('abort', settle);
            wake = () => {};
            resolve();
          };
          const cancel = clock.schedule(Math.min(firstAt, latest) - clock.now(), settle);
          signal.addEventListener('abort', settle, { once: true });
          wake = settle;
        });
      }
      if (clock.now() >= firstAt) firstAt = lastAt > clock.now() ? lastAt : Number.POSITIVE_INFINITY;
    },
  };
}

function allOf(parts: readonly SearchedPart[]): QueriedNamespaces {
  const [whole] = parts.filter(({ namespaces }) => typeof namespaces === 'string');
  return whole
    ? whole.namespaces
    : parts.flatMap(({ namespaces }) => (typeof namespaces === 'string' ? [] : namespaces)).sort();
}

const msOf = ({ ns }: LinePosition): number => Number(BigInt(ns) / 1_000_000n);

/** Before all lines of a moment. */
const positionAt = (ms: number): LinePosition => ({
  ns: String(BigInt(ms) * 1_000_000n).padStart(19, '0'),
  ordinal: 0,
});
