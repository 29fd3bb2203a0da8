import { type LocatedTarget, type OperationTarget, parseGlobalId } from 'longshore/sdk';
import type { NamespaceBinding } from '../../api.ts';
import { isUuid } from '../tenancy/tenants.ts';

/** What of the tenancy decides where a target lies. */
export interface TenantPlaces {
  bindingOf(cluster: string, namespace: string): Pick<NamespaceBinding, 'workspaceUuid' | 'projectUuid'> | undefined;
  /** The workspace that a project is in; undefined where it is in none, or not known. */
  workspaceOfProject(uuid: string): string | undefined;
}

/**
 * The tenants that a target lies in: those of its namespace, or itself where it is one. What was yet to be made is found by what it
 * became, of whatever plugin.
 */
export function locateTarget(
  places: TenantPlaces,
  target: OperationTarget,
  resultId: string | undefined,
): LocatedTarget | undefined {
  if (target.cluster !== undefined && target.namespace !== undefined) {
    const binding = places.bindingOf(target.cluster, target.namespace);
    const made = madeOf(target, resultId);
    if (!binding) return made;
    return { ...placed(places, binding.workspaceUuid ?? undefined, binding.projectUuid ?? undefined), ...made };
  }
  if (target.plugin !== 'core') return madeOf(target, resultId);
  const given = tenantUuid(target.id, target.type);
  const uuid = given ?? tenantUuid(resultId, target.type);
  if (uuid === undefined) return undefined;
  const targetId = given === undefined ? { targetId: resultId } : {};
  if (target.type === 'Workspace') return { workspaceId: uuid, ...targetId };
  if (target.type === 'Project') return { ...placed(places, undefined, uuid), ...targetId };
  return targetId;
}

/** The row that became of a target that had no id yet; undefined where it says what it was done to, or became none. */
function madeOf({ plugin, type, id }: OperationTarget, resultId: string | undefined): LocatedTarget | undefined {
  if (resultId === undefined || parseGlobalId(id)) return undefined;
  const made = parseGlobalId(resultId);
  return made?.of === 'row' && made.plugin === plugin && made.type === type ? { targetId: resultId } : undefined;
}

/** What lies in a project lies in the project's workspace. */
function placed(
  places: TenantPlaces,
  workspaceId: string | undefined,
  projectId: string | undefined,
): LocatedTarget | undefined {
  const found = workspaceId ?? (projectId === undefined ? undefined : places.workspaceOfProject(projectId));
  return { workspaceId: found, projectId };
}

function tenantUuid(id: string | undefined, type: string): string | undefined {
  const parsed = id === undefined ? undefined : parseGlobalId(id);
  return parsed?.of === 'row' && parsed.plugin === 'core' && parsed.type === type && isUuid(parsed.key)
    ? parsed.key
    : undefined;
}
