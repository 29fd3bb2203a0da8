import type { Cluster } from '../../kube/cluster.ts';
import type { ClusterReader, MaybePromise } from '../../kube/cluster-reader.ts';
import { kindKey } from '../../kube/is-kind.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import type { RequestReads } from './request-reads.ts';

/** The same reader, telling the request's record of each kind it is asked for. */
export function recordReads(cluster: Cluster, reader: ClusterReader, reads: RequestReads): ClusterReader {
  const record = (kind: KindRef): void => {
    reads.read(`${cluster.name} ${kindKey(kind)}`, (principal) => cluster.revision(kind, principal));
  };
  /** What is there at once was in memory; what was not there comes with a promise. */
  const count = <T>(answer: MaybePromise<T>): MaybePromise<T> => {
    if (!(answer instanceof Promise)) reads.readFromCache();
    return answer;
  };
  return {
    cluster: reader.cluster,
    get(kind, namespace, name) {
      record(kind);
      return count(reader.get(kind, namespace, name));
    },
    list(kind, options) {
      record(kind);
      return count(reader.list(kind, options));
    },
    byOwner(kind, uid) {
      record(kind);
      return count(reader.byOwner(kind, uid));
    },
    byIndex(kind, index, key) {
      record(kind);
      return count(reader.byIndex(kind, index, key));
    },
  };
}
