import type { Database } from '../../data/database.ts';
import { pendingMigrations } from '../../data/migrate.ts';
import { MigrationError, type MigrationSource } from '../../data/read-migrations.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { Logger } from '../../kernel/logger.ts';

/** A round trip that takes longer makes every write feel slow, in ms. */
const slowMs = 50;

/** Says whether the database answers, how fast, and whether its tables are those of this version. Changes nothing. */
export async function findingsOfDatabase(
  database: Database,
  sources: readonly MigrationSource[],
  logger: Logger,
): Promise<readonly Finding[]> {
  const about = { area: 'DATABASE', subject: 'database' } as const;
  const { isUp, latencyMs, reason } = await database.health();
  if (!isUp) {
    return [
      {
        ...about,
        state: 'FAILURE',
        message: reason ?? 'It does not answer.',
        cure: 'See whether DATABASE_URL is right, the server runs, and this machine may connect to it.',
      },
    ];
  }
  const answers: Finding =
    latencyMs > slowMs
      ? {
          ...about,
          state: 'WARNING',
          message: `It answers in ${Math.round(latencyMs)} ms.`,
          cure: 'Each write asks it several times: let it run near the gateway.',
        }
      : { ...about, state: 'OK', message: `It answers in ${Math.round(latencyMs)} ms.`, cure: undefined };
  return [answers, await findingOfTables(database, sources, logger)];
}

async function findingOfTables(
  database: Database,
  sources: readonly MigrationSource[],
  logger: Logger,
): Promise<Finding> {
  const about = { area: 'DATABASE', subject: 'tables' } as const;
  try {
    const missing = await pendingMigrations(database, sources, logger);
    if (missing.length === 0)
      return { ...about, state: 'OK', message: 'They are those of this version.', cure: undefined };
    const names = missing.slice(0, 5).map(({ plugin, name }) => `${plugin}/${name}`);
    return {
      ...about,
      state: 'WARNING',
      message: `${missing.length} migrations are not applied: ${names.join(', ')}${missing.length > 5 ? ', …' : ''}.`,
      cure: 'The gateway applies them when it starts; or run: longshore migrate',
    };
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return {
      ...about,
      state: 'FAILURE',
      message: error.message,
      cure: 'The files in migrations/ must be those that were applied: install the version that belongs to this database.',
    };
  }
}
