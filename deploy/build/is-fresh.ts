import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listEntries } from './list-entries.ts';

/** What a source file was when it was bundled. Time and size are looked at first, the hash only where they differ. */
interface Seen {
  readonly mtimeMs: number;
  readonly size: number;
  readonly sha256: string;
}
type Sources = Readonly<Record<string, Seen>>;

/** Whether the bundle was made from the sources as they are now. An installed package has no sources and is always fresh. */
export function isFresh(root: string): boolean {
  if (!existsSync(join(root, 'src'))) return true;
  const built = readStamp(root);
  if (!built || Object.keys(listEntries(root)).some((entry) => !existsSync(join(root, 'dist', `${entry}.js`))))
    return false;
  const paths = sourcePaths(root);
  return (
    paths.length === Object.keys(built).length && paths.every((path) => isUnchanged(join(root, path), built[path]))
  );
}

export function listSources(root: string): Sources {
  return Object.fromEntries(sourcePaths(root).map((path) => [path, see(join(root, path))]));
}

/** `sources` must have been read before the build began: what changes meanwhile is then stale. */
export function writeStamp(root: string, sources: Sources): void {
  mkdirSync(join(root, 'dist'), { recursive: true });
  writeFileSync(stampFile(root), JSON.stringify(sources));
}

function stampFile(root: string): string {
  return join(root, 'dist', '.sources.json');
}

function readStamp(root: string): Sources | undefined {
  try {
    return JSON.parse(readFileSync(stampFile(root), 'utf8')) as Sources;
  } catch {
    return undefined;
  }
}

/** Sources, and what decides how they are built. Tests are in no bundle. */
function sourcePaths(root: string): string[] {
  const folders = ['src', 'plugins', 'deploy/build'].filter((folder) => existsSync(join(root, folder)));
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /(?<!\.test)\.(ts|js|json|yaml)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\//, '')),
  );
  return [...files, 'package.json', 'package-lock.json'].filter((path) => existsSync(join(root, path))).sort();
}

function see(file: string): Seen {
  const { mtimeMs, size } = statSync(file);
  return { mtimeMs, size, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
}

function isUnchanged(file: string, built: Seen | undefined): boolean {
  if (!built) return false;
  const { mtimeMs, size } = statSync(file);
  return size === built.size && (mtimeMs === built.mtimeMs || see(file).sha256 === built.sha256);
}
