import {
  defineList,
  type LongshoreBuilder,
  matchesText,
  nodeRef,
  operationsField,
  stringFilterRef,
} from 'longshore/sdk';
import {
  departmentTypeRef,
  type Project,
  projectSubject,
  projectsTopic,
  projectTypeRef,
  workspaceTypeRef,
} from '../../api.ts';
import { idOfTenant, isProject } from '../../services/tenancy/tenants.ts';
import { loadTenant, registerTenantLoader } from './load-tenants.ts';
import { membersField } from './member.ts';
import { namespacesField } from './namespace-binding.ts';
import { registerTenantRoots } from './register-tenant-roots.ts';
import { tenantFields } from './tenant-fields.ts';

/** Projects: the type, the list, the single one and the stream (CORE-05). */
export function registerProject(builder: LongshoreBuilder): void {
  builder.objectType(projectTypeRef, {
    description: 'What a team works on: its namespaces and members. It may be in a workspace and in a department.',
    interfaces: [nodeRef],
    fields: (t) => ({
      ...tenantFields(t, 'project'),
      workspace: t.field({
        type: workspaceTypeRef,
        nullable: true,
        description: 'The workspace that it is in; null where it is in none.',
        resolve: ({ workspaceUuid }, _args, context) => loadTenant('Workspace', workspaceUuid, context),
      }),
      department: t.field({
        type: departmentTypeRef,
        nullable: true,
        description: 'The department that it belongs to; null where it belongs to none.',
        resolve: ({ departmentUuid }, _args, context) => loadTenant('Department', departmentUuid, context),
      }),
      members: membersField(builder, t),
      namespaces: namespacesField(builder, t),
      operations: operationsField(
        builder,
        t,
        'What was done to it and to what lay in it then, newest first, as far as you may see it.',
        ({ uuid }) => ({ projectId: uuid }),
      ),
    }),
  });
  registerTenantLoader(builder, 'Project');
  const list = defineList(builder, {
    name: 'Project',
    node: projectTypeRef,
    plural: 'projects',
    filter: (t) => ({
      identifier: t.field({ type: stringFilterRef, description: 'Test of the identifier.' }),
      displayName: t.field({ type: stringFilterRef, description: 'Test of the display name.' }),
      workspaceIds: t.idList({ description: 'Only in these workspaces, by global id.' }),
      departmentIds: t.idList({ description: 'Only in these departments, by global id.' }),
    }),
    matches:
      ({ identifier, displayName, workspaceIds, departmentIds }) =>
      (row: Project) =>
        matchesText(identifier, row.identifier) &&
        matchesText(displayName, row.displayName) &&
        isIn(workspaceIds, 'Workspace', row.workspaceUuid) &&
        isIn(departmentIds, 'Department', row.departmentUuid),
    orders: {
      IDENTIFIER: { description: 'By identifier.', value: ({ identifier }) => identifier },
      DISPLAY_NAME: { description: 'By display name.', value: ({ displayName }) => displayName },
      CREATED_AT: { description: 'By the time of making.', value: ({ createdAt }) => createdAt.toISOString() },
    },
    defaultOrder: [{ field: 'IDENTIFIER', direction: 'ASC' }],
    place: ({ uuid }) => ({ cluster: '', namespace: '', name: uuid }),
  });
  registerTenantRoots(builder, {
    type: 'Project',
    ref: projectTypeRef,
    subject: projectSubject,
    isOne: isProject,
    list,
    listDescription: 'Projects that you have joined, and those of your workspaces; all for an administrator.',
    topic: projectsTopic,
  });
}

function isIn(ids: readonly (string | number)[] | null | undefined, type: string, uuid: string | null): boolean {
  return !ids || (uuid !== null && ids.includes(idOfTenant(type, uuid)));
}
