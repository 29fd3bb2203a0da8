import type { PluginManifest } from './manifest.ts';
import type { ServiceRef, ServiceUses } from './service-ref.ts';

/** What one plugin may provide, while its `setup` runs. Every misuse has its own sentence. */
export interface ServiceProvider {
  provide<T>(ref: ServiceRef<T>, service: T): void;
  /** `setup` has ended: nothing more may be provided. */
  close(): void;
  /** Throws where a service that the manifest lists was not provided. */
  checkComplete(): void;
}

/** The services of all plugins, by the id of their reference. */
export interface ServiceRegistry {
  get<T>(ref: ServiceRef<T>): T | undefined;
  /** What `setup` receives for the manifest's `uses`, under the plugin's own names. */
  resolve(manifest: PluginManifest): Record<string, unknown>;
  providerFor(manifest: PluginManifest): ServiceProvider;
  /** Forgets what a plugin provided. */
  withdraw(manifest: PluginManifest): void;
}

export function createServiceRegistry(): ServiceRegistry {
  const services = new Map<string, unknown>();

  function get<T>(ref: ServiceRef<T>): T | undefined {
    // The id stands for the type: planning has seen that one plugin alone provides it.
    return services.get(ref.id) as T | undefined;
  }

  return {
    get,
    resolve(manifest) {
      const uses: ServiceUses = manifest.uses ?? {};
      return Object.fromEntries(Object.entries(uses).map(([name, ref]) => [name, get(ref)]));
    },
    providerFor: (manifest) => createProvider(manifest, services),
    withdraw(manifest) {
      for (const { id } of manifest.services ?? []) services.delete(id);
    },
  };
}

function createProvider(
  { name, services: listed = [] }: PluginManifest,
  services: Map<string, unknown>,
): ServiceProvider {
  let isOpen = true;
  return {
    provide(ref, service) {
      const what = `Plugin '${name}' provides service '${ref.id}'`;
      if (!isOpen) throw new Error(`${what} after its setup has ended. Provide it in setup.`);
      if (!listed.some(({ id }) => id === ref.id))
        throw new Error(`${what}, which its manifest does not list. Add the reference to services.`);
      if (services.has(ref.id)) throw new Error(`${what} a second time. Provide it once.`);
      if (service === undefined || service === null)
        throw new Error(`${what} as ${String(service)}. Provide an object or a function.`);
      services.set(ref.id, service);
    },
    close() {
      isOpen = false;
    },
    checkComplete() {
      const forgotten = listed.find(({ id }) => !services.has(id));
      if (!forgotten) return;
      throw new Error(
        `it lists service '${forgotten.id}' but did not provide it. Call env.provide with it, or take it from services.`,
      );
    },
  };
}
