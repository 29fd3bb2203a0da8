import type { ZodType } from 'zod';
import type { Clock } from './clock.ts';
import type { Failpoints } from './failpoints.ts';
import type { Logger } from './logger.ts';
import type { ResolvedServices, ServiceRef, ServiceUses } from './service-ref.ts';

/**
 * What rooms above the kernel add to a plugin's manifest (`kinds`, `tables`, `permissions`, `schema`, …). Each room
 * declares its own slot by declaration merging, so the kernel need not know any of them.
 */
// biome-ignore lint/suspicious/noEmptyInterface: open for declaration merging
export interface ManifestSlots {}

/** What rooms add to the environment that `setup` receives, by declaration merging. */
// biome-ignore lint/suspicious/noEmptyInterface: open for declaration merging
export interface PluginEnvironmentSlots {}

/** What a plugin is given at `setup`. */
export interface PluginEnvironment<Config = unknown> extends PluginEnvironmentSlots {
  readonly plugin: string;
  /** The plugin's own settings, parsed by its `config` schema. */
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
  /** Aborts when the gateway stops. */
  readonly signal: AbortSignal;
  /** Provides a service that the manifest lists under `services`. Throws for one it does not list, and the second time. */
  provide<T>(ref: ServiceRef<T>, service: T): void;
}

/** A plugin as plain data first, so that the kernel can read, sort and explain all manifests before it runs anything. */
export interface PluginManifest<Uses extends ServiceUses = ServiceUses, Config = unknown> extends ManifestSlots {
  /** Lower-case, digits and dashes; unique. Also the prefix of its tables and the owner of its `schema/<name>.graphql`. */
  readonly name: string;
  /** Semantic version of the plugin. */
  readonly version: string;
  /** What it is for and what is lost without it. */
  readonly description: string;
  /** Plugins that must be there, by name and semver range. */
  readonly requires?: Readonly<Record<string, string>>;
  /** Plugins that come first where they are there, by name and semver range. */
  readonly optional?: Readonly<Record<string, string>>;
  /** Services of other plugins, by a name of this plugin's choice; `optionalService(ref)` for one it can do without. */
  readonly uses?: Uses;
  /** Services it provides in `setup`. */
  readonly services?: readonly ServiceRef<unknown>[];
  /** Schema of its settings under `pluginSettings.<name>`; unknown keys are refused by the plugin's own strict object. */
  readonly config?: ZodType<Config>;
  /** Builds what the plugin needs and provides its services. Not finished after 30 s it has failed. */
  setup?(env: PluginEnvironment<Config>, services: ResolvedServices<Uses>): void | Promise<void>;
  /** Runs once everything is set up and the schema stands; begins background work. */
  start?(): void | Promise<void>;
  /** The gateway stops taking new work; finish what is under way. */
  drain?(): void | Promise<void>;
  /** Give everything back. Called in reverse order, also after a failed start. */
  stop?(): void | Promise<void>;
}

/** Names a manifest's types for the compiler and returns it unchanged. */
export function definePlugin<const Uses extends ServiceUses = Record<never, never>, Config = unknown>(
  manifest: PluginManifest<Uses, Config>,
): PluginManifest<Uses, Config> {
  return manifest;
}
