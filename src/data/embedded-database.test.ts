import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UpstreamError } from '../kernel/answer-error.ts';
import { systemClock } from '../kernel/clock.ts';
import { silentLogger } from '../kernel/logger.ts';
import { createManualClock } from '../kernel/manual-clock.ts';
import type { Database } from './database.ts';
import { DataFolderInUseError, lockDataFolder } from './lock-data-folder.ts';
import { openDatabase } from './open-database.ts';
import { startPglite } from './start-pglite.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = join(await mkdtemp(join(tmpdir(), 'longshore-data-')), 'data');
});
afterEach(() => rm(join(dataDir, '..'), { recursive: true, force: true }));

const open = (): Promise<Database> => openDatabase({ dataDir, clock: systemClock, logger: silentLogger });
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe('the embedded database', () => {
  it('keeps its data in a folder of its own over a restart, and gives the folder back', async () => {
    const first = await open();
    await first.db.execute('create table things (name text)');
    await first.db.execute("insert into things values ('kept')");
    expect([await modeOf(dataDir), await modeOf(join(dataDir, 'pg'))]).toEqual(['700', '700']);
    await first.close();
    expect(await readdir(dataDir)).toEqual(['pg']);
    const second = await open();
    expect(await second.db.execute('select name from things')).toEqual([{ name: 'kept' }]);
    await second.close();
  });

  it('seeds anew what an interrupted first start left', async () => {
    await mkdir(join(dataDir, 'pg'), { recursive: true });
    await writeFile(join(dataDir, 'pg', 'PG_VERSION'), '18');
    await writeFile(join(dataDir, 'pg.seeding'), '');
    const database = await open();
    expect(await database.health()).toMatchObject({ isUp: true });
    await database.close();
    expect(await readdir(dataDir)).toEqual(['pg']);
  });

  it('gives lock and socket back when it does not start', async () => {
    await mkdir(join(dataDir, 'pg'), { recursive: true });
    await writeFile(join(dataDir, 'pg', 'PG_VERSION'), 'nonsense');
    await expect(open()).rejects.toThrow('the embedded database');
    expect(await readdir(dataDir)).toEqual(['pg']);
  });

  it('refuses a folder that is in use, in one line (refused)', async () => {
    const first = await open();
    const error: unknown = await open().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DataFolderInUseError);
    expect((error as Error).message).toBe(
      `data folder in use by process ${process.pid}: ${dataDir}. Stop that process, or give this one a folder of its own.`,
    );
    await first.close();
  });

  it('starts again from its files when a statement brings it to a standstill', async () => {
    const clock = createManualClock();
    const database = await openDatabase({ dataDir, clock, logger: silentLogger });
    await database.db.execute('create table things (name text)');
    await database.db.execute("insert into things values ('kept')");
    await database.db.execute(
      'create function endless() returns int language plpgsql as $$ begin loop end loop; return 1; end $$',
    );
    const endless = database.db.execute('select endless()').then(
      () => undefined,
      (error: unknown) => error,
    );
    const waiting = database.db.execute('select name from things').catch((error: unknown) => error);
    let isOver = false;
    void Promise.all([endless, waiting]).then(() => {
      isOver = true;
    });
    while (!isOver) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(1_000);
    }
    expect(await endless).toBeInstanceOf(UpstreamError);
    const names = async () => {
      clock.advance(1_000);
      return database.db.execute('select name from things').catch(() => undefined);
    };
    await expect.poll(names, { timeout: 10_000 }).toEqual([{ name: 'kept' }]);
    await database.close();
  });

  it('listens on a socket that only its owner reaches, with a short path, and removes it', async () => {
    const pglite = await startPglite({ folder: undefined, clock: systemClock, logger: silentLogger });
    const folder = join(pglite.socketPath, '..');
    expect(Buffer.byteLength(pglite.socketPath)).toBeLessThanOrEqual(100);
    expect(await modeOf(folder)).toBe('700');
    await pglite.close();
    await expect(stat(folder)).rejects.toThrow('ENOENT');
  });

  it('closes twice without harm, and refuses what comes after', async () => {
    const database = await openDatabase({ url: 'memory:', dataDir: '', clock: systemClock, logger: silentLogger });
    await Promise.all([database.close(), database.close()]);
    await expect(database.db.execute('select 1')).rejects.toThrow('the database is closed');
  });
});

describe('lockDataFolder', () => {
  const lockPath = () => join(dataDir, 'lock');
  async function hold(holder: object): Promise<void> {
    await mkdir(dataDir, { recursive: true });
    await writeFile(lockPath(), JSON.stringify({ startedAt: '', token: 'theirs', ...holder }));
  }
  const me = async () =>
    JSON.parse(await readFile(lockPath(), 'utf8')) as { pid: number; host: string; startedAt: string };

  it('admits one of many that come at once', async () => {
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => lockDataFolder(dataDir, systemClock)));
    const locks = attempts.filter((attempt) => attempt.status === 'fulfilled');
    expect(locks).toHaveLength(1);
    await locks[0]?.value.release();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('takes over from a process that died without a word', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    const { pid } = child;
    await once(child, 'exit');
    const probe = await lockDataFolder(dataDir, systemClock);
    const { host } = await me();
    await probe.release();
    await hold({ pid, host });
    const lock = await lockDataFolder(dataDir, systemClock);
    expect((await me()).pid).toBe(process.pid);
    await lock.release();
  });

  it('takes over from an earlier process that had the same number', async () => {
    const probe = await lockDataFolder(dataDir, systemClock);
    const { host } = await me();
    await probe.release();
    await hold({ pid: process.pid, host, startedAt: '1' });
    await (await lockDataFolder(dataDir, systemClock)).release();
    await hold({ pid: process.ppid, host, startedAt: '1' });
    await (await lockDataFolder(dataDir, systemClock)).release();
  });

  it('takes over a lock that is no lock', async () => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(lockPath(), 'rubbish');
    await (await lockDataFolder(dataDir, systemClock)).release();
  });

  it('leaves a living process its folder (refused)', async () => {
    const probe = await lockDataFolder(dataDir, systemClock);
    const { host } = await me();
    await probe.release();
    await hold({ pid: process.ppid, host });
    await expect(lockDataFolder(dataDir, systemClock)).rejects.toThrow(`data folder in use by process ${process.ppid}`);
  });

  it('leaves another machine its folder while its lock is fresh (refused)', async () => {
    await hold({ pid: 1, host: 'elsewhere' });
    await expect(lockDataFolder(dataDir, systemClock)).rejects.toBeInstanceOf(DataFolderInUseError);
  });

  it('gives back only its own lock', async () => {
    const lock = await lockDataFolder(dataDir, systemClock);
    await hold({ pid: 1, host: 'elsewhere' });
    await lock.release();
    expect((await me()).host).toBe('elsewhere');
  });
});
