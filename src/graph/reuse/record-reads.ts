import type { Cluster } from '../../kube/cluster.ts';
import type { ClusterReader } from '../../kube/cluster-reader.ts';
import { kindKey } from '../../kube/is-kind.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import type { RequestReads } from './request-reads.ts';

/** The same reader, telling the request's record of each kind it is asked for. */
export function recordReads(cluster: Cluster, reader: ClusterReader, reads: RequestReads): ClusterReader {
  const record = (kind: KindRef): void => {
    reads.read(`${cluster.name} ${kindKey(kind)}`, (principal) => cluster.revision(kind, principal));
  };
  return {
    cluster: reader.cluster,
    get(kind, namespace, name) {
      record(kind);
      return reader.get(kind, namespace, name);
    },
    list(kind, options) {
      record(kind);
      return reader.list(kind, options);
    },
    byOwner(kind, uid) {
      record(kind);
      return reader.byOwner(kind, uid);
    },
    byIndex(kind, index, key) {
      record(kind);
      return reader.byIndex(kind, index, key);
    },
  };
}
