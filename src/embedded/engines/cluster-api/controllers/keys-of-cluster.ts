import { isEqualJson } from '../../../machinery/json.ts';
import type { ClusterObject, StoreEvent } from '../../../store/types.ts';
import type { Cluster } from '../kinds.ts';
import { clusterNameOf } from '../metadata.ts';

/** The key of the cluster that an object belongs to by its label. */
export function clusterKey(object: ClusterObject): readonly string[] {
  const name = clusterNameOf(object);
  return name === '' ? [] : [`${object.metadata.namespace ?? ''}/${name}`];
}

/** Whether a change of a Cluster is one that what belongs to it waits for. */
export function isClusterNews(object: ClusterObject, { previous, type }: StoreEvent): boolean {
  if (type !== 'MODIFIED' || previous === undefined) return true;
  const [now, before] = [object, previous] as Cluster[];
  const facts = (cluster: Cluster | undefined): unknown => [
    cluster?.status?.initialization,
    cluster?.status?.failureDomains,
    cluster?.spec.paused,
    cluster?.metadata.deletionTimestamp,
    cluster?.spec.controlPlaneEndpoint,
    cluster?.metadata.annotations,
  ];
  return !isEqualJson(facts(now), facts(before));
}
