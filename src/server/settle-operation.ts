import type { OperationRecord, Settlement } from '../audit/operation-records.ts';
import { systemPrincipal } from '../kernel/principal.ts';
import type { Clusters } from '../kube/cluster.ts';

/**
 * Finds out what became of an operation whose process died, by looking at the cluster: a thing to be deleted is gone, a
 * thing to be made was made since. Anything else cannot be told from outside, and undefined says so.
 */
export async function settleOperation(
  record: OperationRecord,
  clusters: Pick<Clusters, 'get'>,
): Promise<Settlement | undefined> {
  const { cluster: clusterName, kind: kindName, namespace, name } = record.target;
  const verb = record.action.match(/^(create|delete)/)?.[1];
  const cluster = clusterName === undefined ? undefined : clusters.get(clusterName);
  if (!verb || !cluster || kindName === undefined || name === undefined) return undefined;
  const [group, kind] = splitKind(kindName);
  const ref = await cluster.resolveGroupKind(group, kind);
  if (!ref) return undefined;
  const object = await cluster.reader(systemPrincipal).get(ref, ref.isNamespaced ? namespace : undefined, name);
  if (verb === 'delete') return object ? undefined : { status: 'SUCCEEDED' };
  const isNew =
    object !== undefined &&
    Date.parse(object.metadata.creationTimestamp) >= Math.floor(record.createdAt.getTime() / 1000) * 1000;
  return isNew ? { status: 'SUCCEEDED' } : undefined;
}

/** `Namespace` of the core group, or `apps/Deployment`. */
function splitKind(name: string): [group: string, kind: string] {
  const slash = name.lastIndexOf('/');
  return slash === -1 ? ['', name] : [name.slice(0, slash), name.slice(slash + 1)];
}
