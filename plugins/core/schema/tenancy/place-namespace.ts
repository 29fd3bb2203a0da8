import { PreconditionError, type Profile, type RequestContext, ValidationError } from 'longshore/sdk';
import { type Project, tenancyServiceRef, type Workspace } from '../../api.ts';
import { namespaceNeedsDepartment } from '../../profile-keys/tenancy.ts';
import { requireProfileOfWorkspace } from '../../services/tenancy/profile-of-workspace.ts';
import { keyOf } from '../../services/tenancy/tenants.ts';
import { findDepartment, findProject, findWorkspace } from './find-tenant.ts';
import { loadTenant, visibleTenants } from './load-tenants.ts';

/** Where a caller wants a namespace, by global ids. */
export interface WantedPlace {
  readonly cluster: string;
  readonly workspaceId?: string | number | null | undefined;
  readonly projectId?: string | number | null | undefined;
  readonly departmentId?: string | number | null | undefined;
}

/** To whom a namespace shall belong, and which profile it is made by. */
export interface NamespacePlacement {
  readonly workspace: Workspace | undefined;
  readonly project: Project | undefined;
  /** Projects that it may be made in; undefined where any will do. */
  readonly choices: readonly Project[] | undefined;
  readonly profile: Profile;
}

/**
 * To whom a namespace shall belong. In a profile where it must belong to a department and a project (CORE-06) those are the
 * caller's own: the only one is taken, of several one is chosen, and nothing else may be named. Throws `ValidationError`.
 */
export async function placeNamespace(wanted: WantedPlace, context: RequestContext): Promise<NamespacePlacement> {
  const { profiles } = context.services;
  const named = wanted.projectId ? await findProject(String(wanted.projectId), context) : undefined;
  const workspace = wanted.workspaceId
    ? await findWorkspace(String(wanted.workspaceId), context)
    : ((await loadTenant('Workspace', named?.workspaceUuid ?? null, context)) ?? undefined);
  if (named && workspace && named.workspaceUuid !== workspace.uuid) {
    throw refuse('projectId', 'other_workspace', 'The project is not in this workspace');
  }
  const carried = workspace?.profile ? profiles.get(workspace.profile) : undefined;
  const profile = carried ?? profiles.at({ cluster: wanted.cluster });
  const choices = profile.get(namespaceNeedsDepartment) ? await ownProjects(workspace, context) : undefined;
  const project = named ?? (choices?.length === 1 ? choices[0] : undefined);
  const home = workspace ?? (await loadTenant('Workspace', project?.workspaceUuid ?? null, context)) ?? undefined;
  return { workspace: home, project, choices, profile };
}

/** Throws what stands against the placement. */
export async function requirePlacement(
  { workspace, project, choices, profile }: NamespacePlacement,
  { departmentId }: WantedPlace,
  context: RequestContext,
): Promise<void> {
  requireProfileOfWorkspace(context.services.profiles, workspace);
  if (choices?.length === 0) {
    throw new PreconditionError(
      'NO_PROJECT',
      `By the profile '${profile.name}' a namespace belongs to a project of a department, and you belong to none`,
    );
  }
  if (choices && !project) {
    const names = choices.map(({ identifier }) => identifier).join(', ');
    throw refuse('projectId', 'required', `projectId must be one of your projects: ${names}`);
  }
  if (choices && project && !choices.some(({ uuid }) => uuid === project.uuid)) {
    throw refuse(
      'projectId',
      'read_only',
      'projectId must be left out or be your own: it is given by where you belong',
    );
  }
  if (departmentId === null || departmentId === undefined) return;
  const department = await findDepartment(String(departmentId), context);
  if (department.uuid === project?.departmentUuid) return;
  throw refuse(
    'departmentId',
    'read_only',
    "departmentId must be left out or be the project's: it is given by the project",
  );
}

/** Projects of a department that the caller belongs to, in the workspace where one is named. */
async function ownProjects(workspace: Workspace | undefined, context: RequestContext): Promise<readonly Project[]> {
  const belongs = new Set(
    context
      .service(tenancyServiceRef)
      .membershipsOf(context.principal)
      .filter(({ as }) => as !== 'GUEST')
      .map(({ of }) => of),
  );
  return (await visibleTenants('Project', context)).filter(
    ({ uuid, departmentUuid, workspaceUuid }) =>
      departmentUuid !== null &&
      belongs.has(keyOf('project', uuid)) &&
      (workspace === undefined || workspace.uuid === workspaceUuid),
  );
}

function refuse(name: string, code: string, message: string): ValidationError {
  return new ValidationError([{ path: [name], code, message }]);
}
