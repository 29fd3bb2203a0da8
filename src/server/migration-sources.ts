import { isAbsolute, join } from 'node:path';
import type { MigrationSource } from '../data/read-migrations.ts';
import { findHostLayout } from '../kernel/host-layout.ts';
import type { PluginManifest } from '../kernel/manifest.ts';

/** The foundation's tables first (they bear the name of core), then each plugin's in their order. */
export function migrationSources(manifests: readonly PluginManifest[]): MigrationSource[] {
  const { root } = findHostLayout();
  const own = (plugin: string): MigrationSource => ({ plugin, folder: join(root, 'migrations', plugin) });
  const ofPlugins = manifests.flatMap(({ name, migrations, tables }): MigrationSource[] => {
    if (name === 'core') return [];
    if (migrations !== undefined) {
      const isPlace = migrations.startsWith('file:') || isAbsolute(migrations);
      return [{ plugin: name, folder: isPlace ? migrations : join(root, migrations) }];
    }
    return tables ? [own(name)] : [];
  });
  return [own('core'), ...ofPlugins];
}
