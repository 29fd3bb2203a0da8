import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type BuildFailure, build, formatMessages, type OutputFile, type Plugin } from 'esbuild';
import { listSources, writeStamp } from './is-fresh.ts';
import { listEntries } from './list-entries.ts';

/**
 * Left to node_modules: what partner plugins must share with us as one copy, and what finds its own files (WebAssembly,
 * file system images) by the place of its module.
 */
const external = [
  'graphql',
  'graphql/*',
  '@pothos/*',
  '@electric-sql/*',
  'vitest',
  'esbuild',
  'bufferutil',
  'utf-8-validate',
];

/** CommonJS packages in the bundle call these three; an ES module has none of them. */
const banner = [
  "import { createRequire as longshoreCreateRequire } from 'node:module';",
  "import { fileURLToPath as longshoreFileOf } from 'node:url';",
  "import { dirname as longshoreFolderOf } from 'node:path';",
  'const require = longshoreCreateRequire(import.meta.url);',
  'const __filename = longshoreFileOf(import.meta.url);',
  'const __dirname = longshoreFolderOf(__filename);',
].join(' ');

/** Bundles all entries with their common code split off. Returns what is wrong; nothing is written then. */
export async function buildBundle(root: string): Promise<string[]> {
  const entries = listEntries(root);
  if (Object.keys(entries).length === 0)
    return [`Nothing to build: ${root} has no src/main.ts, no src/sdk.ts and no plugins.`];
  const sources = listSources(root);
  const outdir = join(root, 'dist');
  try {
    const result = await build({
      absWorkingDir: root,
      entryPoints: entries,
      outdir,
      chunkNames: 'chunks/[name]-[hash]',
      bundle: true,
      splitting: true,
      format: 'esm',
      platform: 'node',
      target: 'node24',
      external,
      plugins: [ownDoors(root)],
      banner: { js: banner },
      sourcemap: 'linked',
      sourcesContent: false,
      legalComments: 'linked',
      logLevel: 'silent',
      write: false,
    });
    replaceOutput(outdir, result.outputFiles);
    // What Node has kept of the code that was here before.
    rmSync(join(outdir, '.compile-cache'), { recursive: true, force: true });
    replaceProfiles(root, outdir);
    // The command `longshore` is this file itself.
    if (existsSync(join(outdir, 'main.js'))) chmodSync(join(outdir, 'main.js'), 0o755);
    writeStamp(root, sources);
    return [];
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    return await formatMessages(error.errors, { kind: 'error', color: process.stderr.isTTY === true });
  }
}

/** `longshore/sdk` inside the repository is src/sdk.ts, so that built-in plugins and the host share one module. */
function ownDoors(root: string): Plugin {
  return {
    name: 'own-doors',
    setup({ onResolve }) {
      onResolve({ filter: /^longshore\/(sdk|testing)$/ }, ({ path }) => ({
        path: join(root, 'src', `${path.split('/')[1]}.ts`),
      }));
      onResolve({ filter: /^longshore\/plugins\/[^/]+$/ }, ({ path }) => ({
        path: join(root, 'plugins', path.split('/')[2] ?? '', 'api.ts'),
      }));
    },
  };
}

/** Chunks first and entries last, each by rename, so that a process that starts meanwhile finds whole files that fit. */
function replaceOutput(outdir: string, files: readonly OutputFile[]): void {
  const chunks = join(outdir, 'chunks');
  const sorted = [...files].sort((a, b) => Number(b.path.startsWith(chunks)) - Number(a.path.startsWith(chunks)));
  for (const { path, contents } of sorted) {
    mkdirSync(dirname(path), { recursive: true });
    const draft = `${path}.${process.pid}.tmp`;
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
  const current = new Set(files.map(({ path }) => relative(outdir, path)));
  for (const name of readdirSync(outdir, { recursive: true, encoding: 'utf8' })) {
    const isOurs = /\.js(\.map|\.LEGAL\.txt)?$/.test(name) && !name.startsWith('types');
    if (isOurs && !current.has(name)) rmSync(join(outdir, name));
  }
}

/** Profile files lie beside their plugin's module, in the bundle as in the source. */
function replaceProfiles(root: string, outdir: string): void {
  for (const plugin of existsSync(join(root, 'plugins')) ? readdirSync(join(root, 'plugins')) : []) {
    const from = join(root, 'plugins', plugin, 'profiles');
    const to = join(outdir, 'plugins', plugin, 'profiles');
    const names = existsSync(from) ? readdirSync(from).filter((name) => name.endsWith('.yaml')) : [];
    const old = existsSync(to) ? readdirSync(to).filter((name) => name.endsWith('.yaml')) : [];
    for (const name of old) if (!names.includes(name)) rmSync(join(to, name));
    if (names.length > 0) mkdirSync(to, { recursive: true });
    for (const name of names) {
      const draft = join(to, `${name}.${process.pid}.tmp`);
      copyFileSync(join(from, name), draft);
      renameSync(draft, join(to, name));
    }
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}
