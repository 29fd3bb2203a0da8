import type { ClusterObject, ResourceDefinition, StoreEvent } from '../store/types.ts';

/**
 * A level-triggered loop: changes only name keys, `reconcile` reads what is and moves it towards what should be.
 * It must be safe to call at any time and any number of times.
 */
export interface Controller {
  readonly name: string;
  /** The keys a change concerns. At start it is called for every object there is, as if it had just been added. */
  keysOf(change: StoreEvent, resource: ResourceDefinition): readonly string[];
  /** Called once, before all else: for keys that no change of the store names. */
  connect?(enqueue: (key: string) => void): void;
  /** Returns after how many milliseconds the key wants another look, or undefined to wait for the next change. */
  reconcile(key: string): number | undefined;
}

type KeysOfChange = (object: ClusterObject, change: StoreEvent) => readonly string[];

/** Builds `keysOf` from one function per resource, named `plural.group` (core kinds have no group: `pods`). */
export function keysByResource(table: Readonly<Record<string, KeysOfChange>>): Controller['keysOf'] {
  return (change, resource) => {
    const name = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
    return table[name]?.(change.object, change) ?? [];
  };
}

/** The key of a namespaced object. */
export function keyOf(object: ClusterObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

export function ownKey(object: ClusterObject): readonly string[] {
  return [keyOf(object)];
}

/** Keys of the controllers of this kind that own the object, now or before the change. */
export function controllerKeys(kind: string): KeysOfChange {
  return (object, change) => {
    const keys = new Set<string>();
    for (const version of [object, change.previous]) {
      const owner = version?.metadata.ownerReferences?.find((reference) => reference.controller === true);
      if (owner?.kind === kind) keys.add(`${object.metadata.namespace ?? ''}/${owner.name}`);
    }
    return [...keys];
  };
}
