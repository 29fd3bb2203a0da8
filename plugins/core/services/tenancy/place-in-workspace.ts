import { PreconditionError, ValidationError } from 'longshore/sdk';
import type { Region, Workspace } from '../../api.ts';
import { describePlace, isInWorkspace, type NodePlace } from './cluster-places.ts';

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
  if (!workspace.zones.includes(zone)) throw outsideZones(workspace, zone);
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

/** What a node must say of itself to be imported: in which zone it is. Throws as `placeInWorkspace` does. */
export function placeNodeInWorkspace(
  regions: readonly Region[],
  workspace: Pick<Workspace, 'identifier' | 'region' | 'zones'>,
  place: NodePlace | undefined,
  chosenUnit: string | undefined,
): WorkspacePlace {
  if (!place) throw outsideZones(workspace, 'one that nobody knows');
  if (!isInWorkspace(workspace, place)) throw outsideZones(workspace, describePlace(place));
  return placeInWorkspace(regions, workspace, place.zone, chosenUnit);
}

/** The deployment units of its zones, each name once: a unit is told by its name alone. */
export function unitsOfWorkspace(
  regions: readonly Region[],
  { region, zones }: Pick<Workspace, 'region' | 'zones'>,
): readonly { readonly zone: string; readonly deploymentUnit: string }[] {
  const known = regions.find(({ name }) => name === region)?.zones ?? [];
  const all = known
    .filter(({ name }) => zones.includes(name))
    .flatMap(({ name, deploymentUnits }) => deploymentUnits.map((deploymentUnit) => ({ zone: name, deploymentUnit })));
  return all.filter((unit, index) => all.findIndex((other) => other.deploymentUnit === unit.deploymentUnit) === index);
}

export function outsideZones(
  { identifier, region, zones }: Pick<Workspace, 'identifier' | 'region' | 'zones'>,
  zone: string,
): PreconditionError {
  return new PreconditionError(
    'OUTSIDE_WORKSPACE_ZONES',
    `Workspace '${identifier}' has the zones ${zones.join(', ')} of region ${region}, not ${zone}`,
  );
}
