import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../data/testing/open-test-database.ts';
import { startPostgres } from '../../data/testing/start-postgres.ts';
import { createManualClock } from '../../kernel/manual-clock.ts';
import { createJournal } from './create-journal.ts';
import type { Journal } from './journal.ts';

const server = await startPostgres();
const clock = createManualClock();
const day = 86_400_000;

const onServer = server && (async () => openTestDatabase({ url: await server.createDatabase() }));

describe.each([
  { name: 'the embedded database', open: () => openTestDatabase() },
  ...(onServer ? [{ name: 'a PostgreSQL server', open: onServer }] : []),
])('the journal on $name', ({ open }) => {
  let database: TestDatabase;
  let journal: Journal;
  beforeAll(async () => {
    database = await open();
    journal = createJournal({ database, clock });
    await database.db.execute('create table things (name text not null)');
  });
  beforeEach(() => database.empty());
  afterAll(() => database.close());

  const append = (stream: string, ...entries: unknown[]) =>
    database.transaction(async (tx) =>
      journal.append(
        tx,
        stream,
        entries.map((entry) => JSON.stringify(entry)),
      ),
    );
  const read = async (stream: string, after = 0, limit = 100) => {
    const { rows } = await journal.read(stream, after, limit);
    return rows === 'expired' ? rows : rows.map(({ position, payload }) => [position, JSON.parse(payload)]);
  };

  it('numbers entries from 1 without holes, each stream by itself', async () => {
    await append('a', 'one', 'two');
    await append('b', { deep: [1] });
    await append('a', 'three');
    expect(await read('a')).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    expect(await read('a', 1, 1)).toEqual([[2, 'two']]);
    expect(await read('a', 3)).toEqual([]);
    expect(await read('b')).toEqual([[1, { deep: [1] }]]);
  });

  it('keeps every string as it was, also what `jsonb` refuses', async () => {
    const odd = { text: 'a\u0000b \ud800 \u{1f6a2} "\\', b: 1, a: 1.5e300 };
    await append('a', odd);
    const { rows } = await journal.read('a', 0, 1);
    expect(rows !== 'expired' && rows[0]?.payload).toBe(JSON.stringify(odd));
  });

  it('commits entries with the rows of their transaction, or neither', async () => {
    const write = (name: string, isKept: boolean) =>
      database.transaction(async (tx) => {
        journal.append(tx, 'a', [JSON.stringify(name)]);
        await tx.execute(sql`insert into things values (${name})`);
        if (!isKept) throw new Error('no');
      });
    await write('kept', true);
    await expect(write('lost', false)).rejects.toThrow('no');
    expect(await read('a')).toEqual([[1, 'kept']]);
    expect([...(await database.db.execute('select name from things'))]).toEqual([{ name: 'kept' }]);
  });

  it('forgets the entries of a savepoint that was rolled back, and keeps their order otherwise', async () => {
    await database.transaction(async (tx) => {
      journal.append(tx, 'a', ['1']);
      await database.transaction(async (inner) => journal.append(inner, 'a', ['2']));
      await database
        .transaction(async (inner) => {
          journal.append(inner, 'a', ['3']);
          throw new Error('no');
        })
        .catch(() => undefined);
      journal.append(tx, 'a', ['4']);
    });
    expect(await read('a')).toEqual([
      [1, 1],
      [2, 2],
      [3, 4],
    ]);
  });

  it('takes no entry outside of the transaction, nor one that is too large (refused)', async () => {
    expect(() => journal.append(database.db, 'a', ['1'])).toThrow('outside of a transaction');
    const tooLarge = database.transaction(async (tx) => journal.append(tx, 'a', [JSON.stringify('x'.repeat(262_143))]));
    await expect(tooLarge).rejects.toThrow("an entry of 'a' has 262145 bytes, more than 262144");
    await append('a', 'x'.repeat(262_142));
    expect((await journal.open('a')).head).toBe(1);
  });

  it('says that it cannot read what was trimmed, or was never written', async () => {
    await append('a', 1, 2, 3);
    await journal.trim({ maxAgeMs: day, maxEntries: 2 });
    expect(await read('a', 0)).toBe('expired');
    expect(await read('a', 1)).toEqual([
      [2, 2],
      [3, 3],
    ]);
    expect(await read('a', 4)).toBe('expired');
    await journal.trim({ maxAgeMs: day, maxEntries: 0 });
    expect(await read('a', 2)).toBe('expired');
    expect(await read('a', 3)).toEqual([]);
    await append('a', 4);
    expect(await read('a', 3)).toEqual([[4, 4]]);
  });

  it('trims by age', async () => {
    await append('a', 'old');
    clock.advance(day);
    await append('a', 'new');
    expect(await journal.positionAt('a', clock.now())).toBe(1);
    expect(await journal.positionAt('a', clock.now() - day)).toBe(0);
    expect(await journal.positionAt('a', clock.now() + 1)).toBe(2);
    clock.advance(1);
    expect(await journal.trim({ maxAgeMs: day, maxEntries: 100 })).toBe(1);
    expect(await read('a', 1)).toEqual([[2, 'new']]);
  });

  it('begins another epoch once for everybody who noticed the same loss', async () => {
    const { epoch } = await journal.open('a');
    await journal.beginEpoch('a', epoch);
    const begun = (await journal.open('a')).epoch;
    await journal.beginEpoch('a', epoch);
    expect(begun).not.toBe(epoch);
    expect((await journal.open('a')).epoch).toBe(begun);
  });

  it('is, for whoever reads along, the entries in their order, or expired exactly where something is missing', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ do: fc.constant('trim' as const), keep: fc.integer({ min: 0, max: 6 }) }),
      fc.record({ do: fc.constant('read' as const), after: fc.nat(12), limit: fc.integer({ min: 1, max: 5 }) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await database.empty();
        await journal.open('a');
        const written: number[] = [];
        let floor = 0;
        for (const one of steps) {
          if (one.do === 'append') {
            const entries = Array.from({ length: one.count }, (_, index) => written.length + index + 1);
            await append('a', ...entries);
            written.push(...entries);
          } else if (one.do === 'trim') {
            await journal.trim({ maxAgeMs: day, maxEntries: one.keep });
            floor = Math.max(floor, written.length - one.keep);
          } else {
            const isThere = one.after >= floor && one.after <= written.length;
            const expected = written.slice(one.after, one.after + one.limit).map((entry) => [entry, entry]);
            expect(await read('a', one.after, one.limit)).toEqual(isThere ? expected : 'expired');
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('tells who listens, after the commit', async () => {
    const heard: (string | undefined)[] = [];
    const stop = journal.onAppend((stream) => heard.push(stream));
    await database.transaction(async (tx) => {
      journal.append(tx, 'b', ['1']);
      journal.append(tx, 'a', ['1']);
      expect(heard).toEqual([]);
    });
    stop();
    await append('a', 2);
    expect(heard).toEqual(['a', 'b']);
  });
});

describe.skipIf(!server)('the journal of several writers', () => {
  let replicas: TestDatabase[] = [];
  beforeAll(async () => {
    const url = (await server?.createDatabase()) ?? '';
    replicas = [await openTestDatabase({ url }), await openTestDatabase({ url })];
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await server?.stop();
  });
  const replica = (index: number): TestDatabase => {
    const found = replicas[index % replicas.length];
    if (!found) throw new Error('no replica');
    return found;
  };

  it('never deadlocks 50 writers over 5 streams, and leaves no hole', async () => {
    const streams = ['e', 'c', 'a', 'd', 'b'];
    const writers = Array.from({ length: 50 }, async (_, writer) => {
      const database = replica(writer);
      const journal = createJournal({ database, clock });
      for (let round = 0; round < 3; round += 1) {
        await database.transaction(async (tx) => {
          // Each in an order of its own, so that locks taken as they come would meet head-on.
          for (let step = 0; step < 5; step += 1) {
            const stream = streams[(writer * 3 + step * (1 + (writer % 4))) % 5] ?? 'a';
            journal.append(tx, stream, [JSON.stringify([writer, round, step])]);
          }
        });
      }
    });
    await Promise.all(writers);
    const journal = createJournal({ database: replica(0), clock });
    let total = 0;
    for (const stream of streams) {
      const { head, rows } = await journal.read(stream, 0, 10_000);
      if (rows === 'expired') throw new Error('a hole');
      expect(rows.map(({ position }) => position)).toEqual(Array.from({ length: head }, (_, index) => index + 1));
      total += head;
      // What one writer wrote stands in the order in which it wrote it.
      const last = new Map<number, number>();
      for (const { payload } of rows) {
        const [writer, round, step] = JSON.parse(payload) as [number, number, number];
        const place = round * 5 + step;
        expect(place).toBeGreaterThan(last.get(writer) ?? -1);
        last.set(writer, place);
      }
    }
    expect(total).toBe(50 * 3 * 5);
  });

  it('shows nothing behind a position before everything up to it, though commits come in the opposite order', async () => {
    const journals = [0, 1].map((index) => createJournal({ database: replica(index), clock }));
    const [one, other] = journals;
    if (!one || !other) throw new Error('no journal');
    const early = Promise.withResolvers<void>();
    const hasAppended = Promise.withResolvers<void>();
    const late = replica(0).transaction(async (tx) => {
      one.append(tx, 'reverse', ['"stated first"']);
      hasAppended.resolve();
      await early.promise;
    });
    await hasAppended.promise;
    await replica(1).transaction(async (tx) => other.append(tx, 'reverse', ['"committed first"']));
    const before = await other.read('reverse', 0, 10);
    early.resolve();
    await late;
    const after = await other.read('reverse', before.head, 10);
    expect([before.rows, after.rows]).toMatchObject([
      [{ position: 1, payload: '"committed first"' }],
      [{ position: 2, payload: '"stated first"' }],
    ]);
  });
});
