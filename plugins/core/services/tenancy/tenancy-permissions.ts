import type { PermissionRule } from 'longshore/sdk';
import { departmentSubject, projectSubject, regionSubject, workspaceSubject } from '../../api.ts';

const roles = ['DEVELOPER'] as const;
const workspaceAdmin = { member: 'ADMIN', tenantKind: 'workspace' } as const;

/**
 * What members may do with their tenants (CORE-17). Administrators of a workspace manage its members, projects and
 * namespaces; those of a project its members and what it is called; everybody else reads.
 */
export const tenancyPermissions: readonly PermissionRule[] = [
  { roles: ['GUEST'], actions: ['READ'], subjects: [regionSubject] },
  {
    roles: ['GUEST'],
    actions: ['READ'],
    subjects: [workspaceSubject],
    where: { member: 'GUEST', tenantKind: 'workspace' },
  },
  {
    roles: ['GUEST'],
    actions: ['READ'],
    subjects: [departmentSubject],
    where: { member: 'GUEST', tenantKind: 'department' },
  },
  {
    roles: ['GUEST'],
    actions: ['READ'],
    subjects: [projectSubject],
    where: { member: 'GUEST', tenantKind: 'project' },
  },
  { roles, actions: ['READ'], subjects: [projectSubject], where: { member: 'DEVELOPER' } },
  {
    roles,
    actions: ['READ_MEMBERS'],
    subjects: [workspaceSubject, projectSubject],
    where: { member: 'DEVELOPER' },
  },
  { roles, actions: ['MANAGE_MEMBERS'], subjects: [workspaceSubject, projectSubject], where: { member: 'ADMIN' } },
  { roles, actions: ['UPDATE'], subjects: [projectSubject], where: { member: 'ADMIN' } },
  { roles, actions: ['CREATE_PROJECTS'], subjects: [workspaceSubject], where: workspaceAdmin },
  { roles, actions: ['DELETE'], subjects: [projectSubject], where: workspaceAdmin },
  { roles, actions: ['BIND_NAMESPACES'], subjects: [workspaceSubject, projectSubject], where: workspaceAdmin },
];
