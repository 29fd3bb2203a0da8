import { NotFoundError, type RequestContext, resolveNode } from 'longshore/sdk';
import type { Department, Project, Workspace } from '../../api.ts';
import { isDepartment, isProject, isWorkspace } from '../../services/tenancy/tenants.ts';

/** The workspace behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findWorkspace(id: string, context: RequestContext): Promise<Workspace> {
  const node = await resolveNode(id, context);
  if (!isWorkspace(node)) throw new NotFoundError('There is no workspace with this id.');
  return node;
}

export async function findProject(id: string, context: RequestContext): Promise<Project> {
  const node = await resolveNode(id, context);
  if (!isProject(node)) throw new NotFoundError('There is no project with this id.');
  return node;
}

export async function findDepartment(id: string, context: RequestContext): Promise<Department> {
  const node = await resolveNode(id, context);
  if (!isDepartment(node)) throw new NotFoundError('There is no department with this id.');
  return node;
}

export async function findWorkspaceOrProject(id: string, context: RequestContext): Promise<Workspace | Project> {
  const node = await resolveNode(id, context);
  if (!isWorkspace(node) && !isProject(node)) throw new NotFoundError('There is no workspace or project with this id.');
  return node;
}
