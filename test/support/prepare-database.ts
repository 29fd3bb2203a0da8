import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDatabaseImage } from '../../src/data/testing/make-database-image.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = join(root, 'node_modules/.cache/longshore');
const dayMs = 24 * 3_600_000;

/**
 * Before a run: databases of tests begin with the tables of all plugins, which each had to make for itself otherwise. The image is kept
 * for the next run, and is found by what it was made from.
 */
export async function setup(): Promise<void> {
  const files = globSync('migrations/*/*.sql', { cwd: root }).sort();
  const engine = join(root, 'node_modules/@electric-sql/pglite/package.json');
  const hash = createHash('sha256').update(readFileSync(engine));
  for (const file of files) hash.update(`${file}\n`).update(readFileSync(join(root, file)));
  const image = join(folder, `tables-${hash.digest('hex').slice(0, 16)}.tar`);
  if (!existsSync(image)) {
    await mkdir(folder, { recursive: true });
    await removeOld();
    const folders = [...new Set(files.map((file) => join(root, dirname(file))))];
    const isCore = (each: string): boolean => basename(each) === 'core';
    const ordered = [...folders.filter(isCore), ...folders.filter((each) => !isCore(each))];
    await makeDatabaseImage(
      image,
      ordered.map((each) => ({ plugin: basename(each), folder: each })),
    );
  }
  const now = new Date();
  await utimes(image, now, now);
  process.env.LONGSHORE_TEST_DATABASE_IMAGE = image;
}

/** Those that no run has used since yesterday. */
async function removeOld(): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > dayMs) await rm(file);
  }
}
