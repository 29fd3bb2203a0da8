import { loadSettings } from '../../config/load-settings.ts';
import { migrate } from '../../data/migrate.ts';
import { openDatabase } from '../../data/open-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import { createFailpoints } from '../../kernel/failpoints.ts';
import { loadPlugins } from '../../kernel/load-plugins.ts';
import { planPlugins } from '../../kernel/plan-plugins.ts';
import { migrationSources } from '../migration-sources.ts';
import { createLogger } from '../telemetry/create-logger.ts';
import type { Environment } from './environment.ts';

/** `longshore migrate`: brings the database up to date and ends. */
export async function runMigrate(flags: readonly string[], env: Environment): Promise<number> {
  const settings = loadSettings({ mode: 'migrate', argv: flags, env });
  const logger = createLogger(settings);
  const clock = systemClock;
  const { loaded, failed } = await loadPlugins({ plugins: settings.plugins, baseFolder: process.cwd(), clock });
  const { order } = planPlugins(loaded, new Map(failed.map(({ plugin, reason }) => [plugin, reason])));
  const database = await openDatabase({ url: settings.databaseUrl, dataDir: settings.dataDir, clock, logger });
  try {
    const sources = migrationSources(order.map(({ manifest }) => manifest));
    const applied = await migrate(database, { sources, clock, logger, failpoints: createFailpoints() });
    for (const { plugin, name } of applied) process.stdout.write(`applied ${plugin}/${name}\n`);
    process.stdout.write(`The database is up to date (${applied.length} applied).\n`);
    return 0;
  } finally {
    await database.close();
  }
}
