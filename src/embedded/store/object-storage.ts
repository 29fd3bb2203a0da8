import { shareEqual } from '../machinery/share-equal.ts';
import type { ClusterObject, ResourceDefinition, StoreEvent } from './types.ts';

/** A change with the resourceVersion it happened at, as the history keeps it. */
export interface StoredEvent extends StoreEvent {
  readonly revision: number;
}

/** One page of a consistent read. */
export interface StoredPage {
  readonly objects: readonly ClusterObject[];
  /** The storage key of the last object of this page, when more follow. */
  readonly lastKey: string | undefined;
  readonly remaining: number;
}

/** So many templates are remembered by the last object that was made from them. */
const keptModels = 1_000;

export interface ReadRange {
  readonly namespace?: string;
  /** Only keys after this one. */
  readonly afterKey?: string;
  readonly limit?: number;
  /** The revision to read at; unset reads the newest. The caller has checked that history reaches back to it. */
  readonly revision?: number;
}

/**
 * Objects in memory under one rising revision, like etcd: every write gives out the next one, and the newest
 * changes of each resource are kept so that watches resume and pages stay consistent. It knows no rules of Kubernetes.
 */
export interface ObjectStorage {
  readonly revision: number;
  get(resource: ResourceDefinition, namespace: string | undefined, name: string): ClusterObject | undefined;
  list(resource: ResourceDefinition, namespace?: string): ClusterObject[];
  page(resource: ResourceDefinition, range: ReadRange): StoredPage;
  listOwned(uid: string): ClusterObject[];
  /** Stores the object under the next revision, which it gets as metadata.resourceVersion. */
  put(resource: ResourceDefinition, object: ClusterObject): ClusterObject;
  remove(resource: ResourceDefinition, object: ClusterObject): ClusterObject;
  /** The oldest revision from which this resource's changes are still complete. */
  oldestRevision(resource: ResourceDefinition): number;
  /** Changes after the revision, oldest first. */
  eventsAfter(resource: ResourceDefinition, revision: number): readonly StoredEvent[];
  /** Forgets all history: older revisions can neither be watched from nor paged at. */
  compact(): void;
  /** Drops all objects of a resource that is no longer served, with a DELETED event for each. */
  dropAll(resource: ResourceDefinition): void;
  subscribe(listener: (event: StoredEvent, resource: ResourceDefinition) => void): () => void;
}

interface Shelf {
  readonly objects: Map<string, ClusterObject>;
  /** Storage keys in order; undefined until the first ordered read. */
  sortedKeys: string[] | undefined;
  history: StoredEvent[];
  oldestRevision: number;
}

export interface ObjectStorageOptions {
  /** Changes kept per resource; older ones are compacted away. */
  readonly historyPerResource: number;
  readonly onListenerError: (error: unknown) => void;
}

export function createObjectStorage(options: ObjectStorageOptions): ObjectStorage {
  const shelves = new Map<string, Shelf>();
  const owned = new Map<string, Map<string, { resource: ResourceDefinition; key: string }>>();
  /** Of each template the object that was made from it last: by resource, namespace and generateName. */
  const models = new Map<string, ClusterObject>();
  const listeners = new Set<(event: StoredEvent, resource: ResourceDefinition) => void>();
  const pending: { event: StoredEvent; resource: ResourceDefinition }[] = [];
  let isDelivering = false;
  let revision = 1;
  let compactedRevision = 0;

  const shelfOf = (resource: ResourceDefinition): Shelf => {
    const { group, plural } = homeOf(resource);
    const id = `${group}/${plural}`;
    let shelf = shelves.get(id);
    if (shelf === undefined) {
      shelf = { objects: new Map(), sortedKeys: [], history: [], oldestRevision: compactedRevision };
      shelves.set(id, shelf);
    }
    return shelf;
  };

  /** The new object with what it has in common with the last one that was made from the same template. */
  const shareWithSibling = ({ group, plural }: ResourceDefinition, object: ClusterObject): ClusterObject => {
    const { generateName, namespace } = object.metadata;
    if (generateName === undefined) return object;
    const id = `${group}/${plural}/${namespace ?? ''}/${generateName}`;
    const shared = shareEqual(object, models.get(id));
    // The newest stand at the end.
    models.delete(id);
    models.set(id, shared);
    const [oldest] = models.keys();
    if (models.size > keptModels && oldest !== undefined) models.delete(oldest);
    return shared;
  };

  const record = (resource: ResourceDefinition, shelf: Shelf, event: StoredEvent): void => {
    shelf.history.push(event);
    // Trimmed in blocks, so that a full history costs nothing per write.
    if (shelf.history.length > options.historyPerResource * 1.25) {
      const dropped = shelf.history.splice(0, shelf.history.length - options.historyPerResource);
      shelf.oldestRevision = dropped.at(-1)?.revision ?? shelf.oldestRevision;
    }
    pending.push({ event, resource: homeOf(resource) });
    deliver();
  };

  // A listener may write. Its change is queued, so that every listener sees all changes in one order.
  const deliver = (): void => {
    if (isDelivering) return;
    isDelivering = true;
    try {
      for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
        for (const listener of [...listeners]) {
          try {
            listener(next.event, next.resource);
          } catch (error) {
            options.onListenerError(error);
          }
        }
      }
    } finally {
      isDelivering = false;
    }
  };

  const indexOwners = (
    resource: ResourceDefinition,
    key: string,
    previous: ClusterObject | undefined,
    object: ClusterObject | undefined,
  ): void => {
    const id = `${resource.group}/${resource.plural}/${key}`;
    for (const owner of previous?.metadata.ownerReferences ?? []) {
      const entries = owned.get(owner.uid);
      entries?.delete(id);
      if (entries?.size === 0) owned.delete(owner.uid);
    }
    for (const owner of object?.metadata.ownerReferences ?? []) {
      const entries = owned.get(owner.uid) ?? new Map<string, { resource: ResourceDefinition; key: string }>();
      entries.set(id, { resource, key });
      owned.set(owner.uid, entries);
    }
  };

  const remove = (resource: ResourceDefinition, object: ClusterObject): ClusterObject => {
    const shelf = shelfOf(resource);
    const key = storageKey(object.metadata.namespace, object.metadata.name);
    const previous = shelf.objects.get(key);
    revision += 1;
    const last = withRevision(object, revision);
    shelf.objects.delete(key);
    removeSorted(shelf, key);
    indexOwners(resource, key, previous, undefined);
    record(resource, shelf, { type: 'DELETED', object: last, previous, revision });
    return last;
  };

  return {
    get revision() {
      return revision;
    },
    get: (resource, namespace, name) => shelfOf(resource).objects.get(storageKey(namespace, name)),
    list: (resource, namespace) => [...readPage(shelfOf(resource), { ...(namespace && { namespace }) }).objects],
    page(resource, range) {
      const shelf = shelfOf(resource);
      if (range.revision === undefined || lastChange(shelf) <= range.revision) return readPage(shelf, range);
      return readPage(rewind(shelf, range.revision), range);
    },
    listOwned(uid) {
      const found: ClusterObject[] = [];
      for (const { resource, key } of owned.get(uid)?.values() ?? []) {
        const object = shelfOf(resource).objects.get(key);
        if (object !== undefined) found.push(object);
      }
      return found;
    },
    put(resource, object) {
      const shelf = shelfOf(resource);
      const key = storageKey(object.metadata.namespace, object.metadata.name);
      const previous = shelf.objects.get(key);
      revision += 1;
      const stored = withRevision(
        previous === undefined ? shareWithSibling(resource, object) : shareEqual(object, previous),
        revision,
      );
      shelf.objects.set(key, stored);
      if (previous === undefined) insertSorted(shelf, key);
      indexOwners(resource, key, previous, stored);
      record(resource, shelf, {
        type: previous === undefined ? 'ADDED' : 'MODIFIED',
        object: stored,
        previous,
        revision,
      });
      return stored;
    },
    remove,
    oldestRevision: (resource) => shelfOf(resource).oldestRevision,
    eventsAfter(resource, after) {
      const { history } = shelfOf(resource);
      return history.slice(firstAfter(history, after));
    },
    compact() {
      compactedRevision = revision;
      for (const shelf of shelves.values()) {
        shelf.history = [];
        shelf.oldestRevision = revision;
      }
    },
    dropAll(resource) {
      for (const object of [...shelfOf(resource).objects.values()]) remove(resource, object);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Where the objects of a resource lie: listeners hear of them under this name. */
export function homeOf(resource: ResourceDefinition): ResourceDefinition {
  return resource.storedAs ?? resource;
}

/** `namespace/name`, or the bare name of a cluster-scoped object: etcd's order of keys within a resource. */
export function storageKey(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function withRevision(object: ClusterObject, revision: number): ClusterObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } };
}

function lastChange(shelf: Shelf): number {
  return shelf.history.at(-1)?.revision ?? 0;
}

/** The shelf as it stood at the revision: undoes the later changes, newest first. */
function rewind(shelf: Shelf, revision: number): Shelf {
  const objects = new Map(shelf.objects);
  for (let at = shelf.history.length - 1; at >= 0; at -= 1) {
    const event = shelf.history[at];
    if (event === undefined || event.revision <= revision) break;
    const key = storageKey(event.object.metadata.namespace, event.object.metadata.name);
    if (event.previous === undefined) objects.delete(key);
    else objects.set(key, event.previous);
  }
  return { objects, sortedKeys: undefined, history: [], oldestRevision: revision };
}

function readPage(shelf: Shelf, range: ReadRange): StoredPage {
  shelf.sortedKeys ??= [...shelf.objects.keys()].sort((a, b) => (a < b ? -1 : 1));
  const keys = shelf.sortedKeys;
  const prefix = range.namespace === undefined ? '' : `${range.namespace}/`;
  let from = prefix === '' ? 0 : lowerBound(keys, prefix);
  if (range.afterKey !== undefined) {
    const after = lowerBound(keys, range.afterKey);
    from = Math.max(from, keys[after] === range.afterKey ? after + 1 : after);
  }
  // '0' is the character after '/': the first key behind this namespace.
  const to = prefix === '' ? keys.length : lowerBound(keys, `${range.namespace}0`);
  const end = range.limit === undefined ? to : Math.min(to, from + range.limit);
  const objects: ClusterObject[] = [];
  for (let at = from; at < end; at += 1) {
    const object = shelf.objects.get(keys[at] ?? '');
    if (object !== undefined) objects.push(object);
  }
  return { objects, lastKey: end < to ? keys[end - 1] : undefined, remaining: Math.max(0, to - end) };
}

/** Keeps the order of keys current, which is cheaper than sorting them again for every list between two writes. */
function insertSorted({ sortedKeys }: Shelf, key: string): void {
  sortedKeys?.splice(lowerBound(sortedKeys, key), 0, key);
}

function removeSorted({ sortedKeys }: Shelf, key: string): void {
  if (sortedKeys === undefined) return;
  const at = lowerBound(sortedKeys, key);
  if (sortedKeys[at] === key) sortedKeys.splice(at, 1);
}

function lowerBound(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAfter(history: readonly StoredEvent[], revision: number): number {
  let low = 0;
  let high = history.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((history[middle]?.revision ?? 0) <= revision) low = middle + 1;
    else high = middle;
  }
  return low;
}
