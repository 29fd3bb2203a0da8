import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { compareVersions, laterVersion } from '../compare-versions.ts';
import { keyOf } from '../key-of.ts';
import type { FeedEvent } from '../kind-feed.ts';
import type { KubeObject } from '../kube-object.ts';
import { createObjectStore, type IndexFunction, type ObjectStore } from './object-store.ts';

type Listener = (event: FeedEvent<unknown>) => void;

/** What one list-watch (of the whole cluster, or of one namespace) tells the cache. */
export interface CacheScope {
  /** A complete list: what the cache holds beyond it is gone, and followers hear so. */
  replace(items: readonly KubeObject[], resourceVersion: string): void;
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
  readonly position: string;
  /** The version of the last list. */
  readonly continuousSince: string;
  onEvent(listener: Listener): () => void;
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

export function createKindCache(options: {
  readonly indexes?: Readonly<Record<string, IndexFunction>> | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}): KindCache {
  const { clock, logger } = options;
  const store = createObjectStore(options.indexes);
  const listeners = new Set<Listener>();
  const scopes = new Map<string | undefined, CacheScope>();
  /** Never goes back, also when the cluster was restored from an older backup. */
  let position = '';
  let continuousSince = '';
  let revision = nextRevision();

  /** The store has changed; everybody hears of it before anything else happens. */
  function emit(
    type: FeedEvent<unknown>['type'],
    object: KubeObject,
    previous: KubeObject | undefined,
    version: string,
  ): void {
    revision = nextRevision();
    position = position === '' ? version : laterVersion(position, version);
    const event = { type, object, previous, position };
    for (const listener of [...listeners]) {
      try {
        listener(event);
      } catch (error) {
        logger.error({ err: error, kind: object.kind }, 'a follower of a watch threw; the others go on');
      }
    }
  }

  function put(object: KubeObject, version: string): void {
    const previous = store.set(object);
    emit(previous === undefined ? 'ADDED' : 'MODIFIED', object, previous, version);
  }

  function remove(key: string, last: KubeObject | undefined, version: string): void {
    const previous = store.delete(key);
    if (previous !== undefined) emit('DELETED', last ?? previous, previous, version);
  }

  function createScope(namespace: string | undefined): CacheScope {
    let heard: string | undefined;
    const advance = (version: string) => {
      if (version !== '') heard = heard === undefined ? version : laterVersion(heard, version);
    };
    return {
      get position() {
        return heard;
      },
      replace(items, resourceVersion) {
        const kept: KubeObject[] = [];
        const recreated: KubeObject[] = [];
        const listed = new Set<string>();
        for (const item of items) {
          const key = keyOf(item);
          listed.add(key);
          const known = store.get(key);
          if (known !== undefined && known.metadata.uid !== item.metadata.uid) recreated.push(item);
          else if (known?.metadata.resourceVersion !== item.metadata.resourceVersion || known === undefined)
            kept.push(item);
        }
        const known = namespace === undefined ? [...store.values()] : store.list({ namespaces: [namespace] });
        // 1. What changed, in the order in which it changed; 2. what is gone; 3. what came again under an old name.
        for (const item of kept.sort(byVersion)) put(item, item.metadata.resourceVersion);
        for (const object of known) if (!listed.has(keyOf(object))) remove(keyOf(object), undefined, resourceVersion);
        for (const item of recreated) {
          remove(keyOf(item), undefined, resourceVersion);
          put(item, resourceVersion);
        }
        position = position === '' ? resourceVersion : laterVersion(position, resourceVersion);
        // The list is the truth even where its version is lower than what was heard before.
        heard = resourceVersion;
        continuousSince = continuousSince === '' ? resourceVersion : laterVersion(continuousSince, resourceVersion);
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
        put(object, resourceVersion);
        return true;
      },
      bookmark(resourceVersion) {
        advance(resourceVersion);
        // With several scopes another one may still be behind.
        if (scopes.size === 1 && heard !== undefined) position = laterVersion(position, heard);
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
      return position;
    },
    get continuousSince() {
      return continuousSince;
    },
    onEvent(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
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
          listeners.delete(onEvent);
          resolve(isSeen);
        };
        const onEvent = () => {
          if (hasSeen(key, uid, resourceVersion)) finish(true);
        };
        const cancel = clock.schedule(timeoutMs, () => finish(hasSeen(key, uid, resourceVersion)));
        listeners.add(onEvent);
      });
    },
    clear() {
      for (const object of [...store.values()]) remove(keyOf(object), undefined, position);
      scopes.clear();
    },
  };
}

function byVersion(a: KubeObject, b: KubeObject): number {
  return compareVersions(a.metadata.resourceVersion, b.metadata.resourceVersion) ?? 0;
}

let lastRevision = 0;

/** A cache that takes the place of another must not come to its numbers again. */
function nextRevision(): number {
  lastRevision += 1;
  return lastRevision;
}
