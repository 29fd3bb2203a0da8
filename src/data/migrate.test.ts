import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../kernel/clock.ts';
import { createFailpoints } from '../kernel/failpoints.ts';
import { type Logger, silentLogger } from '../kernel/logger.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { openDatabase } from './open-database.ts';
import type { MigrationSource } from './read-migrations.ts';
import { coreMigrations, openTestDatabase, type TestDatabase } from './testing/open-test-database.ts';
import { startPostgres } from './testing/start-postgres.ts';

const server = await startPostgres();
afterAll(() => server?.stop());

let root: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.execute(
    "drop table if exists acme_one, other_one; delete from core_migrations where plugin <> 'core'",
  );
  root = await mkdtemp(join(tmpdir(), 'longshore-migrations-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const one = 'create table acme_one (id integer);\n--> statement-breakpoint\ninsert into acme_one values (1);\n';
const two = 'alter table acme_one add column name text;\n--> statement-breakpoint\ninsert into acme_one values (2);\n';

async function source(files: Readonly<Record<string, string>>, plugin = 'acme'): Promise<MigrationSource> {
  const folder = join(root, plugin);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return { plugin, folder };
}

const run = (
  database: Database,
  sources: readonly MigrationSource[],
  over: { logger?: Logger; failpoints?: ReturnType<typeof createFailpoints> } = {},
) => migrate(database, { sources, clock: systemClock, logger: silentLogger, failpoints: createFailpoints(), ...over });
const ids = async (database: Database) =>
  (await database.db.execute<{ id: number }>('select id from acme_one order by id')).map((row) => row.id);
const hasTable = async (database: Database) =>
  (await database.db.execute("select to_regclass('acme_one') as name"))[0]?.name !== null;

describe('migrate', () => {
  it('applies what is missing, in order, and nothing twice', async () => {
    expect((await run(database, [await source({ '0001_one.sql': one })])).map((migration) => migration.name)).toEqual([
      '0001_one.sql',
    ]);
    const both = await source({ '0001_one.sql': one, '0002_two.sql': two });
    expect((await run(database, [both])).map((migration) => migration.name)).toEqual(['0002_two.sql']);
    expect(await run(database, [both])).toEqual([]);
    expect(await ids(database)).toEqual([1, 2]);
  });

  it('takes the sources in the order given, and a folder as file URL too', async () => {
    const first = await source({ '0001_one.sql': one });
    const second = await source({ '0001_more.sql': 'insert into acme_one values (9);' }, 'later');
    const applied = await run(database, [{ ...first, folder: pathToFileURL(first.folder).href }, second]);
    expect(applied.map((migration) => migration.plugin)).toEqual(['acme', 'later']);
  });

  it('takes other line ends for the same migration', async () => {
    await run(database, [await source({ '0001_one.sql': one })]);
    expect(await run(database, [await source({ '0001_one.sql': one.replaceAll('\n', '\r\n') })])).toEqual([]);
  });

  it.each([
    {
      name: 'a changed file',
      files: { '0001_one.sql': `${one} `, '0002_two.sql': two },
      message: 'migration acme/0001_one.sql was changed after it had been applied; add a new one instead',
    },
    {
      name: 'a renamed file',
      files: { '0001_uno.sql': one, '0002_two.sql': two },
      message: 'migration acme/0001_one.sql was applied but its file is missing; found 0001_uno.sql',
    },
    {
      name: 'a missing file',
      files: { '0002_two.sql': two },
      message: 'migration acme/0002_two.sql comes where number 1 is missing',
    },
    { name: 'no file at all', files: {}, message: 'migration acme/0001_one.sql was applied but its file is missing' },
    {
      name: 'a gap',
      files: { '0001_one.sql': one, '0003_three.sql': two },
      message: 'migration acme/0003_three.sql comes where number 2 is missing',
    },
    {
      name: 'a number used twice',
      files: { '0001_one.sql': one, '0001_zwei.sql': two },
      message: 'migration acme/0001_zwei.sql has a number that another file has',
    },
    {
      name: 'a file of another form',
      files: { '0001_one.sql': one, 'two.sql': two },
      message: 'migration acme/two.sql must be named like 0001_name.sql',
    },
  ])('refuses $name and changes nothing (refused)', async ({ files, message }) => {
    await run(database, [await source({ '0001_one.sql': one })]);
    const other = await source({ '0001_other.sql': 'create table other_one (id integer);' }, 'other');
    await expect(run(database, [other, await source(files)])).rejects.toThrow(message);
    expect((await database.db.execute("select to_regclass('other_one') as name"))[0]?.name).toBeNull();
  });

  it('refuses a folder that is not there (refused)', async () => {
    await expect(run(database, [{ plugin: 'acme', folder: '/nowhere' }])).rejects.toThrow(
      "the migrations folder of plugin 'acme' cannot be read: /nowhere",
    );
  });

  it('goes on with a database that a newer version has migrated, and says so', async () => {
    await run(database, [await source({ '0001_one.sql': one, '0002_two.sql': two })]);
    const warnings: object[] = [];
    const logger: Logger = { ...silentLogger, warn: (context) => warnings.push(context) };
    expect(await run(database, [await source({ '0001_one.sql': one })], { logger })).toEqual([]);
    expect(warnings).toEqual([{ plugin: 'acme', migration: '0002_two.sql' }]);
  });

  it('names the file and the reason of a statement that fails, and keeps nothing of that file', async () => {
    const broken = await source({ '0001_one.sql': `${one}--> statement-breakpoint\nselect nonsense;` });
    await expect(run(database, [broken])).rejects.toThrow(
      'migration acme/0001_one.sql failed: column "nonsense" does not exist',
    );
    expect(await hasTable(database)).toBe(false);
  });

  it.each([
    { failpoint: 'migrate.before-statement', nth: 1 },
    { failpoint: 'migrate.before-statement', nth: 2 },
    { failpoint: 'migrate.before-statement', nth: 3 },
    { failpoint: 'migrate.before-statement', nth: 4 },
    { failpoint: 'migrate.before-history', nth: 1 },
    { failpoint: 'migrate.before-history', nth: 2 },
    { failpoint: 'migrate.before-commit', nth: 1 },
    { failpoint: 'migrate.before-commit', nth: 2 },
  ])('completes when run again after it ended at $failpoint ($nth)', async ({ failpoint, nth }) => {
    const sources = [await source({ '0001_one.sql': one, '0002_two.sql': two })];
    const failpoints = createFailpoints();
    let passed = 0;
    failpoints.arm(failpoint, () => {
      passed += 1;
      if (passed === nth) throw new Error('killed');
    });
    await expect(run(database, sources, { failpoints })).rejects.toThrow('killed');
    await run(database, sources);
    expect(await ids(database)).toEqual([1, 2]);
  });

  it.skipIf(!server)('runs once where five replicas start at once, and leaves all five ready', async () => {
    const url = await server?.createDatabase();
    const open = () => openDatabase({ url, dataDir: '', clock: systemClock, logger: silentLogger });
    const replicas = await Promise.all([open(), open(), open(), open(), open()]);
    try {
      const sources = [coreMigrations, await source({ '0001_one.sql': one, '0002_two.sql': two })];
      const core = (await readdir(coreMigrations.folder)).filter((name) => name.endsWith('.sql')).sort();
      const applied = await Promise.all(
        replicas.map(async (replica) => {
          const mine = await run(replica, sources);
          expect(await ids(replica)).toEqual([1, 2]);
          return mine;
        }),
      );
      expect(
        applied
          .flat()
          .map((migration) => `${migration.plugin}/${migration.name}`)
          .sort(),
      ).toEqual(['acme/0001_one.sql', 'acme/0002_two.sql', ...core.map((name) => `core/${name}`)]);
    } finally {
      await Promise.all(replicas.map((replica) => replica.close()));
    }
  });
});
