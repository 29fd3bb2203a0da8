import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const script = fileURLToPath(new URL('../deploy/generate-migrations.ts', import.meta.url));
const root = fileURLToPath(new URL('..', import.meta.url));

/** A plugin's folder inside the project, so that its imports resolve. */
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(root, 'node_modules', '.migrations-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function generate(...flags: string[]): Promise<{ code: number; output: string }> {
  const args = ['--conditions=source', script, ...flags];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error ? 1 : 0, output: stdout + stderr });
    });
  });
}
const forAcme = ['--plugin', 'acme', '--tables', './tables.mjs', '--out', './migrations'];
const tables = (columns: string, name = 'acme_cases') =>
  writeFile(
    join(folder, 'tables.mjs'),
    `import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';
     export const cases = pgTable('${name}', { id: text('id').primaryKey(), ${columns} });`,
  );
const createdAt = "createdAt: timestamp('created_at').notNull()";

describe('generate-migrations', () => {
  it("finds the project's own tables and migrations in agreement", async () => {
    expect(await generate('--check')).toEqual({ code: 0, output: 'tables and migrations agree\n' });
  });

  it("writes a plugin's first migration and then only what changed, and --check tells of what is missing", async () => {
    await tables(createdAt);
    expect(await generate(...forAcme, '--check')).toMatchObject({
      code: 1,
      output: expect.stringContaining('CREATE TABLE "acme_cases"'),
    });
    expect(await generate(...forAcme)).toMatchObject({ code: 0 });
    expect(await generate(...forAcme, '--check')).toMatchObject({ code: 0 });
    await tables(`${createdAt}, title: text('title')`);
    expect(await generate(...forAcme, '--check')).toMatchObject({ code: 1 });
    await generate(...forAcme, '--name', 'add_title');
    expect((await readdir(join(folder, 'migrations'))).sort()).toEqual(['0001_init.sql', '0002_add_title.sql', 'meta']);
    expect(await readFile(join(folder, 'migrations', '0002_add_title.sql'), 'utf8')).toBe(
      'ALTER TABLE "acme_cases" ADD COLUMN "title" text;\n',
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
    await tables(columns, table);
    expect(await generate(...forAcme)).toMatchObject({ code: 1, output: expect.stringContaining(message) });
  });
});
