import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { KindRef } from '../../kube/kind-ref.ts';
import type { KubeObject } from '../../kube/kube-object.ts';
import { mapMaybe } from '../map-maybe.ts';
import type { RequestContext } from '../request-context.ts';

/** One object by its name; null where it, or its cluster, is not there for this caller. */
export function readObject<T>(
  context: RequestContext,
  kind: KindRef<T>,
  cluster: string,
  namespace: string | undefined,
  name: string,
): MaybePromise<KubeObject<T> | null> {
  if (!context.clusters.get(cluster)) return null;
  return mapMaybe(context.kube(cluster).get(kind, namespace, name), (object) => object ?? null);
}
