import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UpstreamError } from '../kernel/answer-error.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import type { Database } from './database.ts';
import { openDatabase } from './open-database.ts';
import { startPostgres } from './testing/start-postgres.ts';

const server = await startPostgres();

describe.skipIf(!server)('the database on a PostgreSQL server', () => {
  let url = '';
  const opened: Database[] = [];
  beforeAll(async () => {
    url = (await server?.createDatabase()) ?? '';
    const database = await open();
    await database.db.execute('create table things (name text primary key)');
  });
  afterAll(async () => {
    await Promise.all(opened.map((database) => database.close()));
    await server?.stop();
  });

  async function open(options: { clock?: Clock; maxConnections?: number } = {}): Promise<Database> {
    const database = await openDatabase({ url, dataDir: '', clock: systemClock, logger: silentLogger, ...options });
    opened.push(database);
    return database;
  }
  const pidOf = async (handle: Pick<Database['db'], 'execute'>) =>
    (await handle.execute<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid;
  const countThings = async (database: Database) => (await database.db.execute('select 1 from things')).length;

  it('runs transactions side by side', async () => {
    const database = await open();
    const second = Promise.withResolvers<void>();
    const first = database.transaction(async (tx) => {
      await tx.execute('select 1');
      await second.promise;
      return 'first';
    });
    await database.transaction(async (tx) => tx.execute('select 1'));
    second.resolve();
    expect(await first).toBe('first');
  });

  it('answers UpstreamError when the connection breaks in a transaction, and nothing of it stays', async () => {
    const database = await open({ maxConnections: 1 });
    const admin = await open();
    const work = database.transaction(async (tx) => {
      await tx.execute("insert into things values ('lost')");
      const pid = await pidOf(tx);
      await killBackend(admin, pid);
      // What goes on regardless must not run on the next connection, outside of the transaction.
      await tx.execute("insert into things values ('astray')").catch(() => undefined);
      await tx.execute("insert into things values ('astray too')").catch(() => undefined);
    });
    await expect(work).rejects.toBeInstanceOf(UpstreamError);
    expect(await countThings(database)).toBe(0);
  });

  it('answers at once when the connection breaks while a transaction waits for something else', async () => {
    const database = await open({ maxConnections: 1 });
    const admin = await open();
    const begun = Promise.withResolvers<number | undefined>();
    const work = database.transaction(async (tx) => {
      begun.resolve(await pidOf(tx));
      await new Promise(() => {});
    });
    const refused = expect(work).rejects.toThrow(
      new UpstreamError('database', 'the connection to the database was lost'),
    );
    await killBackend(admin, await begun.promise);
    await refused;
    expect(await countThings(database)).toBe(0);
  });

  it('says that the outcome is not known where the connection breaks at the commit', async () => {
    const database = await open({ maxConnections: 1 });
    await database.db.execute(`
      create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$`);
    await database.db.execute(`
      create constraint trigger die after insert on things deferrable initially deferred for each row execute function die()`);
    const work = database.transaction(async (tx) => tx.execute("insert into things values ('maybe')"));
    await expect(work).rejects.toThrow('whether it was done is not known');
    await database.db.execute('drop trigger die on things');
    expect(await countThings(database)).toBe(0);
  });

  it('cancels a statement that takes too long, also on the server', async () => {
    const clock = createManualClock();
    const database = await open({ clock });
    const admin = await open();
    const running = async () =>
      (
        await admin.db.execute(
          "select 1 from pg_stat_activity where query like 'select pg_sleep(99)%' and state = 'active'",
        )
      ).length;
    const work = database.db.execute('select pg_sleep(99)').then(
      () => undefined,
      (error: unknown) => error,
    );
    await expect.poll(running).toBe(1);
    clock.advance(30_000);
    expect(await work).toBeInstanceOf(UpstreamError);
    await expect.poll(running).toBe(0);
    expect(await countThings(database)).toBe(0);
  });

  it('refuses after a while where no connection gets free (refused)', async () => {
    const clock = createManualClock();
    const database = await open({ clock, maxConnections: 1 });
    const end = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    const first = database.transaction(async (tx) => {
      await tx.execute('select 1');
      begun.resolve();
      await end.promise;
    });
    await begun.promise;
    const second = expect(database.db.execute('select 1')).rejects.toThrow('no free connection within 30000 ms');
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(30_000);
    await second;
    end.resolve();
    await first;
  });

  it('signals other replicas, its own listeners once, and in a transaction only after the commit', async () => {
    const [one, other] = [await open(), await open()];
    const seenByOne: string[] = [];
    const seenByOther: string[] = [];
    one.onSignal('things', (id) => seenByOne.push(id));
    other.onSignal('things', (id) => seenByOther.push(id));
    await expect
      .poll(async () => {
        await one.signal('things', 'hello');
        return seenByOther.length;
      })
      .toBeGreaterThan(0);
    await one
      .transaction(async () => {
        await one.signal('things', 'never');
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await one.transaction(async () => one.signal('things', 'last'));
    await expect.poll(() => seenByOther.at(-1)).toBe('last');
    expect(seenByOther).not.toContain('never');
    expect(seenByOne.filter((id) => id === 'last')).toEqual(['last']);
  });

  it('names neither password nor parameters where the server cannot be reached (refused)', async () => {
    const unreachable = await openDatabase({
      url: 'postgres://someone:hunter2@127.0.0.1:1/none',
      dataDir: '',
      clock: systemClock,
      logger: silentLogger,
    });
    opened.push(unreachable);
    const error: unknown = await unreachable.db.execute(sql`select ${'secret-value'}`).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ message: 'the database cannot be reached (ECONNREFUSED)', upstream: 'database' });
    const all = JSON.stringify([error, (error as Error).cause, String((error as Error).cause)]);
    expect(all).not.toMatch(/hunter2|secret-value/);
  });

  it.skipIf(!server?.crash)('fails while the server is gone and works again by itself when it is back', async () => {
    const [database, other] = [await open(), await open()];
    const seen: string[] = [];
    let gaps = 0;
    other.onSignal('after', (id) => seen.push(id));
    other.onSignalGap(() => {
      gaps += 1;
    });
    await expect
      .poll(async () => {
        await database.signal('after', 'before the crash');
        return seen.length;
      })
      .toBeGreaterThan(0);
    const crashed = await server?.crash?.();
    await expect(database.db.execute('select 1')).rejects.toBeInstanceOf(UpstreamError);
    expect(await database.health()).toMatchObject({ isUp: false });
    await crashed?.startAgain();
    await expect.poll(async () => (await database.health()).isUp, { timeout: 10_000 }).toBe(true);
    expect(await countThings(database)).toBe(0);
    await expect.poll(() => gaps, { timeout: 15_000 }).toBe(1);
    await database.signal('after', 'after the crash');
    await expect.poll(() => seen.at(-1)).toBe('after the crash');
  });

  it.skipIf(!server?.crash)('hears other replicas although the server was away at the start', async () => {
    const crashed = await server?.crash?.();
    const late = await open();
    const seen: string[] = [];
    let gaps = 0;
    late.onSignal('late', (id) => seen.push(id));
    late.onSignalGap(() => {
      gaps += 1;
    });
    await expect(late.db.execute('select 1')).rejects.toBeInstanceOf(UpstreamError);
    await crashed?.startAgain();
    await expect.poll(() => gaps, { timeout: 15_000 }).toBeGreaterThan(0);
    const other = await open();
    await other.signal('late', 'hello');
    await expect.poll(() => seen).toEqual(['hello']);
  });

  async function killBackend(admin: Database, pid: number | undefined): Promise<void> {
    await admin.db.execute(sql`select pg_terminate_backend(${pid ?? 0})`);
    await expect
      .poll(async () => (await admin.db.execute(sql`select 1 from pg_stat_activity where pid = ${pid ?? 0}`)).length)
      .toBe(0);
  }
});
