import { explainIssues } from '../config/explain-issues.ts';
import { didYouMean } from '../config/nearest-word.ts';
import { callWithDeadline } from './call-with-deadline.ts';
import type { Clock } from './clock.ts';
import { dependentsOf } from './dependents-of.ts';
import type { Failpoints } from './failpoints.ts';
import type { LoadedPlugin, LoadedPlugins } from './load-plugins.ts';
import type { Logger } from './logger.ts';
import type { PluginEnvironment, PluginEnvironmentSlots, PluginManifest } from './manifest.ts';
import { planPlugins } from './plan-plugins.ts';
import { runAsPlugin } from './plugin-context.ts';
import { PluginError } from './plugin-error.ts';
import type { PluginFolders } from './plugin-finder.ts';
import type { ServiceRef } from './service-ref.ts';
import { createServiceRegistry } from './service-registry.ts';

/** What the `plugins` query and `/readyz?verbose` tell about one configured plugin. */
export interface PluginState {
  /** The plugin's name; the configured entry where it could not even be loaded. */
  readonly name: string;
  readonly version: string | undefined;
  /** FAILED by its own fault; DISABLED because something it needs is not running. */
  readonly state: 'ENABLED' | 'DISABLED' | 'FAILED';
  readonly reason: string | undefined;
  /** The last things that went wrong while it ran, newest last: stray errors, a blocked event loop. */
  readonly warnings: readonly string[];
}

export interface RunPluginsOptions {
  readonly plugins: LoadedPlugins;
  /** Settings by plugin name, unread; each plugin's own schema parses its part. */
  readonly pluginSettings: Readonly<Record<string, unknown>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
  /** What the rooms above the kernel add to a plugin's environment. */
  readonly environmentOf: (manifest: PluginManifest) => PluginEnvironmentSlots;
}

/** The plugins of one gateway from plan to end. Call `setUp`, `start`, `drain` and `stop` in this order. */
export interface PluginRun {
  /** The enabled plugins; what a plugin needs comes before it. */
  manifests(): readonly PluginManifest[];
  /** State of every configured plugin, by name. */
  states(): readonly PluginState[];
  /** For `createPluginFinder` and the watchdog. */
  folders(): PluginFolders;
  /** A service that was provided; undefined where no enabled plugin provides it. */
  service<T>(ref: ServiceRef<T>): T | undefined;
  /** Runs every `setup`. Throws `PluginError` after stopping what was set up, unless the plugin that failed is optional. */
  setUp(): Promise<void>;
  /** Runs every `start`; fails as `setUp` does. */
  start(): Promise<void>;
  /** Tells every plugin, all at once, to finish what is under way, and waits at most so long. */
  drain(deadlineMs: number): Promise<void>;
  /** Stops in reverse order. Never throws; calling it again does nothing. */
  stop(): Promise<void>;
  /** Takes out a plugin that what comes after `setUp` cannot use, with all that need it. Throws `PluginError` unless it is optional. */
  disable(plugin: string, reason: string): Promise<void>;
  /** Notes under a plugin's state what went wrong while it ran. */
  warn(plugin: string, message: string): void;
}

const setupDeadlineMs = 30_000;
const stopDeadlineMs = 10_000;
const maxWarnings = 5;

interface Slot {
  readonly plugin: LoadedPlugin;
  readonly config: unknown;
  readonly stopping: AbortController;
  /** `stop` is called for a plugin whose `setup` has ended well. */
  isSetUp: boolean;
}

interface Verdict {
  readonly version: string | undefined;
  readonly state: 'DISABLED' | 'FAILED';
  readonly reason: string;
}

/**
 * Plans the plugins and reads their settings; nothing of a plugin runs before `setUp`. Throws `PluginError` where plugins do not
 * fit together or a setting is wrong, unless the plugin at fault is optional.
 */
export async function runPlugins(options: RunPluginsOptions): Promise<PluginRun> {
  const { clock, logger } = options;
  const services = createServiceRegistry();
  const verdicts = new Map<string, Verdict>();
  const warnings = new Map<string, string[]>();
  let slots: readonly Slot[] = [];
  let isStopped = false;

  const missing = new Map(options.plugins.failed.map(({ plugin, reason }) => [plugin, reason]));
  for (const [name, reason] of missing) judge(name, { version: undefined, state: 'FAILED', reason });
  const plan = planPlugins(options.plugins.loaded, missing);
  for (const { candidate, state, reason } of plan.out) {
    judge(candidate.manifest.name, { version: candidate.manifest.version, state, reason });
  }
  await readSettings();

  function judge(name: string, verdict: Verdict): void {
    verdicts.set(name, verdict);
    logger.warn(
      { plugin: name, reason: verdict.reason },
      `Plugin '${name}' is ${verdict.state === 'FAILED' ? 'out: it failed' : 'disabled'}`,
    );
  }

  async function readSettings(): Promise<void> {
    const known = [...plan.order, ...plan.out.map(({ candidate }) => candidate)].map(({ manifest }) => manifest.name);
    const problems = Object.keys(options.pluginSettings)
      .filter((name) => !known.includes(name) && !missing.has(name))
      .map((name) => `pluginSettings.${name}: no plugin of that name is installed${didYouMean(name, known)}`);
    const wrong: { plugin: LoadedPlugin; problems: string[] }[] = [];
    const read: Slot[] = [];
    for (const plugin of plan.order) {
      const { config, problems: found } = await parseConfig(
        plugin.manifest,
        options.pluginSettings[plugin.manifest.name],
      );
      if (found.length > 0) wrong.push({ plugin, problems: found });
      read.push({ plugin, config, stopping: new AbortController(), isSetUp: false });
    }
    problems.push(...wrong.flatMap(({ plugin, problems: found }) => (plugin.isOptional ? [] : found)));
    if (problems.length > 0) throw new PluginError(problems);
    slots = read;
    for (const { plugin, problems: found } of wrong) takeOut(plugin.manifest.name, found.join(' '));
  }

  /** Takes a plugin and all that need it from the enabled ones; returns their slots, for stopping. */
  function takeOut(name: string, reason: string): Slot[] {
    const dependents = dependentsOf(
      [name],
      slots.map(({ plugin }) => plugin.manifest),
    );
    const gone = slots.filter(
      ({ plugin }) => plugin.manifest.name === name || dependents.includes(plugin.manifest.name),
    );
    slots = slots.filter((slot) => !gone.includes(slot));
    for (const { plugin } of gone) {
      const { name: each, version } = plugin.manifest;
      services.withdraw(plugin.manifest);
      if (each === name) judge(each, { version, state: 'FAILED', reason });
      else
        judge(each, {
          version,
          state: 'DISABLED',
          reason: `Plugin '${each}' needs plugin '${name}', which is not running.`,
        });
    }
    return gone;
  }

  /** One plugin failed in a phase: an optional one is taken out, any other ends everything. */
  async function fail(slot: Slot, reason: string, cause?: unknown): Promise<void> {
    const { name } = slot.plugin.manifest;
    logger.error({ plugin: name, err: cause }, reason);
    if (!slot.plugin.isOptional) {
      slot.stopping.abort();
      await stopAll();
      throw new PluginError([reason], { cause });
    }
    await stopSlots(takeOut(name, reason));
  }

  async function setUpOne(slot: Slot): Promise<void> {
    const { manifest } = slot.plugin;
    const provider = services.providerFor(manifest);
    const env: PluginEnvironment = {
      ...options.environmentOf(manifest),
      plugin: manifest.name,
      config: slot.config,
      clock,
      logger: logger.child({ plugin: manifest.name }),
      failpoints: options.failpoints,
      signal: slot.stopping.signal,
      provide: provider.provide,
    };
    try {
      await callPhase(slot, 'setup', setupDeadlineMs, () => manifest.setup?.(env, services.resolve(manifest)));
    } finally {
      provider.close();
    }
    provider.checkComplete();
    slot.isSetUp = true;
  }

  function callPhase(slot: Slot, phase: string, deadlineMs: number, call: () => void | Promise<void>): Promise<void> {
    const { name } = slot.plugin.manifest;
    return runAsPlugin(name, () =>
      callWithDeadline(call, {
        clock,
        deadlineMs,
        onTimeout: () => new Error(`not finished after ${deadlineMs / 1000} s`),
        onLateError: (error) =>
          logger.warn({ plugin: name, err: error }, `Plugin '${name}' failed in ${phase} after its time was up`),
      }),
    );
  }

  async function runPhase(phase: 'setup' | 'start', call: (slot: Slot) => Promise<void>): Promise<void> {
    if (isStopped) throw new Error(`plugins-${phase}-after-stop`);
    for (const slot of slots) {
      // An earlier failure may have taken it out meanwhile.
      if (!slots.includes(slot)) continue;
      try {
        await call(slot);
      } catch (error) {
        const text = error instanceof Error ? error.message : String(error);
        await fail(slot, `Plugin '${slot.plugin.manifest.name}' failed in ${phase}: ${text.slice(0, 500)}`, error);
      }
    }
  }

  async function stopSlots(gone: readonly Slot[]): Promise<void> {
    for (const slot of [...gone].reverse()) {
      const { name, stop } = slot.plugin.manifest;
      slot.stopping.abort();
      if (!slot.isSetUp || !stop) continue;
      slot.isSetUp = false;
      try {
        await callPhase(slot, 'stop', stopDeadlineMs, () => slot.plugin.manifest.stop?.());
      } catch (error) {
        logger.error({ plugin: name, err: error }, `Plugin '${name}' failed in stop`);
      }
    }
  }

  async function stopAll(): Promise<void> {
    if (isStopped) return;
    isStopped = true;
    await stopSlots(slots);
  }

  return {
    manifests: () => slots.map(({ plugin }) => plugin.manifest),
    states: () => {
      const enabled = slots.map(({ plugin }) => ({
        name: plugin.manifest.name,
        version: plugin.manifest.version,
        state: 'ENABLED' as const,
        reason: undefined,
      }));
      const out = [...verdicts].map(([name, verdict]) => ({ name, ...verdict }));
      return [...enabled, ...out]
        .map((state) => ({ ...state, warnings: [...(warnings.get(state.name) ?? [])] }))
        .sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
    },
    folders: () => Object.fromEntries(options.plugins.loaded.map(({ manifest, folders }) => [manifest.name, folders])),
    service: (ref) => services.get(ref),
    setUp: () => runPhase('setup', setUpOne),
    start: () =>
      runPhase('start', (slot) => callPhase(slot, 'start', setupDeadlineMs, () => slot.plugin.manifest.start?.())),
    async drain(deadlineMs) {
      await Promise.all(
        slots.map(async (slot) => {
          const { name } = slot.plugin.manifest;
          try {
            await callPhase(slot, 'drain', deadlineMs, () => slot.plugin.manifest.drain?.());
          } catch (error) {
            logger.warn({ plugin: name, err: error }, `Plugin '${name}' failed in drain`);
          }
        }),
      );
    },
    stop: stopAll,
    async disable(plugin, reason) {
      const slot = slots.find(({ plugin: { manifest } }) => manifest.name === plugin);
      if (slot) await fail(slot, reason);
    },
    warn(plugin, message) {
      warnings.set(plugin, [...(warnings.get(plugin) ?? []), message].slice(-maxWarnings));
    },
  };
}

async function parseConfig(
  manifest: PluginManifest,
  settings: unknown,
): Promise<{ config: unknown; problems: string[] }> {
  const prefix = `pluginSettings.${manifest.name}`;
  if (!manifest.config) {
    const isEmpty = settings === undefined || (settings instanceof Object && Object.keys(settings).length === 0);
    return {
      config: undefined,
      problems: isEmpty ? [] : [`${prefix} is set, but plugin '${manifest.name}' has no settings. Remove it.`],
    };
  }
  const input = settings ?? {};
  const result = await manifest.config.safeParseAsync(input, { reportInput: false });
  if (result.success) return { config: result.data, problems: [] };
  return { config: undefined, problems: explainIssues(manifest.config, result.error.issues, { input, prefix }) };
}
