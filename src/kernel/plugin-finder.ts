import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Which folders belong to which plugin. Plain data, so that it can be handed to a worker thread. */
export type PluginFolders = Readonly<Record<string, readonly string[]>>;

export interface PluginFinder {
  /** The plugin whose code stands at this place; `line` and `column` count from 0 and matter only in the bundle. */
  ofLocation(url: string, line: number, column: number): string | undefined;
  /** The plugin nearest to the top of an error's stack. */
  ofStack(stack: string): string | undefined;
}

/** Tells from places in code which plugin they belong to, through the bundle's source maps where plugins share a chunk. */
export function createPluginFinder(folders: PluginFolders): PluginFinder {
  const owners = Object.entries(folders).flatMap(([plugin, own]) =>
    own.map((folder) => ({ plugin, folder: folder + sep })),
  );
  const maps = new Map<string, SourceMap | undefined>();

  function ofFile(file: string): string | undefined {
    return owners.find(({ folder }) => file.startsWith(folder))?.plugin;
  }

  function ofLocation(url: string, line: number, column: number): string | undefined {
    const file = url.startsWith('file:') ? fileURLToPath(url) : url;
    if (!file.startsWith(sep)) return undefined;
    const direct = ofFile(file);
    if (direct !== undefined) return direct;
    if (!maps.has(file)) maps.set(file, readMap(file));
    const entry = maps.get(file)?.findEntry(line, column);
    return entry && 'originalSource' in entry ? ofFile(resolve(dirname(file), entry.originalSource)) : undefined;
  }

  return {
    ofLocation,
    ofStack(stack) {
      for (const [, url = '', line, column] of stack.matchAll(/((?:file:\/\/)?\/[^\s():]+):(\d+):(\d+)/g)) {
        const plugin = ofLocation(url, Number(line) - 1, Number(column) - 1);
        if (plugin !== undefined) return plugin;
      }
      return undefined;
    },
  };
}

function readMap(file: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  } catch {
    // Most files have no map beside them.
    return undefined;
  }
}
