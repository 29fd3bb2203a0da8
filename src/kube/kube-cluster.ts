import type { Cluster, Clusters } from './cluster.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import type { ReviewedToken } from './read/review-token.ts';
import type { OwnWrite, Writer } from './write/own-writes.ts';

/** Passes on to other replicas that this principal wrote this in the cluster of this name. */
export type AfterWrite = (cluster: string, principal: Writer, write: OwnWrite) => Promise<void>;

/** A cluster as this room makes it: what few callers need stands here, beside the contract for all. */
export interface KubeCluster extends Cluster {
  /**
   * Whom a bearer token stands for that was made for one of these audiences, as the cluster says (TokenReview). Undefined
   * where it does not know it; rejects with answer errors where it cannot be asked.
   */
  reviewToken(token: string, audiences: readonly string[]): Promise<ReviewedToken | undefined>;
  /** A write that another replica made for this principal: until the cache has it, the principal's reads go around it. */
  expectWrite(principal: Writer, write: OwnWrite): void;
}

export interface KubeClusters extends Clusters {
  readonly all: readonly KubeCluster[];
  get(name: string): KubeCluster | undefined;
  /** Serves one more. Throws where one of this name is served. */
  add(settings: ClusterSettings): KubeCluster;
  /** Serves it no more; what waits for it fails. Nothing where it is not there. */
  remove(name: string): Promise<void>;
  /** Resolves once each cluster has answered or failed once, or when time is up. Nothing else waits for a cluster. */
  whenSettled(timeoutMs: number): Promise<void>;
}
