import { type KindRef, type KubeObject, type MaybePromise, mapMaybe, type RequestContext } from 'longshore/sdk';

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
