import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HostLayout, hostEntry } from './host-layout.ts';
import { PluginError } from './plugin-error.ts';
import { resolveExports } from './resolve-exports.ts';
import { packageFolder } from './share-host-modules.ts';

/** Where a plugin's code lies. */
export interface PluginLocation {
  /** The module that exports the manifest. */
  readonly file: string;
  /** Everything below these belongs to the plugin: where its code lies and, for the bundle, where that came from. */
  readonly folders: readonly string[];
}

const entryNames = ['plugin.ts', 'plugin.js', 'plugin.mjs'];

/**
 * Finds a plugin by path (file or folder), by built-in name, or as an npm package seen from `baseFolder` or from Longshore.
 * Throws `PluginError`.
 */
export function locatePlugin(plugin: string, baseFolder: string, host: HostLayout): PluginLocation {
  if (isPath(plugin)) return locatePath(plugin, baseFolder);
  const builtIn = /^[a-z][a-z0-9-]*$/.test(plugin) ? hostEntry(host, `plugins/${plugin}/plugin`) : undefined;
  if (builtIn) return { file: builtIn, folders: [dirname(builtIn), join(host.root, 'plugins', plugin)] };

  const folder = packageFolder(plugin, baseFolder) ?? packageFolder(plugin, host.root);
  if (folder === undefined) {
    throw new PluginError([
      `Plugin '${plugin}' is not found: it is no built-in plugin, and no package of that name is installed in ${baseFolder} or above. ` +
        'Install the package, or write a path that begins with ./',
    ]);
  }
  const location = locateFolder(plugin, realpathSync(folder));
  if (location.file.endsWith('.ts') && location.file.includes('/node_modules/')) {
    throw new PluginError([
      `Plugin '${plugin}' is a package that ships ${basename(location.file)}: packages must ship JavaScript.`,
    ]);
  }
  return location;
}

function isPath(plugin: string): boolean {
  return isAbsolute(plugin) || /^(\.{1,2}(\/|$)|file:)/.test(plugin);
}

function locatePath(plugin: string, baseFolder: string): PluginLocation {
  const path = plugin.startsWith('file:') ? fileURLToPath(plugin) : resolve(baseFolder, plugin);
  if (!existsSync(path))
    throw new PluginError([`Plugin '${plugin}' is not found: there is no ${path}. Correct the path in plugins.`]);
  const realPath = realpathSync(path);
  if (statSync(realPath).isDirectory()) return locateFolder(plugin, realPath);
  return { file: realPath, folders: [dirname(realPath)] };
}

function locateFolder(plugin: string, folder: string): PluginLocation {
  const names = [exportOf(plugin, folder), ...entryNames];
  const file = names.flatMap((name) => (name === undefined ? [] : join(folder, name))).find((path) => existsSync(path));
  if (file) return { file: realpathSync(file), folders: [folder] };
  throw new PluginError([
    `Plugin '${plugin}' has no entry: ${folder} holds neither ${entryNames.join(' nor ')}, and no package.json whose exports lead to a file. ` +
      'Add one of them.',
  ]);
}

function exportOf(plugin: string, folder: string): string | undefined {
  const path = join(folder, 'package.json');
  if (!existsSync(path)) return undefined;
  try {
    return resolveExports(JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>, '.');
  } catch (error) {
    throw new PluginError([`Plugin '${plugin}' has a package.json that is not JSON: ${path}. Correct it.`], {
      cause: error,
    });
  }
}
