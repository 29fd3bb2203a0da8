import { fileURLToPath } from 'node:url';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { createFailpoints } from '../../kernel/failpoints.ts';
import { type Logger, silentLogger } from '../../kernel/logger.ts';
import type { Database } from '../database.ts';
import { migrate } from '../migrate.ts';
import { openDatabase } from '../open-database.ts';
import type { MigrationSource } from '../read-migrations.ts';
import { testDatabaseUrl } from './test-database-url.ts';

export interface TestDatabase extends Database {
  /** Empties every table but the history of migrations; for `beforeEach`. */
  empty(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface TestDatabaseOptions {
  /**
   * Clock of the database's own time limits; default the system's, even where all else runs on a clock of the test: a
   * leap by hours must not cut off the statement that happens to be under way.
   */
  readonly clock?: Clock;
  readonly logger?: Logger;
  /** A server instead, see `startPostgres`. */
  readonly url?: string;
  /** Of plugins, after core's. */
  readonly migrations?: readonly MigrationSource[];
}

export const coreMigrations: MigrationSource = {
  plugin: 'core',
  folder: fileURLToPath(new URL('../../../migrations/core', import.meta.url)),
};

/**
 * A fresh database in memory with core's tables, and those of `migrations`, in about a second: open one per test file
 * in `beforeAll`, close it in `afterAll`. It runs one transaction at a time; tests of concurrency use
 * `startPostgres`.
 */
export async function openTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const clock = options.clock ?? systemClock;
  const logger = options.logger ?? silentLogger;
  const database = await openDatabase({ url: options.url ?? testDatabaseUrl(), dataDir: '', clock, logger });
  try {
    const sources = [coreMigrations, ...(options.migrations ?? [])];
    await migrate(database, { sources, clock, logger, failpoints: createFailpoints() });
  } catch (error) {
    await database.close();
    throw error;
  }
  return { ...database, empty: () => emptyTables(database), [Symbol.asyncDispose]: () => database.close() };
}

async function emptyTables(database: Database): Promise<void> {
  const rows = await database.db.execute<{ name: string }>(
    "select quote_ident(tablename) as name from pg_tables where schemaname = current_schema() and tablename <> 'core_migrations'",
  );
  if (rows.length > 0) await database.db.execute(`truncate ${rows.map((row) => row.name).join(', ')}`);
}
