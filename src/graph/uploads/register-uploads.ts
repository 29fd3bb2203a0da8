import type { LongshoreBuilder } from '../builder.ts';
import { registryOf } from '../schema/schema-registry.ts';
import type { UploadTarget } from './upload-target.ts';

/** Collects what plugins take as files. Throws for a name that is taken or would not fit a path, with the plugin's. */
export function registerUploads(
  builder: LongshoreBuilder,
  plugins: readonly { readonly name: string; readonly uploads?: readonly UploadTarget[] }[],
): void {
  const { uploads } = registryOf(builder);
  for (const plugin of plugins) {
    for (const target of plugin.uploads ?? []) {
      const { name } = target.purpose;
      if (uploads.has(name)) {
        throw new Error(`Plugin '${plugin.name}' adds the upload '${name}', which exists already`);
      }
      if (!/^[a-z][a-z0-9.-]*$/.test(name)) {
        throw new Error(`Plugin '${plugin.name}' adds the upload '${name}', which does not fit a path`);
      }
      uploads.set(name, target);
    }
  }
}
