import type { Access } from '../access/access.ts';
import type { OperationRecords } from '../audit/operation-records.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { ServiceRef } from '../kernel/service-ref.ts';
import type { Cluster, Clusters } from '../kube/cluster.ts';
import type { ClusterReader } from '../kube/cluster-reader.ts';
import type { GatewayServices } from './gateway-services.ts';
import type { RequestReads } from './reuse/request-reads.ts';

/** What a resolver may touch: everything is already narrowed to what this caller may read. */
export interface RequestContext {
  /** In every error's `extensions.requestId`, in the log and in operation records. */
  readonly requestId: string;
  readonly principal: Principal;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Aborts when the caller goes away or the stream's rights end. */
  readonly signal: AbortSignal;
  /** The transport's own end of a stream, also where nobody reads any more; hand it to every subscription. */
  readonly onStreamClosed?: ((error: Error | undefined) => void) | undefined;
  readonly operations: OperationRecords;
  readonly services: GatewayServices;
  /** Clusters that this caller may see. */
  readonly clusters: Pick<Clusters, 'all' | 'get'>;
  /**
   * Reads of one cluster as this caller: what it may not read is not there. A cluster that is not there, or not for
   * this caller, throws `NotFoundError`.
   */
  kube(cluster: string): ClusterReader;
  /** The cluster behind a name for writes and logs, or `NotFoundError`. */
  cluster(name: string): Cluster;
  /** What a plugin has provided in `setup`, for its own fields and others'; `CapabilityMissingError` where none has. */
  service<T>(ref: ServiceRef<T>): T;
  /** This context itself, from a copy of it: a copy has the values, and nothing that records who asks for them. */
  readonly self: RequestContext;
  /** The same caller with nothing read yet: for each message of a stream. */
  fork(): RequestContext;
  /** What this request has read, for the reuse of its answer. */
  readonly reads: RequestReads;
  /** One value per request, made on first use: the place of a plugin's own loaders. */
  memo<T>(key: object, create: () => T): T;
}
