import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { systemClock } from '../../kernel/clock.ts';
import { createFailpoints } from '../../kernel/failpoints.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../open-database.ts';
import type { MigrationSource } from '../read-migrations.ts';

/** Writes an embedded database with these tables into a file, for databases in memory that begin with it. */
export async function makeDatabaseImage(file: string, sources: readonly MigrationSource[]): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'longshore-image-'));
  try {
    const database = await openDatabase({ dataDir, clock: systemClock, logger: silentLogger });
    try {
      await migrate(database, { sources, clock: systemClock, logger: silentLogger, failpoints: createFailpoints() });
    } finally {
      await database.close();
    }
    const pglite = await PGlite.create({ dataDir: join(dataDir, 'pg') });
    const image = await pglite.dumpDataDir('none');
    await pglite.close();
    const unfinished = `${file}.${process.pid}`;
    await writeFile(unfinished, image.stream());
    await rename(unfinished, file);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
