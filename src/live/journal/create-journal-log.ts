import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { createEventMemory, type EventMemory } from '../event-memory.ts';
import { safely } from '../safely.ts';
import type { StreamLimits } from '../stream-limits.ts';
import type { LogFollower, LoggedEvent, TopicLog } from '../topic-log.ts';
import type { Journal, JournalRow } from './journal.ts';
import type { TopicCodec } from './topic-codec.ts';
import { decodeTopicEntry } from './topic-entry.ts';

const rowsPerRead = 250;
const memoryBytes = 8_388_608;

/** What is followed at present. */
interface Followed<T> {
  readonly epoch: string;
  readonly memory: EventMemory<T>;
}

/**
 * The tail of one stream of the journal: while anybody follows, rows behind the last one read are read once for all, woken
 * by a signal, and every few seconds without one. The last ones are remembered for those who come back.
 */
export function createJournalLog<T>(options: {
  readonly journal: Journal;
  readonly stream: string;
  readonly codec: TopicCodec<T>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: Pick<StreamLimits, 'ringEvents' | 'lingerMs' | 'journalPollMs'>;
}): TopicLog<T> & { stop(): void } {
  const { journal, stream, codec, clock, limits } = options;
  const logger = options.logger.child({ stream });
  const followers = new Set<LogFollower<T>>();
  let followed: Followed<T> | undefined;
  let looking: Promise<void> | undefined;
  let lookingAgain: Promise<void> | undefined;
  let isBroken = false;
  let isListening = false;
  let stopListening = () => {};
  let cancelPoll = () => {};
  let cancelLinger = () => {};

  function current(): Followed<T> {
    if (!followed) throw new Error('live.journal: asked before the stream was read');
    return followed;
  }

  function follow(epoch: string, head: number): void {
    followed = { epoch, memory: createEventMemory(head, { events: limits.ringEvents, bytes: memoryBytes }) };
  }

  function listen(): void {
    if (isListening) return;
    isListening = true;
    stopListening = journal.onAppend((name) => {
      if (name === undefined || name === stream) lookSoon();
    });
    poll();
  }

  function poll(): void {
    cancelPoll = clock.schedule(limits.journalPollMs, () => {
      lookSoon();
      poll();
    });
  }

  /** Nobody waits for this one: it comes again. */
  function lookSoon(): void {
    if (lookingAgain) return;
    refresh()
      .then(() => {
        isBroken = false;
      })
      .catch((error: unknown) => {
        // Told once per interruption.
        if (!isBroken && isListening) logger.warn({ err: error }, 'the journal cannot be read; who follows it waits');
        isBroken = true;
      });
  }

  function refresh(): Promise<void> {
    if (!looking) {
      looking = look().finally(() => {
        looking = undefined;
      });
      return looking;
    }
    // The one that is under way may have looked too early for what is asked now; one more is enough for all who ask.
    lookingAgain ??= looking
      .catch(() => undefined)
      .then(() => {
        lookingAgain = undefined;
        return refresh();
      });
    return lookingAgain;
  }

  /** Reads until there is nothing more. */
  async function look(): Promise<void> {
    if (!followed) {
      const { epoch, head } = await journal.open(stream);
      follow(epoch, head);
      return;
    }
    for (const mine = followed; mine === followed; ) {
      const page = await journal.read(stream, mine.memory.head, rowsPerRead);
      if (mine !== followed) return;
      if (page.epoch !== mine.epoch || page.rows === 'expired') {
        await beginAnew(mine, page.epoch, page.head);
        return;
      }
      for (const row of page.rows) take(mine, row);
      if (page.rows.length < rowsPerRead) return;
    }
  }

  function take(mine: Followed<T>, row: JournalRow): void {
    const logged = toEvent(row);
    mine.memory.push(logged, row.payload.length);
    for (const follower of followers) safely(logger, 'a subscriber', () => follower.onEvent(logged), undefined);
  }

  async function beginAnew(mine: Followed<T>, epoch: string, head: number): Promise<void> {
    // Positions that were given already will be given again: the database was set back.
    const isSetBack = epoch === mine.epoch && head < mine.memory.head;
    if (isSetBack) await journal.beginEpoch(stream, epoch);
    const now = isSetBack ? await journal.open(stream) : { epoch, head };
    if (mine !== followed) return;
    logger.warn({ isSetBack }, 'a stream of the journal cannot be continued; who follows it is told to begin anew');
    follow(now.epoch, now.head);
    for (const follower of [...followers]) safely(logger, 'a subscriber', () => follower.onReset(), undefined);
  }

  /** What cannot be understood may not be skipped in silence. */
  function toEvent({ position, payload, createdAtMs }: JournalRow): LoggedEvent<T> {
    try {
      return { position, atMs: createdAtMs, event: decodeTopicEntry(payload, codec) };
    } catch (error) {
      logger.error({ err: error, position }, 'an entry of the journal cannot be read');
      return { position, atMs: createdAtMs, event: { type: 'GAP', cluster: undefined } };
    }
  }

  function letGo(): void {
    cancelLinger();
    cancelPoll();
    stopListening();
    isListening = false;
    followed = undefined;
  }

  return {
    get epoch() {
      return current().epoch;
    },
    get head() {
      return current().memory.head;
    },
    refresh,
    after(position) {
      const { memory } = current();
      return position > memory.head ? 'expired' : (memory.after(position) ?? 'older');
    },
    async read(position) {
      const { epoch } = current();
      const page = await journal.read(stream, position, rowsPerRead);
      return page.epoch !== epoch || page.rows === 'expired' ? 'expired' : page.rows.map(toEvent);
    },
    positionAt: async (sinceMs) => current().memory.positionAt(sinceMs) ?? journal.positionAt(stream, sinceMs),
    join(follower) {
      cancelLinger();
      followers.add(follower);
      listen();
      return () => {
        if (!followers.delete(follower) || followers.size > 0) return;
        // Who comes back soon finds the memory as it was.
        cancelLinger = clock.schedule(limits.lingerMs, letGo);
      };
    },
    stop: letGo,
  };
}
