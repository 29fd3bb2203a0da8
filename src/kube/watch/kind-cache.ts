import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type LoopSlices, loopSlices } from '../../kernel/loop-slices.ts';
import { compareVersions, laterVersion } from '../compare-versions.ts';
import { keyOf } from '../key-of.ts';
import type { FeedEvent } from '../kind-feed.ts';
import type { KubeObject } from '../kube-object.ts';
import { compareList } from './compare-list.ts';
import { createSharing, type Sharing } from './create-sharing.ts';
import { createFeedQueue, type StoreChange } from './feed-queue.ts';
import { createObjectStore, type IndexFunction, type ObjectStore } from './object-store.ts';

/** What one list-watch (of the whole cluster, or of one namespace) tells the cache. */
export interface CacheScope {
  /**
   * A list begins: what it finds goes through the returned function, which gives a known version of an object for it, or
   * the object with what it shares with others.
   */
  beginList(): (object: KubeObject) => KubeObject;
  /**
   * A complete list: what the cache holds beyond it is gone. Prepared in slices, and then there at once: nobody reads
   * half of it. Resolves when followers have heard of all, too.
   */
  replace(items: readonly KubeObject[], resourceVersion: string): Promise<void>;
  /** One frame of the watch. False where it is old news: a duplicate, or a version that went back. */
  change(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject): boolean;
  /** Nothing happened up to this version. */
  bookmark(resourceVersion: string): void;
  /** Everything up to here was heard; undefined before the first list. */
  readonly position: string | undefined;
}

/** What is known of one (cluster, kind): objects, indexes, position, and those who follow. */
export interface KindCache {
  readonly store: ObjectStore;
  /** Grows with each change, and no two caches of this process ever share one: equal revisions mean equal content. */
  readonly revision: number;
  /** Of what followers have heard. */
  readonly position: string;
  /** What followers have heard of, which may be less than the store has. */
  snapshot(): { readonly items: readonly KubeObject[]; readonly position: string };
  /** The version of the last list. */
  readonly continuousSince: string;
  onEvent(listener: (event: FeedEvent<unknown>) => void): () => void;
  /** The scope of one namespace, or of all (undefined). */
  scope(namespace: string | undefined): CacheScope;
  /**
   * Resolves with true once the cache has seen this version of an object (or its deletion, where `resourceVersion` is
   * undefined), with false when time is up first.
   */
  waitUntilSeen(key: string, uid: string, resourceVersion: string | undefined, timeoutMs: number): Promise<boolean>;
  hasSeen(key: string, uid: string, resourceVersion: string | undefined): boolean;
  /** Forgets all objects; followers hear that they are gone. */
  clear(): void;
}

/** So many changes are made in place, in one turn; of more a new store is made aside. */
const changesInPlace = 250;

export function createKindCache(options: {
  readonly indexes?: Readonly<Record<string, IndexFunction>> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly slices?: LoopSlices | undefined;
}): KindCache {
  const { clock, logger, slices = loopSlices } = options;
  const store = createObjectStore(options.indexes);
  const feed = createFeedQueue({ stored: store.all, slices, logger });
  const scopes = new Map<string | undefined, CacheScope>();
  const waiting = new Set<() => void>();
  let continuousSince = '';
  let revision = nextRevision();
  /** Grows when all is forgotten: a list that is taken over meanwhile is forgotten with it. */
  let clearings = 0;
  /** The draft that takes the store's place soon; what changes until then changes it as well. */
  let drafting: { readonly late: StoreChange[] } | undefined;
  /** Lists of several scopes are taken over one after the other. */
  let before: Promise<void> = Promise.resolve();

  /** The store has changed; those who wait hear of it before anything else happens. */
  function touched(): void {
    revision = nextRevision();
    for (const look of [...waiting]) look();
  }

  function emit(change: StoreChange): void {
    drafting?.late.push(change);
    touched();
    feed.tell([change]);
  }

  function put(object: KubeObject, version: string): void {
    const previous = store.set(object);
    emit({ type: previous === undefined ? 'ADDED' : 'MODIFIED', object, previous, version });
  }

  function remove(key: string, last: KubeObject | undefined, version: string): void {
    const previous = store.delete(key);
    if (previous !== undefined) emit({ type: 'DELETED', object: last ?? previous, previous, version });
  }

  /** Takes changes over, in slices where they are many, and calls back in the moment in which they are to be seen. */
  async function apply(changes: readonly StoreChange[], onVisible: () => void): Promise<void> {
    const begun = clearings;
    if (changes.length <= changesInPlace) {
      for (const change of changes) applyTo(store, change);
      return onVisible();
    }
    const draft = store.draft();
    const late: StoreChange[] = [];
    drafting = { late };
    const replaced = new Set<string>();
    for (const change of changes) {
      replaced.add(keyOf(change.object));
      if (slices.isSpent()) await slices.next();
    }
    for (const object of store.all()) {
      if (!replaced.has(keyOf(object))) draft.set(object);
      if (slices.isSpent()) await slices.next();
    }
    for (const change of changes) {
      applyTo(draft, change);
      if (slices.isSpent()) await slices.next();
    }
    while (late.length > changesInPlace) {
      for (const change of late.splice(0, changesInPlace)) applyTo(draft, change);
      if (slices.isSpent()) await slices.next();
    }
    for (const change of late) applyTo(draft, change);
    drafting = undefined;
    if (begun !== clearings) return;
    store.adopt(draft);
    onVisible();
  }

  async function replace(
    namespace: string | undefined,
    items: readonly KubeObject[],
    resourceVersion: string,
    onVisible: () => void,
  ): Promise<void> {
    const begun = clearings;
    const known = namespace === undefined ? store.all() : store.list({ namespaces: [namespace] });
    const changes = await compareList({ items, resourceVersion, store, known, slices });
    if (begun !== clearings) return;
    await apply(changes, () => {
      onVisible();
      if (changes.length > 0) touched();
      feed.tell(changes);
    });
    await feed.whenTold();
    if (begun !== clearings) return;
    feed.advance(resourceVersion);
    continuousSince = continuousSince === '' ? resourceVersion : laterVersion(continuousSince, resourceVersion);
  }

  /** Takes from an earlier version of the object, else from one of its owner. */
  function share(object: KubeObject, sharing: Sharing): KubeObject {
    const known = store.get(keyOf(object));
    const isSame = known !== undefined && known.metadata.uid === object.metadata.uid;
    if (isSame && known.metadata.resourceVersion === object.metadata.resourceVersion) return known;
    const owner = object.metadata.ownerReferences?.[0]?.uid;
    sharing.share(object, isSame ? known : owner === undefined ? undefined : store.anyOf('owner', owner));
    return object;
  }

  function createScope(namespace: string | undefined): CacheScope {
    const sharing = createSharing(1);
    let heard: string | undefined;
    const advance = (version: string) => {
      if (version !== '') heard = heard === undefined ? version : laterVersion(heard, version);
    };
    return {
      get position() {
        return heard;
      },
      beginList() {
        const ofList = createSharing();
        return (object) => share(object, ofList);
      },
      replace(items, resourceVersion) {
        const replaced = before.then(() =>
          replace(namespace, items, resourceVersion, () => {
            // The list is the truth even where its version is lower than what was heard before.
            heard = resourceVersion;
          }),
        );
        before = replaced.catch(() => {});
        return replaced;
      },
      change(type, object) {
        const { uid, resourceVersion = '' } = object.metadata;
        const key = keyOf(object);
        const known = store.get(key);
        const order = heard === undefined ? 1 : compareVersions(resourceVersion, heard);
        advance(resourceVersion);
        if (type === 'DELETED') {
          if (known === undefined || known.metadata.uid !== uid) return false;
          if ((compareVersions(resourceVersion, known.metadata.resourceVersion) ?? 0) < 0) return false;
          remove(key, object, resourceVersion);
          return true;
        }
        const isOld = order === undefined ? known?.metadata.resourceVersion === resourceVersion : order <= 0;
        if (isOld) return false;
        if (known !== undefined && known.metadata.uid !== uid) remove(key, undefined, resourceVersion);
        put(share(object, sharing), resourceVersion);
        return true;
      },
      bookmark(resourceVersion) {
        advance(resourceVersion);
        // With several scopes another one may still be behind.
        if (scopes.size === 1 && heard !== undefined) feed.advance(heard);
      },
    };
  }

  function hasSeen(key: string, uid: string, resourceVersion: string | undefined): boolean {
    const known = store.get(key);
    if (resourceVersion === undefined) return known?.metadata.uid !== uid;
    if (known !== undefined && (compareVersions(known.metadata.resourceVersion, resourceVersion) ?? -1) >= 0)
      return true;
    const heard = (scopes.get(undefined) ?? scopes.get(key.slice(0, key.indexOf('/'))))?.position;
    return heard !== undefined && (compareVersions(heard, resourceVersion) ?? -1) >= 0;
  }

  return {
    store,
    get revision() {
      return revision;
    },
    get position() {
      return feed.position;
    },
    snapshot: feed.snapshot,
    get continuousSince() {
      return continuousSince;
    },
    onEvent: feed.onEvent,
    scope(namespace) {
      let scope = scopes.get(namespace);
      if (scope === undefined) {
        scope = createScope(namespace);
        scopes.set(namespace, scope);
      }
      return scope;
    },
    hasSeen,
    waitUntilSeen(key, uid, resourceVersion, timeoutMs) {
      if (hasSeen(key, uid, resourceVersion)) return Promise.resolve(true);
      return new Promise((resolve) => {
        const finish = (isSeen: boolean) => {
          cancel();
          waiting.delete(look);
          resolve(isSeen);
        };
        const look = () => {
          if (hasSeen(key, uid, resourceVersion)) finish(true);
        };
        const cancel = clock.schedule(timeoutMs, () => finish(hasSeen(key, uid, resourceVersion)));
        waiting.add(look);
      });
    },
    clear() {
      clearings += 1;
      scopes.clear();
      const gone = store.all();
      if (gone.length === 0) return;
      store.adopt(store.draft());
      touched();
      const version = feed.position;
      feed.tell(gone.map((object) => ({ type: 'DELETED', object, previous: object, version })));
    },
  };
}

function applyTo(store: ObjectStore, { type, object }: StoreChange): void {
  if (type === 'DELETED') store.delete(keyOf(object));
  else store.set(object);
}

let lastRevision = 0;

/** A cache that takes the place of another must not come to its numbers again. */
function nextRevision(): number {
  lastRevision += 1;
  return lastRevision;
}
