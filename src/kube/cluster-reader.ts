import type { KindRef } from './kind-ref.ts';
import type { KubeObject } from './kube-object.ts';

export type MaybePromise<T> = T | Promise<T>;

/** Why rows of one cluster are missing or old. Never a reason for an empty list. */
export interface ClusterProblem {
  readonly cluster: string;
  readonly code: 'UPSTREAM_UNAVAILABLE' | 'FORBIDDEN' | 'CAPABILITY_MISSING' | 'TOO_COMPLEX' | 'CLUSTER_NOT_FOUND';
  readonly message: string;
  /** UTC milliseconds since when the rows shown are no longer fresh; undefined where none are shown. */
  readonly staleSince: number | undefined;
}

export interface ObjectList<T> {
  readonly items: readonly KubeObject<T>[];
  readonly problems: readonly ClusterProblem[];
}

export interface ListOptions {
  /** Only these namespaces; undefined means all. Duplicates are ignored. */
  readonly namespaces?: readonly string[];
  /** Kubernetes label selector syntax; throws `ValidationError` where it does not parse. */
  readonly labelSelector?: string;
}

/**
 * Reads of one cluster. For a cached kind every method answers from memory, synchronously and without a copy; for
 * others the request's loaders collect the keys of the tick into one LIST per (kind, namespace) or one GET for one key.
 * Throws or rejects with `UpstreamError` where the cluster cannot be asked and nothing is known, with
 * `CapabilityMissingError` where it does not serve the kind, and `ForbiddenError` where its credentials may not.
 */
export interface ClusterReader {
  readonly cluster: string;
  get<T>(kind: KindRef<T>, namespace: string | undefined, name: string): MaybePromise<KubeObject<T> | undefined>;
  /** Never throws for an upstream's sake: what is missing stands in `problems`. */
  list<T>(kind: KindRef<T>, options?: ListOptions): MaybePromise<ObjectList<T>>;
  /** Objects whose ownerReferences name this uid. */
  byOwner<T>(kind: KindRef<T>, uid: string): MaybePromise<readonly KubeObject<T>[]>;
  /** Objects under a key of an index that the kind declares, e.g. `node`. */
  byIndex<T>(kind: KindRef<T>, index: string, key: string): MaybePromise<readonly KubeObject<T>[]>;
}
