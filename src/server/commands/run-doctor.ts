import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../../config/config-error.ts';
import { loadSettings } from '../../config/load-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { DataFolderInUseError } from '../../data/lock-data-folder.ts';
import { openDatabase } from '../../data/open-database.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Finding } from '../../kernel/finding.ts';
import { loadPlugins } from '../../kernel/load-plugins.ts';
import { silentLogger } from '../../kernel/logger.ts';
import type { PluginManifest } from '../../kernel/manifest.ts';
import { planPlugins } from '../../kernel/plan-plugins.ts';
import { PluginError } from '../../kernel/plugin-error.ts';
import type { PluginState } from '../../kernel/run-plugins.ts';
import { createClusters } from '../../kube/create-clusters.ts';
import { findingsOfClusters } from '../doctor/findings-of-clusters.ts';
import { findingsOfDatabase } from '../doctor/findings-of-database.ts';
import { findingsOfPlugins } from '../doctor/findings-of-plugins.ts';
import { findingsOfSettings } from '../doctor/findings-of-settings.ts';
import { renderFindings } from '../doctor/render-findings.ts';
import { migrationSources } from '../migration-sources.ts';
import { clustersOfSettings } from '../prepare-clusters.ts';
import type { Environment } from './environment.ts';

const clock = systemClock;
const logger = silentLogger;
/** How long clusters may take to answer for the first time, in ms. */
const answerMs = 10_000;

/**
 * `longshore doctor`: what works with these settings, what does not, and what cures it. Starts nothing, changes nothing, needs no running
 * gateway. Ends with 1 where something does not work.
 */
export async function runDoctor(flags: readonly string[], env: Environment): Promise<number> {
  const findings = await examine(flags, env);
  process.stdout.write(renderFindings(findings));
  return findings.some(({ state }) => state === 'FAILURE') ? 1 : 0;
}

async function examine(flags: readonly string[], env: Environment): Promise<readonly Finding[]> {
  let settings: Settings;
  try {
    settings = loadSettings({ mode: 'doctor', argv: flags, env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((message) =>
      failure('CONFIGURATION', 'settings', message, 'Mend the settings; nothing else can be looked at before.'),
    );
  }
  const { manifests, found } = await examinePlugins(settings);
  return [
    ...findingsOfSettings(settings),
    ...found,
    ...(await examineDatabase(settings, manifests)),
    ...(await examineClusters(settings, manifests)),
  ];
}

async function examinePlugins(
  settings: Settings,
): Promise<{ readonly manifests: readonly PluginManifest[]; readonly found: readonly Finding[] }> {
  try {
    const { loaded, failed } = await loadPlugins({ plugins: settings.plugins, baseFolder: process.cwd(), clock });
    const { order, out } = planPlugins(loaded, new Map(failed.map(({ plugin, reason }) => [plugin, reason])));
    const manifests = order.map(({ manifest }) => manifest);
    const states: readonly PluginState[] = [
      ...manifests.map(({ name, version }) => ({
        name,
        version,
        state: 'ENABLED' as const,
        reason: undefined,
        warnings: [],
      })),
      ...out.map(({ candidate: { manifest }, state, reason }) => ({
        name: manifest.name,
        version: manifest.version,
        state,
        reason,
        warnings: [],
      })),
      ...failed.map(({ plugin, reason }) => ({
        name: plugin,
        version: undefined,
        state: 'FAILED' as const,
        reason,
        warnings: [],
      })),
    ];
    return { manifests, found: findingsOfPlugins(states) };
  } catch (error) {
    if (!(error instanceof PluginError)) throw error;
    return { manifests: [], found: [failure('PLUGIN', 'plugins', error.message, 'Mend the setting plugins.')] };
  }
}

async function examineDatabase(settings: Settings, manifests: readonly PluginManifest[]): Promise<readonly Finding[]> {
  const { databaseUrl, dataDir } = settings;
  if (databaseUrl === undefined && !existsSync(join(dataDir, 'pg'))) {
    const message = `There is none yet: the first start makes one in ${dataDir}.`;
    return [{ area: 'DATABASE', subject: 'database', state: 'OK', message, cure: undefined }];
  }
  try {
    const database = await openDatabase({ url: databaseUrl, dataDir, clock, logger });
    try {
      return await findingsOfDatabase(database, migrationSources(manifests), logger);
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof DataFolderInUseError) {
      const message = 'A gateway that runs holds it, so it works.';
      return [
        { area: 'DATABASE', subject: 'database', state: 'OK', message, cure: 'Ask that gateway: query diagnosis.' },
      ];
    }
    const message = error instanceof Error ? error.message : 'It cannot be opened.';
    return [failure('DATABASE', 'database', message, 'See whether DATABASE_URL is right and the server runs.')];
  }
}

async function examineClusters(settings: Settings, manifests: readonly PluginManifest[]): Promise<readonly Finding[]> {
  const kinds = manifests.flatMap((manifest) => manifest.kinds ?? []);
  try {
    const clusters = createClusters({ clusters: clustersOfSettings(settings), kinds, clock, logger });
    try {
      await clusters.whenSettled(answerMs);
      return await findingsOfClusters(
        clusters.all,
        kinds.map(({ kind }) => kind),
        clock,
      );
    } finally {
      await clusters.stop();
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((message) => failure('CLUSTER', 'kubeconfig', message, 'Mend the setting kubeconfig.'));
  }
}

const failure = (area: Finding['area'], subject: string, message: string, cure: string): Finding => ({
  area,
  subject,
  state: 'FAILURE',
  message,
  cure,
});
