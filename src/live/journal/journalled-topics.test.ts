import { sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../data/testing/open-test-database.ts';
import { startPostgres } from '../../data/testing/start-postgres.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createTopics, type RunningTopics } from '../create-topics.ts';
import type { StreamLimits } from '../stream-limits.ts';
import type { StreamMessage } from '../stream-message.ts';
import { type TopicSubscription, topicRef } from '../topics.ts';
import { createJournal } from './create-journal.ts';
import type { Journal } from './journal.ts';
import { plainCodec } from './topic-codec.ts';
import { encodeTopicEntry } from './topic-entry.ts';

interface Note {
  readonly text: string;
  readonly at?: Date;
}

const notes = topicRef<Note>('release.notes');
const day = 86_400_000;
const patient = { timeout: 10_000 };
const server = await startPostgres();
afterAll(() => server?.stop());
const onServer =
  server &&
  (async () => {
    const url = await server.createDatabase();
    return [await openTestDatabase({ url }), await openTestDatabase({ url })];
  });

describe.each([
  { name: 'the embedded database', open: async () => [await openTestDatabase()] },
  ...(onServer ? [{ name: 'two replicas on a PostgreSQL server', open: onServer }] : []),
])('journalled topics on $name', ({ open }) => {
  let databases: TestDatabase[];
  let running: RunningTopics[] = [];
  beforeAll(async () => {
    databases = await open();
  });
  beforeEach(() => at(0).empty());
  afterEach(() => {
    for (const topics of running) topics.stop();
    running = [];
  });
  afterAll(() => Promise.all(databases.map((database) => database.close())));

  function at(replica: number): TestDatabase {
    const database = databases[replica % databases.length];
    if (!database) throw new Error('no database');
    return database;
  }

  function replicaOf(index: number, limits: Partial<StreamLimits> = {}, change: Partial<Journal> = {}) {
    const clock = createManualClock();
    const whole = createJournal({ database: at(index), clock });
    const read = vi.fn(whole.read);
    const journal: Journal = { ...whole, read, ...change };
    const topics = createTopics({ topics: [notes], journal, clock, logger: silentLogger, limits });
    running.push(topics);
    const subscribe = (options: Partial<TopicSubscription<Note>> = {}) =>
      topics.subscribe<Note>({
        topic: notes,
        matches: () => true,
        signal: new AbortController().signal,
        ...options,
      });
    const say = (text: string) => topics.publish(notes, { text });
    const sayAll = (...texts: string[]) =>
      at(index).transaction(async () => {
        for (const text of texts) await say(text);
      });
    return { clock, journal, read, topics, subscribe, say, sayAll };
  }

  const told = ({ type, item, reason }: StreamMessage<Note>) =>
    [type, item?.text ?? reason].filter((part) => part !== undefined).join(' ');

  function follow(stream: AsyncIterableIterator<StreamMessage<Note>>) {
    const seen: StreamMessage<Note>[] = [];
    const done = (async () => {
      for await (const message of stream) seen.push(message);
    })();
    done.catch(() => undefined);
    return {
      seen,
      done,
      said: () => seen.map(told),
      until: (...expected: string[]) => expect.poll(() => seen.map(told), patient).toEqual(expected),
    };
  }

  async function take(stream: AsyncIterableIterator<StreamMessage<Note>>, count: number): Promise<string[]> {
    const taken: string[] = [];
    while (taken.length < count) {
      const next = await stream.next();
      if (next.done) break;
      taken.push(told(next.value));
    }
    return taken;
  }

  it('tell every replica, in one order, payloads as they were', async () => {
    const [one, other] = [replicaOf(0), replicaOf(1)];
    const readers = [one, other].map(({ subscribe }) => follow(subscribe()));
    for (const reader of readers) await reader.until('SNAPSHOT');
    const noon = new Date('2026-01-01T12:00:00Z');
    await one.topics.publish(notes, { text: 'a', at: noon }, { cluster: 'east' });
    await other.topics.publish(notes, { text: 'b' }, { type: 'MODIFIED', previous: { text: 'a' } });
    for (const reader of readers) await reader.until('SNAPSHOT', 'ADDED a', 'MODIFIED b');
    expect(readers[1]?.seen[1]?.item).toEqual({ text: 'a', at: noon });
  });

  it('resume exactly at another replica, and after the first one is gone', async () => {
    const [one, other] = [replicaOf(0), replicaOf(1)];
    const first = follow(one.subscribe());
    await first.until('SNAPSHOT');
    await one.sayAll('a', 'b');
    await first.until('SNAPSHOT', 'ADDED a', 'ADDED b');
    one.topics.stop();
    await other.say('c');
    const second = follow(other.subscribe({ after: first.seen[1]?.cursor }));
    await second.until('ADDED b', 'ADDED c');
    await other.say('d');
    await second.until('ADDED b', 'ADDED c', 'ADDED d');
  });

  it('are written with the transaction around them, or not at all', async () => {
    const { subscribe, say } = replicaOf(0);
    const reader = follow(subscribe());
    await reader.until('SNAPSHOT');
    const failing = at(0).transaction(async () => {
      await say('lost');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await at(0).transaction(() => say('kept'));
    await reader.until('SNAPSHOT', 'ADDED kept');
  });

  it('catch up page by page with whoever comes back late, and go on live', async () => {
    const { subscribe, sayAll, say } = replicaOf(0, { ringEvents: 5 });
    const first = follow(subscribe());
    await first.until('SNAPSHOT');
    const texts = Array.from({ length: 620 }, (_, index) => String(index));
    await sayAll(...texts);
    const late = subscribe({ after: first.seen[0]?.cursor });
    expect(await take(late, 300)).toEqual(texts.slice(0, 300).map((text) => `ADDED ${text}`));
    await say('last');
    const rest = follow(late);
    await rest.until(...texts.slice(300).map((text) => `ADDED ${text}`), 'ADDED last');
    expect(first.said()).toEqual(['SNAPSHOT', ...texts.map((text) => `ADDED ${text}`), 'ADDED last']);
  });

  it('let a reader that was too slow go on without a gap, far behind the memory', async () => {
    const { subscribe, sayAll } = replicaOf(0, { ringEvents: 5, queueMessages: 3 });
    const stream = subscribe();
    const watcher = follow(subscribe());
    expect(await take(stream, 1)).toEqual(['SNAPSHOT']);
    await watcher.until('SNAPSHOT');
    const texts = Array.from({ length: 40 }, (_, index) => String(index));
    await sayAll(...texts);
    const added = texts.map((text) => `ADDED ${text}`);
    await watcher.until('SNAPSHOT', ...added);
    expect(await take(stream, 40)).toEqual(added);
  });

  it('say so where what is asked for was trimmed: to who comes back, and to who reads too slowly', async () => {
    const { subscribe, sayAll, journal } = replicaOf(0, { ringEvents: 2, queueMessages: 3 });
    const initial = () => [{ text: 'now' }];
    const slow = subscribe({ initial });
    const watcher = follow(subscribe());
    expect(await take(slow, 2)).toEqual(['ADDED now', 'SNAPSHOT']);
    await watcher.until('SNAPSHOT');
    await sayAll('a', 'b', 'c', 'd', 'e');
    await expect.poll(() => watcher.seen.length, patient).toBe(6);
    await journal.trim({ maxAgeMs: day, maxEntries: 1 });
    expect(await take(slow, 3)).toEqual(['RESYNC SLOW_READER', 'ADDED now', 'SNAPSHOT']);
    const late = follow(subscribe({ initial, after: watcher.seen[1]?.cursor }));
    await late.until('RESYNC CURSOR_EXPIRED', 'ADDED now', 'SNAPSHOT');
  });

  it('find by themselves what no signal told', async () => {
    const { subscribe, say, clock } = replicaOf(0, {}, { onAppend: () => () => {} });
    const reader = follow(subscribe());
    await reader.until('SNAPSHOT');
    await say('a');
    clock.advance(5_000);
    await reader.until('SNAPSHOT', 'ADDED a');
  });

  it('tell who follows where entries were trimmed before they were read', async () => {
    const { subscribe, sayAll, journal, clock } = replicaOf(0, {}, { onAppend: () => () => {} });
    const reader = follow(subscribe());
    await reader.until('SNAPSHOT');
    await sayAll('a', 'b', 'c');
    await journal.trim({ maxAgeMs: day, maxEntries: 1 });
    clock.advance(5_000);
    await reader.until('SNAPSHOT', 'RESYNC CURSOR_EXPIRED', 'SNAPSHOT');
  });

  it('begin another life where the database was set back', async () => {
    const { subscribe, sayAll, say, clock } = replicaOf(0);
    const reader = follow(subscribe());
    await reader.until('SNAPSHOT');
    await sayAll('a', 'b');
    await reader.until('SNAPSHOT', 'ADDED a', 'ADDED b');
    await at(0).db.execute(sql`delete from journal where position > 1`);
    await at(0).db.execute(sql`update journal_streams set head = 1`);
    clock.advance(5_000);
    await expect.poll(() => reader.said().slice(3), patient).toEqual(['RESYNC CURSOR_EXPIRED', 'SNAPSHOT']);
    // Its position is given again, to something else.
    await say('another b');
    const resumed = follow(subscribe({ after: reader.seen[1]?.cursor }));
    await resumed.until('RESYNC CURSOR_EXPIRED', 'SNAPSHOT');
  });

  it('tell of a gap once, wherever it is met, and go on behind it', async () => {
    const { subscribe, say, journal } = replicaOf(0);
    const open = follow(subscribe({ initial: () => [{ text: 'now' }] }));
    const elsewhere = follow(subscribe({ concerns: (cluster) => cluster !== 'east' }));
    await open.until('ADDED now', 'SNAPSHOT');
    await elsewhere.until('SNAPSHOT');
    await say('a');
    await journal.publish(notes.name, [encodeTopicEntry({ type: 'GAP', cluster: 'east' }, plainCodec)]);
    await say('b');
    await elsewhere.until('SNAPSHOT', 'ADDED a', 'ADDED b');
    await expect
      .poll(() => open.said().slice(0, 6), patient)
      .toEqual(['ADDED now', 'SNAPSHOT', 'ADDED a', 'RESYNC WATCH_GAP', 'ADDED now', 'SNAPSHOT']);
    const resumed = follow(subscribe({ after: elsewhere.seen[0]?.cursor }));
    await resumed.until('ADDED a', 'RESYNC WATCH_GAP', 'SNAPSHOT', 'ADDED b');
  });

  it('make a list and the events around it fit', async () => {
    const { subscribe, sayAll, clock } = replicaOf(0);
    await sayAll('old 1');
    clock.advance(60_000);
    await sayAll('x 1', 'y 1');
    const reader = follow(
      subscribe({
        initial: () => [{ text: 'x 2' }],
        overlap: {
          since: () => clock.now() - 1_000,
          key: ({ text }) => text.slice(0, 1),
          includes: (listed, { text }) => listed.text >= text,
        },
      }),
    );
    // The list lacks y, and has a later x than the journal at first.
    await reader.until('ADDED x 2', 'SNAPSHOT', 'ADDED y 1');
    await sayAll('x 2', 'x 3');
    await reader.until('ADDED x 2', 'SNAPSHOT', 'ADDED y 1', 'ADDED x 3');
  });

  it('cost one read, however many follow', async () => {
    const { subscribe, say, read } = replicaOf(0);
    const readers = Array.from({ length: 50 }, () => follow(subscribe()));
    for (const reader of readers) await reader.until('SNAPSHOT');
    read.mockClear();
    await say('a');
    for (const reader of readers) await reader.until('SNAPSHOT', 'ADDED a');
    expect(read.mock.calls.length).toBeLessThanOrEqual(2);
  });

  it('end a stream whose journal cannot be read, with the error', async () => {
    const failing = () => Promise.reject(new Error('database away'));
    const { subscribe, topics } = replicaOf(0, {}, { open: failing });
    const reader = follow(subscribe());
    await expect(reader.done).rejects.toThrow('database away');
    expect(topics.open).toBe(0);
  });

  it('wait for a journal that cannot be read for a while, once they have begun, and lose nothing', async () => {
    const { subscribe, sayAll, clock, read } = replicaOf(0, { ringEvents: 5, queueMessages: 3 });
    const behind = subscribe();
    const watcher = follow(subscribe());
    expect(await take(behind, 1)).toEqual(['SNAPSHOT']);
    await watcher.until('SNAPSHOT');
    const texts = Array.from({ length: 40 }, (_, index) => String(index));
    await sayAll(...texts);
    await expect.poll(() => watcher.seen.length, patient).toBe(41);

    const readWell = read.getMockImplementation() as Journal['read'];
    const asked = read.mock.calls.length;
    read.mockRejectedValue(new Error('database away'));
    const rest = follow(behind);
    await expect.poll(() => read.mock.calls.length, patient).toBe(asked + 1);
    expect(rest.seen).toEqual([]);
    read.mockImplementation(readWell);
    await expect
      .poll(() => {
        clock.advance(1_000);
        return rest.said();
      }, patient)
      .toEqual(texts.map((text) => `ADDED ${text}`));
  });

  it('never hand over what the reader may no longer see, also on the way back', async () => {
    const { subscribe, sayAll, clock } = replicaOf(0);
    const hidden = new Set<string>();
    const matches = ({ text }: Note) => !hidden.has(text);
    const first = follow(subscribe({ matches }));
    await first.until('SNAPSHOT');
    await sayAll('a', 'b');
    await first.until('SNAPSHOT', 'ADDED a', 'ADDED b');
    hidden.add('a');
    const resumed = follow(subscribe({ matches, after: first.seen[0]?.cursor }));
    await resumed.until('ADDED b');
    clock.advance(30_000);
    await resumed.until('ADDED b', 'HEARTBEAT');
  });
});
