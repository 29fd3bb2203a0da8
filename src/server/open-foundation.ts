import type { Database } from '../data/database.ts';
import { openDatabase } from '../data/open-database.ts';
import type { RoomsOfPlugin } from '../graph/plugin-environment.ts';
import { loadPlugins } from '../kernel/load-plugins.ts';
import { type PluginRun, runPlugins } from '../kernel/run-plugins.ts';
import type { Closers } from './close-all.ts';
import { type PreparedClusters, prepareClusters } from './prepare-clusters.ts';
import type { Runtime } from './runtime.ts';

export interface Foundation {
  readonly database: Database;
  readonly prepared: PreparedClusters;
  readonly plugins: PluginRun;
}

/** What takes long, side by side: the database, the embedded cluster, the plugins' modules. */
export async function openFoundation(
  runtime: Runtime,
  closers: Closers,
  rooms: () => RoomsOfPlugin,
): Promise<Foundation> {
  const { settings, clock, logger, failpoints } = runtime;

  async function open(): Promise<Database> {
    const database = await openDatabase({ url: runtime.databaseUrl, dataDir: settings.dataDir, clock, logger });
    closers.add('database', () => database.close());
    return database;
  }
  async function prepare(): Promise<PreparedClusters> {
    const prepared = await prepareClusters(settings, clock, logger, runtime.clusterSpeed);
    closers.add('embedded cluster', () => prepared.embedded?.stop());
    return prepared;
  }
  async function load(): Promise<PluginRun> {
    const plugins = await loadPlugins({
      plugins: settings.plugins,
      baseFolder: process.cwd(),
      clock,
      ...(runtime.hostModules ? { hostModules: runtime.hostModules } : {}),
    });
    return runPlugins({
      plugins,
      pluginSettings: settings.pluginSettings,
      clock,
      logger,
      failpoints,
      environmentOf: rooms,
    });
  }

  // All have to end before one's failure is told: what the others have opened must be there to be closed.
  const [database, prepared, plugins] = await Promise.allSettled([open(), prepare(), load()]);
  return { plugins: fulfilled(plugins), database: fulfilled(database), prepared: fulfilled(prepared) };
}

function fulfilled<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
