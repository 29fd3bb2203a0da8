import type { PluginManifest } from '../kernel/manifest.ts';
import type { PluginRun } from '../kernel/run-plugins.ts';

type Manifests = readonly PluginManifest[];

/**
 * Makes something of all enabled plugins that one of them may spoil: the tables, the schema. Where `make` throws, the
 * plugin at fault is taken out and the rest is tried again; throws `PluginError` where that plugin is not optional.
 * `make` must fail for a plugin whatever comes behind it, and must bear to be called again.
 */
export async function keepSoundPlugins<T>(
  plugins: Pick<PluginRun, 'manifests' | 'disable'>,
  make: (manifests: Manifests) => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const manifests = plugins.manifests();
    try {
      return await make(manifests);
    } catch (error) {
      const fault = await findFault(coreFirst(manifests), make);
      if (!fault) throw error;
      await plugins.disable(fault.plugin, fault.reason);
    }
  }
}

/** Needs come first, but nothing needs to say that it needs core. */
function coreFirst(manifests: Manifests): Manifests {
  return manifests.toSorted((one, other) => Number(other.name === 'core') - Number(one.name === 'core'));
}

/** The first plugin with which it fails, by halving: a few attempts also where there are many plugins. */
async function findFault(
  manifests: Manifests,
  make: (manifests: Manifests) => unknown,
): Promise<{ readonly plugin: string; readonly reason: string } | undefined> {
  let sound = 0;
  let spoilt = manifests.length + 1;
  let reason = '';
  while (spoilt - sound > 1) {
    const count = Math.floor((sound + spoilt) / 2);
    try {
      await make(manifests.slice(0, count));
      sound = count;
    } catch (error) {
      spoilt = count;
      reason = error instanceof Error ? error.message : String(error);
    }
  }
  const plugin = manifests[spoilt - 1]?.name;
  if (plugin === undefined || plugin === 'core') return undefined;
  return { plugin, reason: namesPlugin(reason, plugin) ? reason : `Plugin '${plugin}': ${reason}` };
}

const namesPlugin = (reason: string, plugin: string): boolean =>
  reason.includes(`'${plugin}'`) || reason.includes(` ${plugin}/`);
