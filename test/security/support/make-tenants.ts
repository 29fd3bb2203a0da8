import { randomUUID } from 'node:crypto';
import { parseGlobalId } from '../../../src/graph/global-id.ts';
import type { TestGateway } from '../../../src/testing.ts';
import { ask } from '../../support/ask.ts';
import { type Caller, tenantsOfMembers } from './principals.ts';
import type { Position } from './world.ts';

// Where the nodes of its clusters are.
export const regionOfWorld = 'embedded';
export const zoneOfWorld = 'embedded-a';
/** As it stands in the settings; no request contains its display name. */
export const regionSettings = {
  name: regionOfWorld,
  displayName: `marker-${randomUUID()}`,
  zones: [{ name: zoneOfWorld }],
};
/** Belongs to every workspace and project, so that it can be removed from each. */
export const memberOfAll = 'token:mx-member';

export interface MadeTenant {
  readonly id: string;
  readonly identifier: string;
  /** Text that no request contains. */
  readonly displayName: string;
  /** Where rights on it come from. */
  readonly tenants: readonly string[];
}

type TenantsOfPlace = Readonly<Record<'core/Workspace' | 'core/Project' | 'core/Department', MadeTenant>>;

export type Tenants = Readonly<Partial<Record<Position, TenantsOfPlace>>>;

const places = [
  { position: 'own', cluster: 'alpha', namespace: 'shop', name: 'mxown' },
  { position: 'other namespace', cluster: 'alpha', namespace: 'team-b', name: 'mxhidden' },
  { position: 'other cluster', cluster: 'beta', namespace: 'shop', name: 'mxafar' },
  { position: 'deleted', cluster: undefined, namespace: undefined, name: 'mxdeleted' },
] as const;

/**
 * In each place a workspace with a project that has the place's namespace and belongs to a department. Of those of the own
 * place `workspace-admin` administers the workspace, and `project-developer` belongs to the project.
 */
export async function makeTenants(gateway: TestGateway, admin: Caller): Promise<Tenants> {
  async function mutate<Result>(name: string, input: object, fields: string): Promise<Result> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const answer = await ask<Record<string, { __typename: string }>, object>(
      gateway,
      `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } } }`,
      { input },
      { token: admin.token ?? null },
    );
    if (answer[name]?.__typename !== `${type}Success`) throw new Error(JSON.stringify(answer));
    return answer[name] as Result;
  }
  const nameOf = (kind: string, name: string) => ({
    identifier: `${name}-${kind}`,
    displayName: `marker-${randomUUID()}`,
  });
  const fields = '{ id identifier displayName }';
  type Row = Omit<MadeTenant, 'tenants'>;

  const made: Partial<Record<Position, TenantsOfPlace>> = {};
  for (const { position, cluster, namespace, name } of places) {
    const { department } = await mutate<{ department: Row }>(
      'createDepartment',
      nameOf('department', name),
      `department ${fields}`,
    );
    const { workspace } = await mutate<{ workspace: Row }>(
      'createWorkspace',
      { ...nameOf('workspace', name), region: regionOfWorld, networkType: 'VPC', zones: [zoneOfWorld] },
      `workspace ${fields}`,
    );
    const { project } = await mutate<{ project: Row }>(
      'createProject',
      { ...nameOf('project', name), workspaceId: workspace.id, departmentId: department.id },
      `project ${fields}`,
    );
    for (const { id } of [workspace, project]) {
      const members = [{ kind: 'PRINCIPAL', name: memberOfAll, role: 'DEVELOPER' }];
      await mutate('addMembers', { id, members }, 'warnings');
    }
    if (position === 'own') {
      const one = (title: string, role: string) => [{ kind: 'PRINCIPAL', name: `token:${title}`, role }];
      await mutate('addMembers', { id: workspace.id, members: one('workspace-admin', 'ADMIN') }, 'warnings');
      await mutate('addMembers', { id: project.id, members: one('project-developer', 'DEVELOPER') }, 'warnings');
      await mutate('addMembers', { id: project.id, members: one('auditor', 'DEVELOPER') }, 'warnings');
      tenantsOfMembers.set('workspace-admin', [
        [keyOf(workspace.id), 'ADMIN'],
        [keyOf(department.id), 'GUEST'],
      ]);
      for (const title of ['project-developer', 'auditor']) {
        tenantsOfMembers.set(title, [
          [keyOf(project.id), 'DEVELOPER'],
          [keyOf(workspace.id), 'GUEST'],
          [keyOf(department.id), 'GUEST'],
        ]);
      }
    }
    if (position === 'deleted') {
      await mutate('deleteProject', { id: project.id, confirm: project.identifier }, 'id');
      await mutate('deleteWorkspace', { id: workspace.id, confirm: workspace.identifier }, 'id');
      await mutate('deleteDepartment', { id: department.id, confirm: department.identifier }, 'id');
    } else {
      await mutate('bindNamespaces', { id: project.id, namespaces: [{ cluster, namespace }] }, 'warnings');
    }
    made[position] = {
      'core/Workspace': { ...workspace, tenants: [keyOf(workspace.id)] },
      'core/Project': { ...project, tenants: [keyOf(project.id), keyOf(workspace.id)] },
      'core/Department': { ...department, tenants: [keyOf(department.id)] },
    };
  }
  return made;
}

/** `workspace/<uuid>` */
function keyOf(id: string): string {
  const parsed = parseGlobalId(id);
  if (parsed?.of !== 'row') throw new Error(`'${id}' is no id of a row`);
  return `${parsed.type.toLowerCase()}/${parsed.key}`;
}
