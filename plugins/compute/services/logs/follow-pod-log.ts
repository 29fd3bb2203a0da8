import type { Clock, PodLogLine, StreamMessage } from 'longshore/sdk';
import { advance, type LogPosition, logBeginning, skipSeen } from './log-position.ts';
import { compareLogTimes } from './log-time.ts';
import { encodeLogCursor, type LogSource } from './pod-log-cursor.ts';

export interface FollowPodLogOptions {
  readonly source: LogSource;
  /** Opens the log; called once, with a signal that aborts when the stream is over. */
  readonly open: (signal: AbortSignal) => AsyncIterable<PodLogLine>;
  /** Go on behind this line. */
  readonly after: LogPosition | undefined;
  /** RFC 3339: nothing before it; the cluster itself cuts to whole seconds only. */
  readonly since: string | undefined;
  /** Throws where the caller may no longer read it; asked before every message. */
  readonly assertAllowed: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const heartbeatMs = 30_000;

/**
 * Lines of one container as the messages of a stream. Nothing is queued: a reader that is slow stops the reading at the
 * cluster, so no line is lost and memory stays bounded. Ends when the container's log does. `return` frees the
 * connection at once, also while the container is silent.
 */
export function followPodLog(options: FollowPodLogOptions): AsyncIterableIterator<StreamMessage<PodLogLine>> {
  const { source, clock, signal } = options;
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });

  let position = options.after ?? logBeginning;
  const isNew = isWanted(options.after, options.since);
  let lines: AsyncIterator<PodLogLine> | undefined;
  /** At most one line is asked for and not yet taken; a heartbeat in between must not lose it. */
  let isAsked = false;
  let arrived: Arrival | undefined;
  let wake: (() => void) | undefined;
  let isOver = false;
  /** Calls of `next` wait for each other, whatever the consumer does. */
  let turn: Promise<unknown> = Promise.resolve();

  function ask(): void {
    if (isAsked) return;
    isAsked = true;
    lines ??= options.open(stop.signal)[Symbol.asyncIterator]();
    const arrive = (arrival: Arrival): void => {
      arrived = arrival;
      wake?.();
    };
    lines.next().then(
      (result) => arrive({ result }),
      (error: unknown) => arrive({ error }),
    );
  }

  /** Resolves when a line has come, when it was silent for long, or when the stream is over. */
  function wait(): Promise<void> {
    if (arrived || stop.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const settle = (): void => {
        cancel();
        stop.signal.removeEventListener('abort', settle);
        wake = undefined;
        resolve();
      };
      const cancel = clock.schedule(heartbeatMs, settle);
      stop.signal.addEventListener('abort', settle, { once: true });
      wake = settle;
    });
  }

  function take(): IteratorResult<PodLogLine> | undefined {
    const taken = arrived;
    if (!taken) return undefined;
    isAsked = false;
    arrived = undefined;
    if ('error' in taken) throw taken.error;
    return taken.result;
  }

  function finish(): IteratorResult<StreamMessage<PodLogLine>> {
    if (!isOver) {
      isOver = true;
      signal.removeEventListener('abort', abort);
      stop.abort();
      // A log that waits to be read on hears of the end only this way; what it says to that interests nobody.
      lines?.return?.().catch(() => undefined);
    }
    return { done: true, value: undefined };
  }

  function message(
    type: 'ADDED' | 'HEARTBEAT',
    item: PodLogLine | undefined,
  ): IteratorResult<StreamMessage<PodLogLine>> {
    return { done: false, value: { type, cursor: encodeLogCursor(source, position), item, reason: undefined } };
  }

  async function step(): Promise<IteratorResult<StreamMessage<PodLogLine>>> {
    while (!stop.signal.aborted) {
      ask();
      await wait();
      if (stop.signal.aborted) break;
      options.assertAllowed();
      const result = take();
      if (!result) return message('HEARTBEAT', undefined);
      if (result.done) break;
      if (!isNew(result.value)) continue;
      position = advance(position, result.value.time);
      return message('ADDED', result.value);
    }
    return finish();
  }

  return {
    next() {
      const result = turn.then(step).catch((error: unknown) => {
        finish();
        throw error;
      });
      turn = result.catch(() => undefined);
      return result;
    },
    return: () => Promise.resolve(finish()),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

type Arrival = { readonly result: IteratorResult<PodLogLine> } | { readonly error: unknown };

function isWanted(after: LogPosition | undefined, since: string | undefined): (line: PodLogLine) => boolean {
  if (after && after.time !== '') return skipSeen(after);
  return (line) => since === undefined || compareLogTimes(line.time, since) >= 0;
}
