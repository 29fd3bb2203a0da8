import { namespaceKind } from 'longshore/plugins/core';
import { type ClusterReader, type MaybePromise, type RequestContext, systemPrincipal } from 'longshore/sdk';

/**
 * Reads namespaces to decide by, not to show. A cluster may let a caller read logs or metrics in a namespace and yet not see the
 * Namespace itself.
 */
function readerOf(cluster: string, context: RequestContext): Pick<ClusterReader, 'get' | 'list'> {
  const found = context.cluster(cluster);
  return found.identity === 'gateway' ? context.kube(cluster) : found.reader(systemPrincipal, context.signal);
}

/** Names of the cluster's namespaces, to decide by and not to show. */
export async function namespacesIn(cluster: string, context: RequestContext): Promise<readonly string[]> {
  const { items } = await readerOf(cluster, context).list(namespaceKind);
  return items.map(({ metadata }) => metadata.name);
}

/** When each of these namespaces was made, in UTC ms, without those that are gone: what was before is of another one of its name. */
export async function namespacesMade(
  cluster: string,
  names: readonly string[],
  context: RequestContext,
): Promise<ReadonlyMap<string, number>> {
  const reader = readerOf(cluster, context);
  const made = await Promise.all(
    names.map(async (name): Promise<[string, number][]> => {
      const namespace = await (reader.get(namespaceKind, undefined, name) as MaybePromise<
        { readonly metadata: { readonly creationTimestamp: string } } | undefined
      >);
      return namespace ? [[name, Date.parse(namespace.metadata.creationTimestamp)]] : [];
    }),
  );
  return new Map(made.flat());
}
