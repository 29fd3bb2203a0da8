import { type Clusters, type DatabaseHandle, drizzle, PreconditionError, type Profiles } from 'longshore/sdk';
import type { Workspace } from '../../api.ts';
import { clustersPerWorkspace } from '../../profile-keys/tenancy.ts';
import { namespaceBindings } from '../../tables.ts';
import { describePlace, reachesIntoWorkspace, readClusterPlaces } from './cluster-places.ts';
import { outsideZones } from './place-in-workspace.ts';
import { requireProfileOfWorkspace } from './profile-of-workspace.ts';

const { eq } = drizzle;

/** Throws `PreconditionError` OUTSIDE_WORKSPACE_ZONES for a cluster none of whose nodes is in a zone of the workspace (CORE-03). */
export async function requireInZones(clusters: Clusters, workspace: Workspace, cluster: string): Promise<void> {
  const places = await readClusterPlaces(clusters, cluster);
  if (reachesIntoWorkspace(workspace, places)) return;
  throw outsideZones(workspace, `${places.map(describePlace).sort().join(', ')} as cluster '${cluster}' has`);
}

/** Clusters that a workspace has namespaces in. */
export async function clustersOfWorkspace(tx: DatabaseHandle, workspaceUuid: string): Promise<ReadonlySet<string>> {
  const rows = await tx
    .selectDistinct({ cluster: namespaceBindings.cluster })
    .from(namespaceBindings)
    .where(eq(namespaceBindings.workspaceId, workspaceUuid));
  return new Set(rows.map(({ cluster }) => cluster));
}

/**
 * A workspace holds no more clusters than its profile says (CON-02, CMP-09); what it holds already, it keeps. Throws
 * `PreconditionError` TOO_MANY_CLUSTERS or PROFILE_UNKNOWN.
 */
export function requireRoomForClusters(
  profiles: Profiles,
  workspace: Pick<Workspace, 'identifier' | 'profile'>,
  before: ReadonlySet<string>,
  after: ReadonlySet<string>,
): void {
  const most = requireProfileOfWorkspace(profiles, workspace).get(clustersPerWorkspace);
  if (most === null || after.size <= most || after.size <= before.size) return;
  throw new PreconditionError(
    'TOO_MANY_CLUSTERS',
    `Workspace '${workspace.identifier}' may hold ${most === 1 ? '1 cluster' : `${most} clusters`}: ${[...after].sort().join(', ')} would be ${after.size}`,
  );
}
