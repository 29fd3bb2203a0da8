import { isAbsolute, join } from 'node:path';
import { assertTables } from '../data/assert-tables.ts';
import type { MigrationSource } from '../data/read-migrations.ts';
import { findHostLayout } from '../kernel/host-layout.ts';
import type { PluginManifest } from '../kernel/manifest.ts';

/** The foundation's tables first (they bear the name of core), then each plugin's in their order. Throws where a plugin's table has not its name. */
export function migrationSources(manifests: readonly PluginManifest[]): MigrationSource[] {
  const { root } = findHostLayout();
  const own = (plugin: string): MigrationSource => ({ plugin, folder: join(root, 'migrations', plugin) });
  const ofPlugins = manifests.flatMap(({ name, migrations, tables }): MigrationSource[] => {
    if (name === 'core') return [];
    assertTables(name, tables ?? {});
    if (migrations !== undefined) {
      const isPlace = migrations.startsWith('file:') || isAbsolute(migrations);
      return [{ plugin: name, folder: isPlace ? migrations : join(root, migrations) }];
    }
    return tables ? [own(name)] : [];
  });
  return [own('core'), ...ofPlugins];
}
