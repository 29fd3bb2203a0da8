import type { Principal } from '../kernel/principal.ts';
import type { Cluster, Clusters } from './cluster.ts';
import type { KindRef } from './kind-ref.ts';
import type { OwnWrite } from './write/own-writes.ts';

/** A cluster as this room makes it: what few callers need stands here, beside the contract for all. */
export interface KubeCluster extends Cluster {
  /** Grows with each change of a cached kind: equal revisions mean equal content. Undefined where the kind is not cached. */
  revision(kind: KindRef): number | undefined;
  /** A write that another replica made for this principal: until the cache has it, the principal's reads go around it. */
  expectWrite(principal: Principal, write: OwnWrite): void;
}

export interface KubeClusters extends Clusters {
  readonly all: readonly KubeCluster[];
  get(name: string): KubeCluster | undefined;
  /** Resolves once each cluster has answered or failed once, or when time is up. Nothing else waits for a cluster. */
  whenSettled(timeoutMs: number): Promise<void>;
}
