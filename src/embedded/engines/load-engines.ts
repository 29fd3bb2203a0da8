import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EmbeddedEngine } from './engine.ts';

/** The engines that come with Longshore, loaded only where they are asked for. */
const builtIn: Readonly<Record<string, () => Promise<EmbeddedEngine>>> = {
  'cluster-api': async () => (await import('./cluster-api/engine.ts')).clusterApiEngine,
  'gateway-api': async () => (await import('./gateway-api/engine.ts')).gatewayApiEngine,
  kruise: async () => (await import('./kruise/engine.ts')).kruiseEngine,
  'kube-ovn': async () => (await import('./kube-ovn/engine.ts')).kubeOvnEngine,
  longshore: async () => (await import('./longshore/engine.ts')).longshoreEngine,
  'volume-snapshot': async () => (await import('./volume-snapshot/engine.ts')).volumeSnapshotEngine,
};

/**
 * Finds engines by built-in name, or by the absolute path of a module that exports `engine`. Throws an Error of one
 * sentence for a name nobody has, a module that cannot be loaded, or one that exports no engine.
 */
export async function loadEngines(names: readonly string[]): Promise<EmbeddedEngine[]> {
  const engines: EmbeddedEngine[] = [];
  for (const name of names) engines.push(await loadEngine(name));
  return engines;
}

async function loadEngine(name: string): Promise<EmbeddedEngine> {
  const load = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (load !== undefined) return load();
  if (!isAbsolute(name)) {
    const known = Object.keys(builtIn).join(', ');
    throw new Error(`there is no embedded engine '${name}': built in are ${known}; a path begins with ./ or /`);
  }
  const module = await importModule(name);
  if (isEngine(module.engine)) return module.engine;
  throw new Error(`the module ${name} exports no engine: an object { name, objects, createControllers? } named engine`);
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    throw new Error(`the embedded engine ${path} cannot be loaded: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

function isEngine(value: unknown): value is EmbeddedEngine {
  if (typeof value !== 'object' || value === null) return false;
  const { name, objects, createControllers } = value as Record<string, unknown>;
  const hasName = typeof name === 'string' && /^[a-z][a-z0-9-]*$/.test(name);
  return hasName && Array.isArray(objects) && ['undefined', 'function'].includes(typeof createControllers);
}
