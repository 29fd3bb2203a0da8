import { AnswerError, type Clock, type PodLogLine, type PodLogRequest, sleep } from 'longshore/sdk';
import type { ContainerProgress } from './container-progress.ts';
import type { FollowedValue } from './followed-value.ts';
import type { LineSource, LogEntry } from './log-entry.ts';
import { advance, type LogPosition, logBeginning, skipSeen } from './log-position.ts';
import { compareLogTimes } from './log-time.ts';

/** Behind what a container's log goes on: the run of its last line, and where in it. */
export interface ContainerPosition {
  readonly run: number;
  readonly position: LogPosition;
}

export interface FollowContainerOptions {
  readonly source: LineSource;
  readonly progress: FollowedValue<ContainerProgress>;
  /** Reads the log of the newest run, or with `previous` of the one before. */
  readonly open: (
    request: Pick<PodLogRequest, 'follow' | 'previous' | 'sinceTime' | 'tailLines'>,
    signal: AbortSignal,
  ) => AsyncIterable<PodLogLine>;
  readonly follow: boolean;
  /** Begin with the run before the newest. */
  readonly previous: boolean;
  /** Only the newest lines of what is there, of a container that has begun; no meaning with `after`. */
  readonly tail: number | undefined;
  /** RFC 3339: nothing before it; no meaning with `after`. */
  readonly since: string | undefined;
  readonly after: ContainerPosition | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const hasEnded = 'The container has ended';
/** A node that does not answer is asked again this often; its container's lines are late, and nobody else's. */
const retryMs = 5_000;
/** So often is the rest of a container asked for that has ended and whose log was cut off. */
const lastAttempts = 3;

/**
 * What a container wrote and writes, over its restarts: the end of a run that broke off is read again from what the kubelet keeps
 * of it, and where that may not be all of it, a GAP says so before the line that follows. Ends when no further run can come.
 */
export async function* followContainer(options: FollowContainerOptions): AsyncGenerator<LogEntry, void, undefined> {
  const { source, progress, open, follow, clock, signal } = options;
  let position: LogPosition = options.after?.position ?? logBeginning;
  let run = options.after?.run;
  let gapSince: string | undefined;
  let isFirst = true;
  /** How often in turn the log of the newest run was cut off: 0 where it was read to its end. */
  let cuts = 0;
  /** Of this run the newest lines are asked for, once: what is written behind them is new, however late it is read. */
  const tailedRun = options.tail === undefined ? undefined : progress.now.run;
  const begunAt = now();

  for (;;) {
    const known = run;
    const { run: newest, isFinal } = await progress.until(
      (seen) => seen.run !== undefined || seen.isFinal || !follow,
      signal,
    );
    if (signal.aborted) return;
    if (newest === undefined) {
      yield* lastGap();
      if (isFinal && follow) yield ended(known === undefined ? 'The container never ran' : hasEnded);
      return;
    }
    if (isFirst && known === undefined && options.previous && newest > 0) {
      yield* readRun(newest - 1, true, false);
    } else if (known !== undefined && newest > known) {
      // The kubelet keeps one run besides the newest.
      if (newest - known > 1) gapSince ??= position.time;
      yield* readRun(newest - 1, true, newest - known === 1);
    }
    run = newest;
    yield* readRun(newest, false, known === newest);
    isFirst = false;
    if (signal.aborted) return;
    if (!follow) return yield* lastGap();
    const next = await progress.until(
      (seen) => seen.isFinal || (seen.run ?? newest) > newest || seen.isRunning,
      signal,
    );
    if (signal.aborted) return;
    if (next.isFinal && (next.run ?? newest) === newest && (cuts === 0 || cuts >= lastAttempts)) {
      yield* lastGap();
      yield ended(hasEnded);
      return;
    }
    // The stream ended although the container runs on: it is opened again, but not in a circle.
    if (next.run === newest) await sleep(clock, retryMs, signal);
    if (signal.aborted) return;
  }

  /** The lines of one run behind the position; those of one that is over are read, not followed. */
  async function* readRun(
    number: number,
    previous: boolean,
    isGoingOn: boolean,
  ): AsyncGenerator<LogEntry, void, undefined> {
    const isResumed = position.time !== '';
    const isNew = skipSeen(position);
    let hasMet = !isResumed || !isGoingOn;
    const since = isResumed ? position.time : number === tailedRun && !isFirst ? begunAt : options.since;
    const isTailed = tailedRun !== undefined && isFirst && !isResumed;
    try {
      const lines = open(
        {
          follow: follow && !previous,
          ...(previous ? { previous } : {}),
          ...(since ? { sinceTime: since } : {}),
          ...(isTailed && options.tail !== undefined ? { tailLines: options.tail } : {}),
        },
        signal,
      );
      for await (const line of lines) {
        if (!isResumed && since && compareLogTimes(line.time, since) < 0) continue;
        if (!isNew(line)) {
          hasMet ||= compareLogTimes(line.time, position.time) === 0;
          continue;
        }
        // What was read last would come again, were it still there: the log was rotated away in between.
        if (!hasMet) gapSince ??= position.time;
        gapSince ??= line.missingSince;
        hasMet = true;
        const before = gapSince;
        gapSince = undefined;
        if (before !== undefined) yield entry('GAP', number, line.time, '', { missingSince: before });
        position = advance(position, line.time);
        cuts = 0;
        yield entry('LINE', number, line.time, line.text, { isCut: line.isCut });
      }
      cuts = 0;
      // A run that goes on may still show it; of one that is over, what came behind it may have been rotated away as well.
      if (!hasMet && (previous || !progress.now.isRunning)) gapSince ??= position.time;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AnswerError) || error.code === 'FORBIDDEN') throw error;
      if (!follow && !previous) {
        if (error.code !== 'NOT_FOUND') throw error;
        return yield ended('Its log is not there any more');
      }
      cuts += 1;
      // A run of which the kubelet has nothing any more. A node that is away is asked again, and then tells what is missing;
      // which were the newest lines now, it cannot tell then.
      if (previous || (isTailed && options.tail !== 0 && position.time === '')) gapSince ??= position.time;
    }
  }

  /** A gap behind which no line came that could tell it. */
  function* lastGap(): Generator<LogEntry, void, undefined> {
    if (cuts > 0) gapSince ??= position.time;
    if (gapSince !== undefined) yield entry('GAP', run ?? 0, now(), '', { missingSince: gapSince });
    gapSince = undefined;
  }

  function now(): string {
    return new Date(clock.now()).toISOString();
  }

  function entry(
    kind: LogEntry['kind'],
    number: number,
    time: string,
    text: string,
    more: Partial<LogEntry> = {},
  ): LogEntry {
    return { kind, source, run: number, time, text, isCut: false, missingSince: undefined, position, ...more };
  }

  function ended(why: string): LogEntry {
    return entry('ENDED', run ?? 0, position.time || now(), why);
  }
}
