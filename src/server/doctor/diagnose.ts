import type { Finding } from '../../kernel/finding.ts';
import type { Rooms } from '../create-rooms.ts';
import { migrationSources } from '../migration-sources.ts';
import type { Foundation } from '../open-foundation.ts';
import type { Runtime } from '../runtime.ts';
import { findingsOfClusters } from './findings-of-clusters.ts';
import { findingsOfDatabase } from './findings-of-database.ts';
import { findingsOfPlugins } from './findings-of-plugins.ts';
import { findingsOfSettings } from './findings-of-settings.ts';

/** The same that `longshore doctor` says, of the gateway that runs. */
export async function diagnose(
  { settings, clock, logger }: Runtime,
  { database, plugins }: Foundation,
  { clusters }: Pick<Rooms, 'clusters'>,
): Promise<readonly Finding[]> {
  const manifests = plugins.manifests();
  const kinds = manifests.flatMap((manifest) => manifest.kinds ?? []).map(({ kind }) => kind);
  const [ofDatabase, ofClusters] = await Promise.all([
    findingsOfDatabase(database, migrationSources(manifests), logger),
    findingsOfClusters(clusters.all, kinds, clock),
  ]);
  return [...findingsOfSettings(settings), ...ofDatabase, ...ofClusters, ...findingsOfPlugins(plugins.states())];
}
