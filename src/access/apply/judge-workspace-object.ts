import { type WorkspaceKind, workspaceLabel } from '../workspace-kinds.ts';
import { type ApplyViolation, violationOf } from './apply-violation.ts';
import { isNode, isUnset, itemsAt, valueAt } from './read-manifest.ts';

/** Where whoever writes has a role. */
export interface OwnPlaces {
  /** UUIDs of workspaces; being a guest of one is not enough. */
  readonly workspaces: ReadonlySet<string>;
  /** In the cluster that is written to; being a guest in one is not enough. */
  readonly hasNamespace: (name: string) => boolean;
}

/**
 * What stands against an object without a namespace that somebody other than an administrator writes: it must be of a workspace of
 * theirs, say only what members may say, and name no namespace that is not theirs. Pure.
 */
export function judgeWorkspaceObject(
  { fields, namespaceFields = [] }: WorkspaceKind,
  object: unknown,
  own: OwnPlaces,
): readonly ApplyViolation[] {
  if (!isNode(object)) return [violationOf('manifest', [], 'The manifest must be an object')];
  const labelPath = ['metadata', 'labels', workspaceLabel];
  const workspace = valueAt(object, ...labelPath);
  if (typeof workspace !== 'string' || !own.workspaces.has(workspace)) {
    return [violationOf('workspace', labelPath, 'must name a workspace that you belong to', workspace)];
  }
  const { spec } = object;
  if (isUnset(spec)) return [];
  if (!isNode(spec)) return [violationOf('manifest', ['spec'], 'must be an object')];
  return [
    ...Object.keys(spec)
      .filter((field) => !saysNothing(spec[field]) && !allows(fields, field, spec[field]))
      .map((field) => violationOf('field', ['spec', field], 'is for administrators to set')),
    ...namespaceFields.flatMap((field) =>
      itemsAt(object, 'spec', field).flatMap((name, index) =>
        typeof name === 'string' && own.hasNamespace(name)
          ? []
          : [violationOf('namespace', ['spec', field, index], 'must be a namespace that you work in', name)],
      ),
    ),
  ];
}

function allows(fields: WorkspaceKind['fields'], field: string, value: unknown): boolean {
  const allowed = Object.hasOwn(fields, field) ? fields[field] : undefined;
  return allowed === 'any' || allowed?.some((each) => each === value) === true;
}

/** Engines write their defaults out: what is off, empty or zero asks for nothing. */
function saysNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isNode(value)) return Object.values(value).every(saysNothing);
  return isUnset(value) || value === false || value === '' || value === 0;
}
