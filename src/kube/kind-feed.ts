import type { KubeObject } from './kube-object.ts';

export interface FeedEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** For DELETED the last state known. */
  readonly object: KubeObject<T>;
  readonly previous: KubeObject<T> | undefined;
  /**
   * Position in this (cluster, kind): the resourceVersion of the change. Deletions inferred by a relist carry the
   * relist's resourceVersion. Feeds deliver positions in order.
   */
  readonly position: string;
}

/** The one watch of a (cluster, kind): it feeds the cache and everybody who follows. Hold it while you use it. */
export interface KindFeed<T> {
  readonly cluster: string;
  /** Undefined while nothing was listed yet. */
  readonly syncedAt: number | undefined;
  /** UTC milliseconds since when the watch is broken; undefined while it is live. */
  readonly staleSince: number | undefined;
  /**
   * The version since when every change was heard one by one: that of the last list. What came and went before it, since the
   * last thing heard, nobody knows.
   */
  readonly continuousSince: string;
  /** Everything known and the position it stands at; call `onEvent` in the same tick and nothing is missed. */
  snapshot(): { readonly items: Iterable<KubeObject<T>>; readonly position: string };
  /** Resolves once the first list is complete; rejects as `ClusterReader.get` does where that cannot come about. */
  ready(signal?: AbortSignal): Promise<void>;
  onEvent(listener: (event: FeedEvent<T>) => void): () => void;
  /** Gives the feed back; an undeclared kind is watched for 60 s more. */
  release(): void;
}
