import { encodeGlobalId, type KubeObject, matchesText, type StringFilter, workspaceOf } from 'longshore/sdk';
import { displayNameOf } from '../../services/vpc/vpc-facts.ts';

/** What lists of VPCs and of subnets filter by besides what all lists do. */
export interface NetworkFilter {
  readonly displayName?: StringFilter | null | undefined;
  readonly workspaceId?: string | number | null | undefined;
}

export function matchesNetwork({
  displayName,
  workspaceId,
}: NetworkFilter): (object: Pick<KubeObject, 'metadata'>) => boolean {
  return (object) => {
    if (!matchesText(displayName, displayNameOf(object))) return false;
    if (workspaceId === null || workspaceId === undefined) return true;
    const key = workspaceOf(object);
    return (
      key !== undefined && encodeGlobalId({ of: 'row', plugin: 'core', type: 'Workspace', key }) === String(workspaceId)
    );
  };
}
