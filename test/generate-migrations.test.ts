import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateNextMigration, type MigrationTarget } from '../deploy/generate-migrations.ts';

const script = fileURLToPath(new URL('../deploy/generate-migrations.ts', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

/** A plugin's folder inside the project, so that its imports resolve. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'node_modules', '.migrations-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** As from the command line, in a process of its own. */
async function run(...flags: string[]): Promise<{ code: number; output: string }> {
  const args = ['--conditions=source', script, ...flags];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}

/** Each state of the tables is a module of its own: a module is read once. */
async function tables(state: string, columns: string, name = 'acme_cases'): Promise<MigrationTarget> {
  const file = join(folder, `${state}.mjs`);
  await writeFile(
    file,
    `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
     export const cases = pgTable('${name}', { id: text('id').primaryKey(), ${columns} });`,
  );
  return { plugin: 'acme', tables: file, folder: join(folder, 'migrations') };
}
const createdAt = "createdAt: timestamp('created_at').notNull()";

describe('generate-migrations', () => {
  it("finds the project's own tables and migrations in agreement", async () => {
    expect(await run('--check')).toEqual({ code: 0, output: 'tables and migrations agree\n' });
  });

  it('fails with --check where a migration is missing, and shows it (refused)', async () => {
    await tables('tables', createdAt);
    const forAcme = ['--plugin', 'acme', '--tables', './tables.mjs', '--out', './migrations'];
    expect(await run(...forAcme, '--check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('CREATE TABLE "acme_cases"'),
    });
    expect(await readdir(folder)).toEqual(['tables.mjs']);
  });

  it("writes a plugin's first migration and then only what changed, and a check writes nothing", async () => {
    const first = await tables('first', createdAt);
    expect((await generateNextMigration(first, { isCheck: true }))?.sql).toContain('CREATE TABLE "acme_cases"');
    await generateNextMigration(first, { isCheck: false });
    expect(await generateNextMigration(first, { isCheck: true })).toBeUndefined();
    const second = await tables('second', `${createdAt}, title: text('title')`);
    expect(await generateNextMigration(second, { isCheck: true })).toBeDefined();
    await generateNextMigration(second, { isCheck: false, name: 'add_title' });
    expect((await readdir(join(folder, 'migrations'))).sort()).toEqual(['0001_init.sql', '0002_add_title.sql', 'meta']);
    expect(await readFile(join(folder, 'migrations', '0002_add_title.sql'), 'utf8')).toBe(
      'ALTER TABLE "acme_cases" ADD COLUMN "title" text;\n',
    );
  });

  it('puts what a plugin states beside its tables behind them, once each', async () => {
    const state = async (name: string, rules: readonly string[]) => {
      const place = join(folder, name);
      await mkdir(place);
      await writeFile(join(place, 'table-rules.mjs'), `export const tableRules = ${JSON.stringify(rules)};`);
      return { ...(await tables(join(name, 'tables'), createdAt)), folder: join(folder, 'migrations') };
    };
    const first = await state('first', ['SELECT 1;']);
    const made = await generateNextMigration(first, { isCheck: false });
    expect(made?.sql).toMatch(/^CREATE TABLE "acme_cases"[\s\S]*\n--> statement-breakpoint\nSELECT 1;\n$/);
    expect(await generateNextMigration(first, { isCheck: true })).toBeUndefined();
    const second = await state('second', ['SELECT 1;', 'SELECT 2;']);
    expect((await generateNextMigration(second, { isCheck: false }))?.sql).toBe('SELECT 2;\n');
    await expect(generateNextMigration(await state('third', ['SELECT 2;']), { isCheck: true })).rejects.toThrow(
      "tableRules of plugin 'acme' have a migration already",
    );
  });

  it.each([
    {
      name: "another plugin's prefix",
      columns: createdAt,
      table: 'release_cases',
      message: "'release_cases' of plugin 'acme' must begin with acme_",
    },
    {
      name: 'a table without created_at',
      columns: "title: text('title')",
      table: 'acme_cases',
      message: "table 'acme_cases' must have a column created_at",
    },
  ])('refuses $name (refused)', async ({ columns, table, message }) => {
    const target = await tables('tables', columns, table);
    await expect(generateNextMigration(target, { isCheck: false })).rejects.toThrow(message);
  });
});
