import { type AnyNode, encodeGlobalId, type OperationTarget, type SubjectDescriptor } from 'longshore/sdk';
import {
  type Department,
  departmentSubject,
  type NamespaceBinding,
  type Project,
  projectSubject,
  type Tenant,
  type Workspace,
  workspaceSubject,
} from '../../api.ts';
import type { departments, namespaceBindings, projects, workspaces } from '../../tables.ts';

/** Kinds of tenants as memberships name them. */
export type TenantKind = 'workspace' | 'project' | 'department';

export const keyOf = (kind: TenantKind, uuid: string): string => `${kind}/${uuid}`;

/** `workspace/<uuid>` */
export const tenantKey = (tenant: Tenant): string =>
  keyOf(tenant.nodeTypeName.toLowerCase() as TenantKind, tenant.uuid);

export const idOfTenant = (nodeTypeName: string, uuid: string): string =>
  encodeGlobalId({ of: 'row', plugin: 'core', type: nodeTypeName, key: uuid });

/** Rows as the nodes that resolvers, rights and streams see. */
export function toWorkspace(row: typeof workspaces.$inferSelect): Workspace {
  const { id: uuid, deletedAt: _gone, ...rest } = row;
  return { ...rest, uuid, nodeTypeName: 'Workspace', id: idOfTenant('Workspace', uuid) };
}

export function toProject(row: typeof projects.$inferSelect): Project {
  const { id: uuid, deletedAt: _gone, workspaceId: workspaceUuid, departmentId: departmentUuid, ...rest } = row;
  return { ...rest, uuid, workspaceUuid, departmentUuid, nodeTypeName: 'Project', id: idOfTenant('Project', uuid) };
}

export function toDepartment(row: typeof departments.$inferSelect): Department {
  const { id: uuid, deletedAt: _gone, parentId: parentUuid, ...rest } = row;
  return { ...rest, uuid, parentUuid, nodeTypeName: 'Department', id: idOfTenant('Department', uuid) };
}

export function toBinding(row: typeof namespaceBindings.$inferSelect): NamespaceBinding {
  const { workspaceId: workspaceUuid, projectId: projectUuid, ...rest } = row;
  return { ...rest, workspaceUuid, projectUuid };
}

export const isWorkspace = (node: AnyNode | null): node is Workspace => isTenantOf(node, 'Workspace');
export const isProject = (node: AnyNode | null): node is Project => isTenantOf(node, 'Project');
export const isDepartment = (node: AnyNode | null): node is Department => isTenantOf(node, 'Department');

function isTenantOf(node: AnyNode | null, nodeTypeName: string): boolean {
  return node !== null && 'nodeTypeName' in node && node.nodeTypeName === nodeTypeName;
}

/** A tenant lies in itself; a project in its workspace too. */
export const workspaceDescriptor: SubjectDescriptor<Workspace> = {
  subject: workspaceSubject,
  facts: ({ uuid, identifier }) => ({ name: identifier, tenants: [keyOf('workspace', uuid)] }),
};

export const projectDescriptor: SubjectDescriptor<Project> = {
  subject: projectSubject,
  facts: ({ uuid, identifier, workspaceUuid }) => ({
    name: identifier,
    tenants: [keyOf('project', uuid), ...(workspaceUuid === null ? [] : [keyOf('workspace', workspaceUuid)])],
  }),
};

export const departmentDescriptor: SubjectDescriptor<Department> = {
  subject: departmentSubject,
  facts: ({ uuid, identifier }) => ({ name: identifier, tenants: [keyOf('department', uuid)] }),
};

const subjects = { Workspace: workspaceSubject, Project: projectSubject, Department: departmentSubject } as const;

/** A tenant as rights are asked about it. */
export const instanceOf = (row: Workspace | Project | Department) => ({ subject: subjects[row.nodeTypeName], row });

/** A tenant as operation records name it. */
export const recordTargetOf = ({ id, nodeTypeName, identifier }: Tenant): OperationTarget => ({
  plugin: 'core',
  type: nodeTypeName,
  id,
  kind: nodeTypeName,
  name: identifier,
});

/** Keys come out of global ids, that is from callers: what is no UUID would be an error of the database. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
