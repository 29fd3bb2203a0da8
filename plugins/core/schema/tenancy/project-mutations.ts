import { type LongshoreBuilder, type RequestContext, registerMutation } from 'longshore/sdk';
import { type Project, projectSubject, projectTypeRef, tenancyServiceRef, workspaceSubject } from '../../api.ts';
import { checkTenant, checkTenantByProfile } from '../../services/tenancy/check-tenants.ts';
import { requireProfileOfWorkspace } from '../../services/tenancy/profile-of-workspace.ts';
import { instanceOf, isProject, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findDepartment, findProject, findWorkspace } from './find-tenant.ts';
import { loadTenant } from './load-tenants.ts';
import { registerTenantDeletion } from './register-tenant-deletion.ts';
import { creationInputs, recordedFields, updateInputs } from './tenant-inputs.ts';

/** Making, changing and deleting projects (CORE-05). */
export function registerProjectMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createProject',
    description: 'Makes a project. Its identifier is unique in its workspace, or among the projects that are in none.',
    allow: { action: 'CREATE_PROJECTS', subject: workspaceSubject },
    input: (t) => ({
      ...creationInputs(t),
      workspaceId: t.id({ description: 'Global id of the workspace that it shall be in; it never changes.' }),
      departmentId: t.id({ description: 'Global id of the department that it belongs to.' }),
    }),
    validate: checkTenant,
    load: async ({ identifier, workspaceId, departmentId }, context) => {
      const workspace = workspaceId ? await findWorkspace(String(workspaceId), context) : undefined;
      const departmentUuid = await departmentOf(departmentId, context);
      return {
        value: { workspace, departmentUuid: departmentUuid ?? null },
        // In no workspace it lies in no tenant: that is for administrators of the platform.
        instance: workspace ? instanceOf(workspace) : { subject: projectSubject, name: identifier },
        record: { plugin: 'core', type: 'Project', id: identifier, kind: 'Project', name: identifier },
      };
    },
    check: (input, { workspace }, { services: { profiles } }) =>
      checkTenantByProfile(requireProfileOfWorkspace(profiles, workspace), input),
    run: async ({ identifier, displayName, description }, { workspace, departmentUuid }, ticket, context) => {
      const place = { workspaceUuid: workspace?.uuid ?? null, departmentUuid };
      const fields = { identifier, displayName: displayName.trim(), description: (description ?? '').trim() };
      const value = await context.service(tenancyServiceRef).createProject({ ...fields, ...place }, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedFields(value) };
    },
    replay: asProject,
    success: {
      description: 'The project was made.',
      fields: (t) => ({
        project: t.field({
          type: projectTypeRef,
          description: 'The project; in a dry run as it would be, with an id of no use.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'updateProject',
    description: 'Changes a project. Identifier and workspace never change.',
    allow: { action: 'UPDATE', subject: projectSubject },
    input: (t) => ({
      ...updateInputs(t),
      departmentId: t.id({ description: 'Global id of the department that it belongs to; null for none.' }),
    }),
    validate: checkTenant,
    load: async ({ id, departmentId }, context) => {
      const project = await findProject(String(id), context);
      const departmentUuid = departmentId === null ? null : await departmentOf(departmentId, context);
      const workspace = (await loadTenant('Workspace', project.workspaceUuid, context)) ?? undefined;
      return {
        value: { project, workspace, departmentUuid },
        instance: instanceOf(project),
        record: recordTargetOf(project),
      };
    },
    check: (input, { workspace }, { services: { profiles } }) =>
      checkTenantByProfile(requireProfileOfWorkspace(profiles, workspace), input),
    run: async ({ version, displayName, description }, { project, departmentUuid }, ticket, context) => {
      const fields = {
        displayName: displayName?.trim() ?? undefined,
        description: description?.trim() ?? undefined,
        departmentUuid,
      };
      const { before, after } = await context
        .service(tenancyServiceRef)
        .updateProject(project.uuid, version, fields, ticket);
      return { value: after, resultId: after.id, before: recordedFields(before), after: recordedFields(after) };
    },
    replay: asProject,
    success: {
      description: 'The project was changed.',
      fields: (t) => ({
        project: t.field({
          type: projectTypeRef,
          description: 'The project; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerTenantDeletion<Project>(builder, {
    name: 'deleteProject',
    description: 'Deletes a project with its memberships. Refused while namespaces belong to it.',
    subject: projectSubject,
    what: 'project',
    find: findProject,
    remove: ({ uuid }, ticket, context) => context.service(tenancyServiceRef).deleteProject(uuid, ticket),
  });
}

/** Only a department that the caller may see: belonging to one lets the project's members see it. */
async function departmentOf(
  id: string | number | null | undefined,
  context: RequestContext,
): Promise<string | undefined> {
  return id === null || id === undefined ? undefined : (await findDepartment(String(id), context)).uuid;
}

const asProject = (node: unknown): Project | null => (isProject(node as never) ? (node as Project) : null);
