import type { FeedEvent, KindFeed } from '../kind-feed.ts';
import type { KubeObject } from '../kube-object.ts';
import type { KindWatch } from './kind-watch.ts';

/** One holder's view of a watch. After `release` its listeners hear nothing more. */
export function createKindFeed<T>(cluster: string, watch: KindWatch, onRelease: () => void): KindFeed<T> {
  const subscriptions = new Set<() => void>();
  let isReleased = false;
  return {
    cluster,
    get syncedAt() {
      return watch.syncedAt;
    },
    get staleSince() {
      return watch.staleSince;
    },
    get continuousSince() {
      return watch.cache.continuousSince;
    },
    snapshot() {
      // Objects of one kind have one type; the cache does not know which.
      const { items, position } = watch.cache.snapshot();
      return { items: items as readonly KubeObject<T>[], position };
    },
    async ready(signal) {
      const isSynced = await watch.whenSynced({ signal });
      signal?.throwIfAborted();
      const refusal = isSynced ? undefined : watch.refusal();
      if (refusal !== undefined) throw refusal;
    },
    onEvent(listener) {
      if (isReleased) return () => {};
      const unsubscribe = watch.cache.onEvent((event) => listener(event as FeedEvent<T>));
      const remove = () => {
        subscriptions.delete(remove);
        unsubscribe();
      };
      subscriptions.add(remove);
      return remove;
    },
    release() {
      if (isReleased) return;
      isReleased = true;
      for (const remove of subscriptions) remove();
      onRelease();
    },
  };
}
