import type { PluginManifest } from './manifest.ts';
import { PluginError } from './plugin-error.ts';

/** The one manifest that a plugin's module exports, under whatever name. Throws `PluginError` for none and for several. */
export function pickManifest(plugin: string, module: Readonly<Record<string, unknown>>): PluginManifest {
  const manifests = new Set(Object.values(module).filter(isManifest));
  const [first, second] = manifests;
  if (first && !second) return first;
  if (first && second) {
    const names = [...manifests].map(({ name }) => `'${name}'`).join(', ');
    throw new PluginError([
      `Plugin '${plugin}' exports ${manifests.size} plugins: ${names}. Export one from each module.`,
    ]);
  }
  const exported = Object.keys(module);
  const almost = exported.find((name) => isObject(module[name]) && (/plugin$/i.test(name) || name === 'default'));
  const found =
    almost !== undefined
      ? `'${almost}' has no ${missingMembers(module[almost]).join(', ')}`
      : exported.length === 0
        ? 'it exports nothing'
        : `it exports ${exported
            .slice(0, 10)
            .map((name) => `'${name}'`)
            .join(', ')}`;
  throw new PluginError([
    `Plugin '${plugin}' exports no plugin: ${found}. Write: export const <name>Plugin = definePlugin({ name, version, description, … })`,
  ]);
}

function isManifest(value: unknown): value is PluginManifest {
  return isObject(value) && missingMembers(value).length === 0;
}

/** Enough to tell a manifest from anything else; `checkManifest` says the rest. */
function missingMembers(value: unknown): string[] {
  const members = isObject(value) ? value : {};
  return ['name', 'version', 'description'].filter((member) => typeof members[member] !== 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
