import { PreconditionError, ValidationError } from 'longshore/sdk';
import type { Region, Workspace } from '../../api.ts';

/** Where something of a workspace lies. */
interface WorkspacePlace {
  readonly zone: string;
  /** Null where the zone has no deployment units. */
  readonly deploymentUnit: string | null;
}

/**
 * Only what lies in the zones of a workspace may be imported into it (CORE-03). The only deployment unit of a zone is taken
 * and has no alternative; of several one must be chosen (CORE-04).
 */
export function placeInWorkspace(
  regions: readonly Region[],
  workspace: Pick<Workspace, 'identifier' | 'region' | 'zones'>,
  zone: string,
  chosenUnit: string | undefined,
): WorkspacePlace {
  if (!workspace.zones.includes(zone)) {
    throw new PreconditionError(
      'OUTSIDE_WORKSPACE_ZONES',
      `Workspace '${workspace.identifier}' has the zones ${workspace.zones.join(', ')}, not ${zone}`,
    );
  }
  const region = regions.find(({ name }) => name === workspace.region);
  const units = region?.zones.find(({ name }) => name === zone)?.deploymentUnits ?? [];
  const unit = chosenUnit ?? (units.length === 1 ? units[0] : undefined);
  if (unit === undefined && units.length === 0) return { zone, deploymentUnit: null };
  if (unit !== undefined && units.includes(unit)) return { zone, deploymentUnit: unit };
  throw new ValidationError([
    {
      path: ['deploymentUnit'],
      code: unit === undefined ? 'required' : 'unknown_deployment_unit',
      message: `deploymentUnit must be ${units.length === 0 ? 'left out' : `one of ${units.join(', ')}`} in zone ${zone}`,
    },
  ]);
}
