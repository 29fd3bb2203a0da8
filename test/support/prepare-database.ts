import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDatabaseImage } from '../../src/data/testing/make-database-image.ts';
import { coreMigrations } from '../../src/data/testing/open-test-database.ts';

let folder: string | undefined;

/** Before a run with gateways: their databases begin with the tables of core, which each had to make for itself otherwise. */
export async function setup(): Promise<void> {
  folder = await mkdtemp(join(tmpdir(), 'longshore-tests-'));
  const image = join(folder, 'core.tar.gz');
  await makeDatabaseImage(image, [coreMigrations]);
  process.env.LONGSHORE_TEST_DATABASE_IMAGE = image;
}

export async function teardown(): Promise<void> {
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
