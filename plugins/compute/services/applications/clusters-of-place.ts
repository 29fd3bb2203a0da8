import type { TenancyService } from 'longshore/plugins/core';
import type { Cluster, Clusters } from 'longshore/sdk';
import type { Application } from '../../api.ts';

/**
 * The clusters where something of an application may be: that of its namespace, or those in which its workspace has namespaces. Another
 * one that is away must not keep its state from being known.
 */
export async function clustersOfPlace(
  { cluster, workspaceUuid }: Pick<Application, 'cluster' | 'workspaceUuid'>,
  clusters: Pick<Clusters, 'all' | 'get'>,
  tenancy: Pick<TenancyService, 'workspaces' | 'namespacesOf'>,
): Promise<readonly Cluster[]> {
  if (cluster !== null) return [clusters.get(cluster) ?? []].flat();
  const workspace = (await tenancy.workspaces()).find(({ uuid }) => uuid === workspaceUuid);
  if (!workspace) return [];
  const names = new Set((await tenancy.namespacesOf(workspace)).map((bound) => bound.cluster));
  return clusters.all.filter(({ name }) => names.has(name));
}
