import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../data/testing/open-test-database.ts';
import { startPostgres } from '../data/testing/start-postgres.ts';
import { systemClock } from '../kernel/clock.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import { assertFence, FenceLostError, type LeaseFence } from './fence.ts';
import { createLeases } from './leases.ts';
import { again, settled } from './reconciler.ts';
import { createReconcilerRunner } from './reconciler-runner.ts';
import { type ClaimedKey, createWorkQueue } from './work-queue.ts';

const server = await startPostgres();

describe.skipIf(!server)('work on a PostgreSQL server', () => {
  let one: TestDatabase;
  let other: TestDatabase;
  beforeAll(async () => {
    const url = await server?.createDatabase();
    one = await openTestDatabase(url === undefined ? {} : { url });
    other = await openTestDatabase(url === undefined ? {} : { url });
    await one.db.execute('create table effects (holder text not null, what text not null)');
  });
  beforeEach(() => one.empty());
  afterAll(async () => {
    await Promise.all([one.close(), other.close()]);
    await server?.stop();
  });

  const effects = async () =>
    (await one.db.execute<{ holder: string }>('select holder from effects')).map((row) => row.holder);
  const writeUnder = (database: TestDatabase, claimed: Pick<ClaimedKey, 'fence'>, holder: string) =>
    database.transaction(async (tx) => {
      await assertFence(tx, claimed.fence);
      await tx.execute(sql`insert into effects values (${holder}, ${claimed.fence.key})`);
    });

  it('gives each of many keys to exactly one of many workers at a time, and loses none', async () => {
    const keys = Array.from({ length: 300 }, (_, index) => `key-${index}`);
    const looks = new Map<string, number>();
    const held = new Set<string>();
    let overlaps = 0;
    const runners = [one, other, one, other].map((database) =>
      createReconcilerRunner({
        queue: createWorkQueue(database, systemClock),
        clock: systemClock,
        logger: silentLogger,
        failpoints: createFailpoints(),
        jobs: [],
        workers: 4,
        reconcilers: [
          {
            name: 'test.many',
            description: 'test',
            async reconcile(key) {
              if (held.has(key)) overlaps += 1;
              held.add(key);
              await new Promise((resolve) => setImmediate(resolve));
              held.delete(key);
              looks.set(key, (looks.get(key) ?? 0) + 1);
              return (looks.get(key) ?? 0) < 2 ? again(0) : settled;
            },
          },
        ],
      }),
    );
    const queue = createWorkQueue(one, systemClock);
    await one.transaction(async () => {
      for (const key of keys) await queue.enqueue('test.many', key);
    });
    for (const runner of runners) runner.start();
    await expect.poll(() => queue.list('test.many', 1), { timeout: 15_000 }).toEqual([]);
    await Promise.all(runners.map((runner) => runner.stop()));
    expect(overlaps).toBe(0);
    expect(looks.size).toBe(keys.length);
    expect([...looks.values()].every((count) => count === 2)).toBe(true);
  });

  it('refuses every write of a worker that overslept its lease (P12)', { timeout: 300_000 }, async () => {
    const rounds = process.env.LONGSHORE_TEST_LONG === '1' ? 1_000 : 200;
    const clock = createManualClock();
    const [sleeper, successor] = [createWorkQueue(one, clock), createWorkQueue(other, clock)];
    const claim = { reconcilers: ['test.fence'], limit: 1, leaseMs: 1_000 };
    let accepted = 0;
    for (let round = 0; round < rounds; round += 1) {
      await sleeper.enqueue('test.fence', 'a');
      const [first] = await sleeper.claim({ ...claim, holder: 'sleeper' });
      clock.advance(10_000);
      const [second] = await successor.claim({ ...claim, holder: 'successor' });
      if (!first || !second) throw new Error('the key was not to be had');
      const overslept = writeUnder(one, first, 'sleeper').then(
        () => {
          accepted += 1;
        },
        (error: unknown) => expect(error).toBeInstanceOf(FenceLostError),
      );
      await Promise.all([overslept, writeUnder(other, second, 'successor')]);
      expect(await sleeper.renew(first.fence, 1_000)).toBeUndefined();
      expect(await sleeper.settle(first)).toBe(false);
      // Settled and made anew: the old number must not fit the new row either.
      expect(await successor.settle(second)).toBe(true);
      await sleeper.enqueue('test.fence', 'a');
      await successor.claim({ ...claim, holder: 'third' });
      await expect(writeUnder(one, first, 'sleeper')).rejects.toBeInstanceOf(FenceLostError);
      await one.db.execute('delete from core_queue');
    }
    expect(accepted).toBe(0);
    expect(new Set(await effects())).toEqual(new Set(['successor']));
  });

  it('lets nobody take a key over between the check of its fence and the commit, and wakes it meanwhile', async () => {
    const clock = createManualClock();
    const [first, second] = [createWorkQueue(one, clock), createWorkQueue(other, clock)];
    const claim = { reconcilers: ['test.fence'], limit: 1, leaseMs: 1_000 };
    await first.enqueue('test.fence', 'a');
    const [held] = await first.claim({ ...claim, holder: 'first' });
    if (!held) throw new Error('the key was not to be had');
    clock.advance(10_000);
    await one.transaction(async (tx) => {
      await assertFence(tx, held.fence);
      expect(await second.claim({ ...claim, holder: 'second' })).toEqual([]);
      await second.enqueue('test.fence', 'a');
      await tx.execute("insert into effects values ('first', 'a')");
    });
    expect(await second.claim({ ...claim, holder: 'second' })).toHaveLength(1);
    expect(await effects()).toEqual(['first']);
  });

  it('lets one of many hold a lease, and another within two seconds after it was given up', async () => {
    const log: string[] = [];
    const holders = [one, other, one].map((database, index) =>
      createLeases({ database, clock: systemClock, logger: silentLogger }).hold({
        name: 'journal/dev',
        async whileHeld(_fence, signal) {
          log.push(`${index} begins`);
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          log.push(`${index} ends`);
        },
      }),
    );
    await expect.poll(() => log.length).toBe(1);
    const firstIndex = holders.findIndex((holder) => holder.isHeld);
    const givenUpAt = Date.now();
    await holders[firstIndex]?.stop();
    await expect.poll(() => log.length, { timeout: 5_000 }).toBe(3);
    expect(Date.now() - givenUpAt).toBeLessThan(2_000);
    expect(holders.filter((holder) => holder.isHeld)).toHaveLength(1);
    await Promise.all(holders.map((holder) => holder.stop()));
    // Never two at a time: each that begins ends before the next.
    for (let i = 0; i < log.length; i += 2) expect(log[i + 1]).toBe(`${log[i]?.split(' ')[0]} ends`);
  });

  it('passes a lease on when its holder is cut off, and refuses what that still writes', async () => {
    const clock = createManualClock();
    const fences: LeaseFence[] = [];
    const ended: string[] = [];
    const holdWith = (database: TestDatabase, name: string) =>
      createLeases({ database, clock, logger: silentLogger }).hold({
        name: 'journal/dev',
        async whileHeld(fence, signal) {
          fences.push(fence);
          await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
          ended.push(name);
        },
      });
    const first = holdWith(one, 'first');
    await expect.poll(() => fences.length).toBe(1);
    // Cut off: its renewals find the row under another number.
    await one.db.execute("update core_leases set fence = nextval('core_fences'), holder = 'other'");
    const move = async (holds: () => boolean) => {
      while (!holds()) {
        await one.db.execute('select 1');
        clock.advance(500);
      }
    };
    await move(() => ended.length === 1);
    expect(first.isHeld).toBe(false);
    const [fence] = fences;
    if (!fence) throw new Error('never held');
    await expect(one.transaction(async (tx) => assertFence(tx, fence))).rejects.toThrow(
      'lease journal/dev is held by someone else by now',
    );
    await move(() => fences.length === 2);
    const [, again] = fences;
    if (!again) throw new Error('not taken over');
    await one.transaction(async (tx) => assertFence(tx, again));
    expect(again.number).toBeGreaterThan(fence.number);
    await first.stop();
  });
});
