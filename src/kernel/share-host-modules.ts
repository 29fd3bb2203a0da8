import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type HostLayout, hostEntry } from './host-layout.ts';
import { resolveExports } from './resolve-exports.ts';

/** Live modules by specifier, e.g. `longshore/sdk`. */
export type HostModules = Readonly<Record<string, object>>;

const bridgeScheme = 'longshore-host:';
const liveModules = Symbol.for('longshore.host-modules');

/**
 * From here on every `import` or `require` of `longshore/*`, `graphql` and `@pothos/*` in this thread gets the host's copy,
 * wherever the importing module lies: two copies of graphql refuse each other's types, and two of the SDK each other's errors.
 *
 * `modules` are handed out as they are instead of being loaded again. A test runner that evaluates Longshore's source itself
 * needs that for plugins which it leaves to Node. Returns the function that ends the sharing.
 */
export function shareHostModules(host: HostLayout, modules: HostModules = {}): () => void {
  const found = new Map<string, string>();
  Object.assign(globalThis, { [liveModules]: { ...readLive(), ...modules } });

  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      if (!isShared(specifier)) return nextResolve(specifier, context);
      const url = found.get(specifier) ?? urlOf(specifier, host, modules);
      found.set(specifier, url);
      return { url, shortCircuit: true };
    },
    load(url, context, nextLoad) {
      if (!url.startsWith(bridgeScheme)) return nextLoad(url, context);
      return { format: 'module', source: bridgeSource(url.slice(bridgeScheme.length)), shortCircuit: true };
    },
  });
  return () => hooks.deregister();
}

function isShared(specifier: string): boolean {
  return /^(longshore\/|graphql$|graphql\/|@pothos\/)/.test(specifier);
}

function urlOf(specifier: string, host: HostLayout, modules: HostModules): string {
  if (Object.hasOwn(modules, specifier)) return `${bridgeScheme}${specifier}`;
  const file = specifier.startsWith('longshore/') ? doorFile(specifier, host) : packageFile(specifier, host);
  return pathToFileURL(file).href;
}

function doorFile(specifier: string, host: HostLayout): string {
  const [, door = '', plugin] = /^longshore\/(sdk|testing|plugins\/([a-z0-9-]+))$/.exec(specifier) ?? [];
  const file = plugin === undefined ? hostEntry(host, door) : hostEntry(host, `${door}/api`);
  if (door !== '' && file) return realpathSync(file);
  const doors =
    'longshore/sdk, longshore/testing and longshore/plugins/<name>, where <name> is a built-in plugin with an api.ts';
  throw new Error(`'${specifier}' cannot be imported: the doors of Longshore are ${doors}`);
}

function packageFile(specifier: string, host: HostLayout): string {
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const subpath = ['.', ...parts.slice(name.split('/').length)].join('/');
  const folder = packageFolder(name, host.root);
  if (folder === undefined) throw new Error(`'${specifier}' cannot be imported: Longshore has no package '${name}'`);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const target = resolveExports(manifest, subpath);
  if (target === undefined)
    throw new Error(`'${specifier}' cannot be imported: package '${name}' does not export '${subpath}'`);
  // Node takes the real path too: one file by two names would be two modules.
  return realpathSync(join(folder, target));
}

/** Folder of an installed package, found upwards from `from` as Node does it; undefined where it is not installed. */
export function packageFolder(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

function readLive(): HostModules {
  return (globalThis as { readonly [liveModules]?: HostModules })[liveModules] ?? {};
}

/** A module that hands on the members of a live one. */
function bridgeSource(specifier: string): string {
  const names = Object.keys(readLive()[specifier] ?? {}).filter(
    (name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) && name !== 'default',
  );
  const module = `globalThis[Symbol.for('longshore.host-modules')][${JSON.stringify(specifier)}]`;
  return `const live = ${module};\n${names.map((name, index) => `const e${index} = live.${name};\nexport { e${index} as ${name} };\n`).join('')}`;
}
