import type { OperationHandle } from '../../audit/operation-handle.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { ClusterSettings } from '../cluster-settings.ts';

/** How a registered cluster is reached. */
export type ClusterAccess =
  /** A kubeconfig with one context, which names no file and no program. Holds secrets: never told anywhere. */
  | { readonly kubeconfig: string; readonly server: string }
  /** The cluster that the gateway runs in, as its pod's service account. */
  | { readonly inCluster: true };

/** What an administrator decides about a cluster. */
export interface ClusterChoices {
  readonly identity: NonNullable<ClusterSettings['identity']>;
  /** Profile of limits and switches; null for the platform's. */
  readonly profile: string | null;
  /** Namespaces that are looked at where the credentials end there; empty for all. */
  readonly namespaces: readonly string[];
  readonly description: string;
}

/** A cluster that was registered while the gateway ran, without its credentials. */
export interface RegisteredCluster extends ClusterChoices {
  /** UUID of the row. */
  readonly uuid: string;
  readonly name: string;
  /** Address of its API server; undefined for the one that the gateway runs in. */
  readonly server: string | undefined;
  readonly registeredBy: Pick<Principal, 'id' | 'name'>;
  readonly createdAt: Date;
  /** For optimistic locking. */
  readonly version: number;
}

export interface NewCluster extends ClusterChoices {
  readonly name: string;
  readonly access: ClusterAccess;
}

/**
 * Clusters that come and go while the gateway runs. What is here is served by every replica within seconds, by the same road as a
 * cluster of the settings; credentials are sealed in the database. All reject with answer errors.
 */
export interface ClusterRegistry {
  /** What this replica goes by, by name. */
  readonly all: ReadonlyMap<string, RegisteredCluster>;
  /** All of them as the database has them now: what was registered a moment ago, through whatever replica, is among them. */
  list(): Promise<readonly RegisteredCluster[]>;
  /** Grows with each change of `all`. */
  readonly revision: number;
  /**
   * Asks the cluster who it is, by these credentials: its version. Throws `UpstreamError` where it does not answer or refuses them,
   * `ValidationError` for an address that must not be called.
   */
  probe(access: ClusterAccess, signal: AbortSignal): Promise<{ readonly version: string }>;
  /** Throws `PreconditionError` SIGN_IN_OPEN where anybody gets in without a token: nothing can be registered then. */
  requireSignIn(): void;
  /** Throws `ConflictError` where the name is taken, `PreconditionError` SIGN_IN_OPEN where anybody gets in without a token. */
  register(cluster: NewCluster, by: Principal, ticket: OperationHandle): Promise<RegisteredCluster>;
  /** Throws `NotFoundError`, and `ConflictError` where it is of another version. Watches begin anew where it is reached otherwise. */
  update(
    name: string,
    version: number,
    changes: Partial<ClusterChoices> & { readonly access?: ClusterAccess | undefined },
    ticket: OperationHandle,
  ): Promise<{ readonly before: RegisteredCluster; readonly after: RegisteredCluster }>;
  /** Serves it no more and forgets its credentials; nothing in the cluster changes. Throws `NotFoundError`. */
  remove(name: string, ticket: OperationHandle): Promise<RegisteredCluster>;
}
