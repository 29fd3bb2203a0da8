import type { PluginManifest } from './manifest.ts';
import { isOptionalRef } from './service-ref.ts';

/** The names of the enabled plugins that need one of `names`, directly or through others; in the given order. */
export function dependentsOf(names: readonly string[], enabled: readonly PluginManifest[]): string[] {
  const gone = new Set(names);
  const services = new Set(
    enabled.filter(({ name }) => gone.has(name)).flatMap(({ services: own = [] }) => own.map(({ id }) => id)),
  );
  let found = true;
  while (found) {
    found = false;
    for (const manifest of enabled) {
      if (gone.has(manifest.name) || !needsOne(manifest, gone, services)) continue;
      gone.add(manifest.name);
      for (const { id } of manifest.services ?? []) services.add(id);
      found = true;
    }
  }
  return enabled.map(({ name }) => name).filter((name) => gone.has(name) && !names.includes(name));
}

function needsOne(manifest: PluginManifest, names: ReadonlySet<string>, services: ReadonlySet<string>): boolean {
  if (Object.keys(manifest.requires ?? {}).some((name) => names.has(name))) return true;
  return Object.values(manifest.uses ?? {}).some((ref) => !isOptionalRef(ref) && services.has(ref.id));
}
