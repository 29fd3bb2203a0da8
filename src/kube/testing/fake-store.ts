export interface FakeKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly isNamespaced: boolean;
  readonly verbs?: readonly string[];
}

export interface FakeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; uid: string; resourceVersion: string; [key: string]: unknown };
  [key: string]: unknown;
}

export interface FakeEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: FakeObject;
}

/** Objects of a cluster with one counter for all versions and a history to watch from. */
export interface FakeStore {
  version: number;
  /** Versions up to here are forgotten: watching from them is answered with 410. */
  compactedAt: number;
  put(plural: string, object: Record<string, unknown>): FakeObject;
  remove(plural: string, namespace: string | undefined, name: string): FakeObject | undefined;
  get(plural: string, namespace: string | undefined, name: string): FakeObject | undefined;
  list(plural: string, namespace?: string): FakeObject[];
  eventsAfter(plural: string, version: number): FakeEvent[];
  onEvent(listener: (plural: string, event: FakeEvent) => void): () => void;
  /** Changes objects without telling anybody: what happens while nobody watches and history is lost. */
  compact(): void;
}

export function createFakeStore(): FakeStore {
  const objects = new Map<string, Map<string, FakeObject>>();
  const history = new Map<string, FakeEvent[]>();
  const listeners = new Set<(plural: string, event: FakeEvent) => void>();
  let uids = 0;

  const ofKind = (plural: string) => {
    const found = objects.get(plural) ?? new Map<string, FakeObject>();
    objects.set(plural, found);
    return found;
  };
  const keyOf = (namespace: string | undefined, name: string) => `${namespace ?? ''}/${name}`;

  function publish(plural: string, event: FakeEvent): void {
    const events = history.get(plural) ?? [];
    history.set(plural, events);
    events.push(event);
    for (const listener of [...listeners]) listener(plural, event);
  }

  const store: FakeStore = {
    version: 100,
    compactedAt: 0,
    put(plural, object) {
      const metadata = object.metadata as { name: string; namespace?: string; uid?: string };
      const key = keyOf(metadata.namespace, metadata.name);
      const before = ofKind(plural).get(key);
      store.version += 1;
      const uid = before?.metadata.uid ?? metadata.uid ?? `uid-${++uids}`;
      const stored = structuredClone({
        ...object,
        metadata: {
          creationTimestamp: '2026-01-01T00:00:00Z',
          ...metadata,
          uid,
          resourceVersion: String(store.version),
        },
      }) as unknown as FakeObject;
      ofKind(plural).set(key, stored);
      publish(plural, { version: store.version, type: before === undefined ? 'ADDED' : 'MODIFIED', object: stored });
      return stored;
    },
    remove(plural, namespace, name) {
      const before = ofKind(plural).get(keyOf(namespace, name));
      if (before === undefined) return undefined;
      ofKind(plural).delete(keyOf(namespace, name));
      store.version += 1;
      const last = { ...before, metadata: { ...before.metadata, resourceVersion: String(store.version) } };
      publish(plural, { version: store.version, type: 'DELETED', object: last });
      return last;
    },
    get: (plural, namespace, name) => ofKind(plural).get(keyOf(namespace, name)),
    list: (plural, namespace) =>
      [...ofKind(plural).entries()]
        .filter(([, object]) => namespace === undefined || object.metadata.namespace === namespace)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, object]) => object),
    eventsAfter: (plural, version) => (history.get(plural) ?? []).filter((event) => event.version > version),
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    compact() {
      store.version += 1;
      store.compactedAt = store.version;
    },
  };
  return store;
}
