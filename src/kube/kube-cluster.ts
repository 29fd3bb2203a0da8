import type { Principal } from '../kernel/principal.ts';
import type { Cluster, Clusters } from './cluster.ts';
import type { ReviewedToken } from './read/review-token.ts';
import type { OwnWrite } from './write/own-writes.ts';

/** A cluster as this room makes it: what few callers need stands here, beside the contract for all. */
export interface KubeCluster extends Cluster {
  /**
   * Whom a bearer token stands for that was made for one of these audiences, as the cluster says (TokenReview). Undefined
   * where it does not know it; rejects with answer errors where it cannot be asked.
   */
  reviewToken(token: string, audiences: readonly string[]): Promise<ReviewedToken | undefined>;
  /** A write that another replica made for this principal: until the cache has it, the principal's reads go around it. */
  expectWrite(principal: Principal, write: OwnWrite): void;
}

export interface KubeClusters extends Clusters {
  readonly all: readonly KubeCluster[];
  get(name: string): KubeCluster | undefined;
  /** Resolves once each cluster has answered or failed once, or when time is up. Nothing else waits for a cluster. */
  whenSettled(timeoutMs: number): Promise<void>;
}
