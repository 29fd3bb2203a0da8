import { pathToFileURL } from 'node:url';
import { callWithDeadline } from './call-with-deadline.ts';
import type { Clock } from './clock.ts';
import { findHostLayout, type HostLayout } from './host-layout.ts';
import { locatePlugin } from './locate-plugin.ts';
import { pickManifest } from './pick-manifest.ts';
import type { PluginCandidate } from './plan-plugins.ts';
import { runAsPlugin } from './plugin-context.ts';
import { PluginError } from './plugin-error.ts';
import { type HostModules, shareHostModules } from './share-host-modules.ts';

export interface LoadPluginsOptions {
  /** Built-in names, npm packages or paths, as configured. */
  readonly plugins: readonly { readonly plugin: string; readonly optional: boolean }[];
  /** Folder that relative paths and packages are looked for from. */
  readonly baseFolder: string;
  readonly clock: Clock;
  /** Where Longshore lies; found by itself where absent. */
  readonly host?: HostLayout;
  /** See `shareHostModules`; for test harnesses. */
  readonly hostModules?: HostModules;
}

/** A plugin whose module has been evaluated; nothing else of it has run. */
export interface LoadedPlugin extends PluginCandidate {
  /** Everything below these folders belongs to the plugin. */
  readonly folders: readonly string[];
}

export interface LoadedPlugins {
  readonly loaded: readonly LoadedPlugin[];
  /** Optional plugins that could not be loaded: the configured name and one sentence. */
  readonly failed: readonly { readonly plugin: string; readonly reason: string }[];
}

const importTimeoutMs = 30_000;

/**
 * Loads plugins one after the other, so that a failure is always that of the plugin it names. Throws `PluginError` with one
 * sentence for each plugin that failed and is not optional.
 */
export async function loadPlugins(options: LoadPluginsOptions): Promise<LoadedPlugins> {
  const host = options.host ?? findHostLayout();
  shareOnce(host, options.hostModules);
  const loaded: LoadedPlugin[] = [];
  const failed: { plugin: string; reason: string }[] = [];
  const fatal: PluginError[] = [];
  for (const { plugin, optional } of options.plugins) {
    try {
      loaded.push(await loadPlugin(plugin, optional, host, options));
    } catch (error) {
      const failure = asPluginError(plugin, error);
      if (optional) failed.push({ plugin, reason: failure.message });
      else fatal.push(failure);
    }
  }
  if (fatal.length > 0) {
    throw new PluginError(
      fatal.flatMap(({ problems }) => problems),
      { cause: fatal[0]?.cause },
    );
  }
  return { loaded, failed };
}

async function loadPlugin(
  plugin: string,
  isOptional: boolean,
  host: HostLayout,
  options: LoadPluginsOptions,
): Promise<LoadedPlugin> {
  const { file, folders } = locatePlugin(plugin, options.baseFolder, host);
  const url = pathToFileURL(file).href;
  const module = await callWithDeadline(
    () => runAsPlugin(plugin, () => import(url) as Promise<Record<string, unknown>>),
    {
      clock: options.clock,
      deadlineMs: importTimeoutMs,
      onTimeout: () =>
        new PluginError([
          `Plugin '${plugin}' was not loaded within ${importTimeoutMs / 1000} s: ${file} waits at its top level.`,
        ]),
    },
  );
  return { manifest: pickManifest(plugin, module), isOptional, from: plugin, folders };
}

function asPluginError(plugin: string, error: unknown): PluginError {
  if (error instanceof PluginError) return error;
  const text = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return new PluginError([`Plugin '${plugin}' cannot be loaded: ${text.slice(0, 500)}`], { cause: error });
}

const shared = new Set<string>();

/** Hooks add up and stay for the life of the thread, so each layout gets them once. */
function shareOnce(host: HostLayout, modules: HostModules | undefined): void {
  const key = JSON.stringify([host, Object.keys(modules ?? {})]);
  if (shared.has(key)) return;
  shared.add(key);
  shareHostModules(host, modules);
}
