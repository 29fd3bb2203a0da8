import type { Access } from '../access/access.ts';
import { notFound } from '../access/not-found.ts';
import type { OperationRecords } from '../audit/operation-records.ts';
import { CapabilityMissingError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Principal } from '../kernel/principal.ts';
import type { Cluster, Clusters } from '../kube/cluster.ts';
import type { ClusterReader } from '../kube/cluster-reader.ts';
import type { GatewayServices } from './gateway-services.ts';
import { guardReader } from './kubernetes/guard-reader.ts';
import type { RequestContext } from './request-context.ts';

export interface RequestContextOptions {
  readonly requestId: string;
  readonly principal: Principal;
  readonly access: Access;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onStreamClosed?: ((error: Error | undefined) => void) | undefined;
  readonly operations: OperationRecords;
  readonly services: GatewayServices;
  readonly clusters: Clusters;
}

/** One context per request or stream; cheap, since readers and loaders are made on first use. */
export function createRequestContext(options: RequestContextOptions): RequestContext {
  const { access, clusters } = options;
  const readers = new Map<string, ClusterReader>();
  const memos = new WeakMap<object, { readonly value: unknown }>();
  const isVisible = (cluster: Cluster): boolean =>
    access.allowed('READ', { subject: 'core/Cluster', cluster: cluster.name });

  function find(name: string): Cluster | undefined {
    const cluster = clusters.get(name);
    return cluster && isVisible(cluster) ? cluster : undefined;
  }
  function cluster(name: string): Cluster {
    const found = find(name);
    if (!found) throw notFound({ subject: 'core/Cluster', cluster: name });
    return found;
  }

  return {
    ...options,
    clusters: {
      get all() {
        return clusters.all.filter(isVisible);
      },
      get: find,
    },
    cluster,
    kube(name) {
      let reader = readers.get(name);
      if (!reader) {
        reader = guardReader(cluster(name).reader(options.principal, options.signal), access);
        readers.set(name, reader);
      }
      return reader;
    },
    service(ref) {
      const service = options.services.service(ref);
      if (service !== undefined) return service;
      const [plugin = ref.id] = ref.id.split('.');
      const hint = `Add '${plugin}' to plugins.`;
      throw new CapabilityMissingError(ref.id, `No plugin provides '${ref.id}' here`, { hint });
    },
    memo<T>(key: object, create: () => T): T {
      let memo = memos.get(key);
      if (!memo) {
        memo = { value: create() };
        memos.set(key, memo);
      }
      return memo.value as T;
    },
  };
}
