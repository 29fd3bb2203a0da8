import { sql } from 'drizzle-orm';
import { openTestDatabase, type TestDatabase } from '../../src/data/testing/open-test-database.ts';
import { startPostgres } from '../../src/data/testing/start-postgres.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { createTopics } from '../../src/live/create-topics.ts';
import { createJournal } from '../../src/live/journal/create-journal.ts';
import { topicRef } from '../../src/live/topics.ts';
import type { Bench, BenchRow } from './bench-row.ts';

const transactions = 400;
const entries = 10_000;
const payload = JSON.stringify({ type: 'ADDED', payload: { text: 'x'.repeat(700) } });

/** The journal on a real PostgreSQL: appending against a plain INSERT, tailing against a plain SELECT of the same rows. */
export const benchJournal: Bench = {
  name: 'journal',
  async run() {
    const server = await startPostgres();
    if (!server) return [];
    const database = await openTestDatabase({ url: await server.createDatabase() });
    try {
      await database.db.execute('create table plain (id bigserial primary key, payload json not null)');
      return [...(await benchAppend(database)), await benchTail(database)];
    } finally {
      await database.close();
      await server.stop();
    }
  },
};

async function benchAppend(database: TestDatabase): Promise<readonly BenchRow[]> {
  const journal = createJournal({ database, clock: systemClock });
  const rows: BenchRow[] = [];
  for (const writers of [1, 8]) {
    const plain = await perTransaction(writers, () =>
      database.transaction(async (tx) => {
        await tx.execute(sql`insert into plain (payload) values (${payload}::json)`);
      }),
    );
    const appended = await perTransaction(writers, () => journal.publish('bench', [payload]));
    rows.push({
      name: `journal: one entry per transaction, ${writers} at a time`,
      value: appended,
      unit: 'ms',
      yardstick: `a transaction with one plain INSERT (${plain.toFixed(3)} ms)`,
      ratio: appended / plain,
    });
  }
  return rows;
}

/** Wall time of one transaction, in ms. */
async function perTransaction(writers: number, write: () => Promise<unknown>): Promise<number> {
  for (let index = 0; index < 50; index += 1) await write();
  const began = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      for (let index = 0; index < transactions / writers; index += 1) await write();
    }),
  );
  return (performance.now() - began) / transactions;
}

async function benchTail(database: TestDatabase): Promise<BenchRow> {
  const journal = createJournal({ database, clock: systemClock });
  const topic = topicRef<{ text: string }>('bench.tail');
  const topics = createTopics({ topics: [topic], journal, clock: systemClock, logger: silentLogger });
  const signal = new AbortController().signal;
  const first = topics.subscribe({ topic, matches: () => true, signal });
  const marker = await first.next();
  await journal.publish(
    topic.name,
    Array.from({ length: entries }, () => payload),
  );
  await first.return?.();

  const began = performance.now();
  let last = 0;
  for (let rows = 250; rows === 250; ) {
    const page = await database.db.execute<{ position: string; payload: string }>(sql`
      select position, payload::text as payload from journal
      where stream = ${topic.name} and position > ${last} order by position limit 250`);
    for (const row of page) JSON.parse(row.payload);
    rows = page.length;
    last = Number(page.at(-1)?.position ?? last);
  }
  const plain = ((performance.now() - began) * 1_000) / entries;

  const after = marker.done ? undefined : marker.value.cursor;
  const resumedAt = performance.now();
  const resumed = topics.subscribe({ topic, matches: () => true, after, signal });
  for (let count = 0; count < entries; count += 1) await resumed.next();
  const tailed = ((performance.now() - resumedAt) * 1_000) / entries;
  topics.stop();
  return {
    name: `journal: a subscriber catches up with ${entries} entries`,
    value: tailed,
    unit: 'µs per entry',
    yardstick: `reading and parsing the same rows (${plain.toFixed(1)} µs)`,
    ratio: tailed / plain,
  };
}
