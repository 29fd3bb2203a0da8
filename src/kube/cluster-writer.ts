import type { OperationHandle } from '../audit/operation-handle.ts';
import type { KindRef } from './kind-ref.ts';
import type { KubeObject } from './kube-object.ts';

/** What the caller decided on; a write that finds another object is refused with `ConflictError`. */
export interface Preconditions {
  readonly uid?: string;
  readonly resourceVersion?: string;
}

export interface WriteResult<T> {
  readonly object: KubeObject<T>;
  /** `Warning` headers of the API server, in its words. */
  readonly warnings: readonly string[];
}

/**
 * Writes to one cluster as one principal. Every write takes the operation's ticket, sends `fieldValidation=Strict`
 * and field manager `longshore`, and asks the cluster's own dry run where the ticket is one. Throws answer errors:
 * `NotFoundError`, `ConflictError` (with the field managers), `ValidationError` (the API server's causes),
 * `ForbiddenError`, `QuotaExceededError`, `CapabilityMissingError`, `UpstreamError`. After a write, reads through this
 * gateway see it: the writer waits up to 2 s for the cache; a cache that lags longer is read around.
 */
export interface ClusterWriter {
  /**
   * With a subresource it posts there, below the object that `metadata` names, e.g. an Eviction to a pod's `eviction`.
   */
  create<T>(
    ticket: OperationHandle,
    kind: KindRef<T>,
    object: object,
    options?: { readonly subresource?: string },
  ): Promise<WriteResult<T>>;
  /** Server-side apply. Without `force`, fields owned by others are a `ConflictError` that names them. */
  apply<T>(
    ticket: OperationHandle,
    kind: KindRef<T>,
    object: object,
    options?: { readonly force?: boolean },
  ): Promise<WriteResult<T>>;
  /** JSON merge patch (RFC 7386). */
  patch<T>(
    ticket: OperationHandle,
    kind: KindRef<T>,
    namespace: string | undefined,
    name: string,
    patch: object,
    options?: Preconditions & { readonly subresource?: string },
  ): Promise<WriteResult<T>>;
  /** Sets `spec.replicas` by the scale subresource; answers the object as the cluster then has it. */
  scale<T>(
    ticket: OperationHandle,
    kind: KindRef<T>,
    namespace: string,
    name: string,
    replicas: number,
    options?: Preconditions,
  ): Promise<WriteResult<T>>;
  delete(
    ticket: OperationHandle,
    kind: KindRef,
    namespace: string | undefined,
    name: string,
    options?: Preconditions & {
      readonly gracePeriodSeconds?: number;
      readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
    },
  ): Promise<void>;
}
