import { createHash } from 'node:crypto';
import { type Clock, type KubeObject, loopSlices, RequestError, type StreamMessage } from 'longshore/sdk';
import { type CountRow, createTally } from './tally.ts';

export interface FollowCountsOptions<T, Counts> {
  /** Name of the stream: its cursors are of no use to another. */
  readonly topic: string;
  /** The objects to count, from a snapshot on. */
  readonly source: AsyncIterable<StreamMessage<KubeObject<T>>>;
  readonly wordsOf: (object: KubeObject<T>) => readonly string[];
  /** What is told, of rows that have just changed, or of problems that may have. */
  readonly toCounts: (rows: readonly CountRow[]) => Counts | Promise<Counts>;
  readonly snapshot: boolean;
  readonly after: string | undefined;
  /** Numbers are told no more often, in ms. */
  readonly throttleMs?: number | undefined;
  readonly clock: Clock;
}

/** Numbers are told at most so often, whatever is asked. */
const tellEveryMs = 1_000;
/** Clusters that fail change no object: so often it is looked whether the answer differs all the same. */
const lookEveryMs = 10_000;
const heartbeatMs = 30_000;

/**
 * Numbers as they change: each message has all of them as they are then, so that only the newest is ever kept for a slow reader.
 * The cursor says what was told last: whoever comes back with it is told the numbers where they differ, and loses nothing. Throws
 * `BAD_USER_INPUT` for a cursor that is none of this stream.
 */
export function followCounts<T, Counts extends object>(
  options: FollowCountsOptions<T, Counts>,
): AsyncIterableIterator<StreamMessage<Counts>> {
  const { clock, topic } = options;
  const pauseMs = Math.max(tellEveryMs, options.throttleMs ?? 0);
  const tally = createTally(options.wordsOf);
  const source = options.source[Symbol.asyncIterator]();
  /** Mark of what the reader knows; undefined where it knows nothing. */
  let told = options.after === undefined ? undefined : parseCursor(topic, options.after);
  const isResumed = told !== undefined;
  let isWhole = false;
  let isOpened = false;
  let isDue = false;
  let owesMarker = false;
  let nextAt = Number.NEGATIVE_INFINITY;
  let spokeAt = clock.now();
  let isClosed = false;
  let failure: unknown;
  let wake = () => {};
  let cancelTell: (() => void) | undefined;
  let cancelLook = clock.schedule(lookEveryMs, look);
  const finished = fold();

  /** Takes the source into the tally, in slices of the loop. */
  async function fold(): Promise<void> {
    try {
      for (;;) {
        const { done, value: message } = await source.next();
        if (done || isClosed) break;
        apply(message);
        if (loopSlices.isSpent()) await loopSlices.next();
      }
    } catch (error) {
      failure = error;
    }
    close();
  }

  function apply({ type, item }: StreamMessage<KubeObject<T>>): void {
    if (type === 'HEARTBEAT') return;
    if (type === 'RESYNC') {
      tally.clear();
      isWhole = false;
    } else if (type === 'SNAPSHOT') isWhole = true;
    else if (item && type === 'DELETED') tally.drop(item);
    else if (item) tally.set(item);
    // Numbers of a part are nobody's business.
    if (isWhole) due();
  }

  function due(): void {
    isDue = true;
    if (clock.now() >= nextAt) wake();
    else cancelTell ??= clock.schedule(nextAt - clock.now(), tell);
  }

  function tell(): void {
    cancelTell = undefined;
    wake();
  }

  function look(): void {
    cancelLook = clock.schedule(lookEveryMs, look);
    if (isWhole) due();
    else wake();
  }

  async function take(): Promise<StreamMessage<Counts> | undefined> {
    if (owesMarker) {
      owesMarker = false;
      return messageOf('SNAPSHOT');
    }
    if (isDue && isWhole && clock.now() >= nextAt) {
      isDue = false;
      const counts = await options.toCounts(tally.rows());
      const mark = markOf(counts);
      const before = told;
      told = mark;
      const isFirst = !isOpened;
      isOpened = true;
      nextAt = clock.now() + pauseMs;
      // What has changed while they were counted.
      if (isDue && !isClosed) due();
      if (isFirst && !isResumed) {
        if (!options.snapshot) return messageOf('SNAPSHOT');
        owesMarker = true;
        return messageOf('ADDED', counts);
      }
      if (mark !== before) return messageOf('MODIFIED', counts);
    }
    return clock.now() - spokeAt >= heartbeatMs ? messageOf('HEARTBEAT') : undefined;
  }

  function messageOf(type: StreamMessage<Counts>['type'], item?: Counts): StreamMessage<Counts> {
    spokeAt = clock.now();
    return { type, item, reason: undefined, cursor: printCursor(topic, told) };
  }

  function close(): void {
    if (isClosed) return;
    isClosed = true;
    cancelTell?.();
    cancelLook();
    tally.clear();
    wake();
  }

  /** What cannot be told ends the stream. */
  async function fail(error: unknown): Promise<undefined> {
    failure = error;
    close();
    await source.return?.();
    return undefined;
  }

  const messages: AsyncIterableIterator<StreamMessage<Counts>> = {
    async next() {
      while (!isClosed) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        const message = await take().catch(fail);
        if (message) return { done: false, value: message };
        await woken;
      }
      if (failure === undefined) return { done: true, value: undefined };
      const error = failure;
      failure = undefined;
      throw error;
    },
    async return() {
      close();
      await source.return?.();
      await finished;
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => messages,
  };
  return messages;
}

function markOf(counts: object): string {
  return createHash('sha256').update(JSON.stringify(counts)).digest('base64url').slice(0, 16);
}

function printCursor(topic: string, mark: string | undefined): string {
  return Buffer.from(`${topic}|${mark ?? ''}`).toString('base64url');
}

function parseCursor(topic: string, cursor: string): string {
  const [of, mark, ...rest] = Buffer.from(cursor, 'base64url').toString().split('|');
  if (of === topic && mark !== undefined && rest.length === 0) return mark;
  throw new RequestError('BAD_USER_INPUT', `after is no cursor of ${topic}`);
}
