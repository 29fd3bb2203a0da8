import type { LongshoreBuilder } from '../builder.ts';
import { registryOf } from '../schema/schema-registry.ts';
import type { DownloadSource } from './download-source.ts';

/** Collects what plugins hand out as files. Throws for a name that is taken or would not fit a path, with the plugin's. */
export function registerDownloads(
  builder: LongshoreBuilder,
  plugins: readonly { readonly name: string; readonly downloads?: readonly DownloadSource[] }[],
): void {
  const { downloads } = registryOf(builder);
  for (const plugin of plugins) {
    for (const source of plugin.downloads ?? []) {
      const { name } = source.purpose;
      if (downloads.has(name))
        throw new Error(`Plugin '${plugin.name}' adds the download '${name}', which exists already`);
      if (!/^[a-z][a-z0-9.-]*$/.test(name)) {
        throw new Error(`Plugin '${plugin.name}' adds the download '${name}', which does not fit a path`);
      }
      downloads.set(name, source);
    }
  }
}
