import type { ClusterObject, ClusterStore, ResourceDefinition } from '../store/types.ts';

/** Objects of one resource by keys that their content gives them, kept current with every change of the store. */
export interface ObjectIndex<T extends ClusterObject> {
  /** The objects that have this key now, in no particular order. */
  get(key: string): readonly T[];
}

/**
 * Builds an index over what is there and over all that comes. Must be made before the controllers that read it are
 * started, so that it hears of a change before they do.
 */
export function createObjectIndex<T extends ClusterObject>(
  store: ClusterStore,
  resource: ResourceDefinition,
  keysOf: (object: T) => readonly string[],
): ObjectIndex<T> {
  const entries = new Map<string, Map<string, T>>();

  function remove(object: T): void {
    const id = idOf(object);
    for (const key of keysOf(object)) {
      const bucket = entries.get(key);
      bucket?.delete(id);
      if (bucket?.size === 0) entries.delete(key);
    }
  }

  function add(object: T): void {
    const id = idOf(object);
    for (const key of keysOf(object)) {
      const bucket = entries.get(key) ?? new Map<string, T>();
      entries.set(key, bucket);
      bucket.set(id, object);
    }
  }

  for (const object of store.list(resource)) add(object as T);
  store.onChange((change, changed) => {
    if (changed.group !== resource.group || changed.plural !== resource.plural) return;
    if (change.previous !== undefined) remove(change.previous as T);
    if (change.type !== 'DELETED') add(change.object as T);
  });
  return { get: (key) => [...(entries.get(key)?.values() ?? [])] };
}

function idOf({ metadata }: ClusterObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}
