import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Longshore itself lies on disk, and whether it runs from its bundle or from its source. */
export interface HostLayout {
  /** Folder of Longshore's package.json. */
  readonly root: string;
  readonly isBundle: boolean;
}

/** Finds the layout from the URL of any of Longshore's own modules, source or bundled chunk. */
export function findHostLayout(moduleUrl: string = import.meta.url): HostLayout {
  const file = fileURLToPath(moduleUrl);
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (nameOfPackage(folder) === 'longshore')
      return { root: folder, isBundle: file.startsWith(join(folder, 'dist') + sep) };
  }
  throw new Error(`no package.json of longshore above ${file}`);
}

/** The file of one of Longshore's entries, e.g. `sdk` or `plugins/core/plugin`; undefined where there is none. */
export function hostEntry(host: HostLayout, entry: string): string | undefined {
  const file = host.isBundle
    ? join(host.root, 'dist', `${entry}.js`)
    : join(host.root, ...(entry.startsWith('plugins/') ? [] : ['src']), `${entry}.ts`);
  return existsSync(file) ? file : undefined;
}

function nameOfPackage(folder: string): unknown {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly name?: unknown }).name;
}
