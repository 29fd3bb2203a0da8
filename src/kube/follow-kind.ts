import type { Cluster, Clusters } from './cluster.ts';
import type { FeedEvent } from './kind-feed.ts';
import type { KindRef } from './kind-ref.ts';
import type { KubeObject } from './kube-object.ts';

export interface KindFollower<T> {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** What is there when a cluster has been listed for the first time; called once for each cluster. */
  onThere?(objects: Iterable<KubeObject<T>>, cluster: Cluster): void;
  /** Each change from then on. `gone` aborts when the cluster is served no more, and with `signal`. */
  onEvent(event: FeedEvent<T>, cluster: Cluster, gone: AbortSignal): void;
}

/**
 * Tells of a kind in every cluster there is, now and later. A cluster that does not serve the kind has no news of it; one that
 * is away is heard of when it answers. For loops that are woken: what came and went unheard, they find by themselves.
 */
export function followKind<T>(clusters: Pick<Clusters, 'follow'>, kind: KindRef<T>, follower: KindFollower<T>): void {
  const { signal } = follower;
  if (signal.aborted) return;
  const end = clusters.follow((cluster, gone) => {
    const feed = cluster.feed(kind);
    const ends = [() => feed.release()];
    gone.addEventListener(
      'abort',
      () => {
        for (const each of ends.splice(0)) each();
      },
      { once: true },
    );
    feed.ready(gone).then(
      () => {
        if (gone.aborted) return;
        // In one tick: what changes between the two would never be told.
        ends.push(feed.onEvent((event) => follower.onEvent(event, cluster, gone)));
        follower.onThere?.(feed.snapshot().items, cluster);
      },
      () => {},
    );
  });
  signal.addEventListener('abort', end, { once: true });
}
