import { inputRef, type LongshoreBuilder, registerMutation } from 'longshore/sdk';
import {
  type Member,
  type Project,
  projectSubject,
  tenancyServiceRef,
  type Workspace,
  workspaceSubject,
} from '../../api.ts';
import { checkMemberRoles } from '../../services/tenancy/check-member-roles.ts';
import { checkMembers } from '../../services/tenancy/check-members.ts';
import { recordedMembers } from '../../services/tenancy/recorded-belongings.ts';
import { instanceOf, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findWorkspaceOrProject } from './find-tenant.ts';
import { memberKindRef } from './member.ts';
import { asWorkspaceOrProject, tenantInPayload } from './tenant-in-payload.ts';

const memberInput = inputRef<Pick<Member, 'kind' | 'name' | 'role'>>('MemberInput');
const memberNameInput = inputRef<Pick<Member, 'kind' | 'name'>>('MemberNameInput');

const manageMembers = { action: 'MANAGE_MEMBERS', subject: [workspaceSubject, projectSubject] } as const;

/** Who belongs to a workspace or project is said by its administrators. */
export function registerMemberMutations(builder: LongshoreBuilder): void {
  builder.inputType('MemberInput', {
    description: 'Somebody to add.',
    fields: (t) => ({
      kind: t.field({ type: memberKindRef, required: true, description: 'One caller or a group.' }),
      name: t.string({ required: true, description: 'Id of the caller, or name of the group.' }),
      role: t.string({
        required: true,
        description: 'What it is there: ADMIN, DEVELOPER, GUEST, or a role of `roles` that is for members.',
      }),
    }),
  });
  builder.inputType('MemberNameInput', {
    description: 'Somebody to remove.',
    fields: (t) => ({
      kind: t.field({ type: memberKindRef, required: true, description: 'One caller or a group.' }),
      name: t.string({ required: true, description: 'Id of the caller, or name of the group.' }),
    }),
  });
  registerMutation(builder, {
    name: 'addMembers',
    description: 'Adds members to a workspace or project. Who is one already gets the role that is given here.',
    allow: manageMembers,
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workspace or project.' }),
      members: t.field({ type: [memberInput], required: true, description: 'Whom to add, up to 1000; all or none.' }),
    }),
    validate: ({ members }) => checkMembers(members),
    check: ({ members }, _tenant: Workspace | Project, { services }) =>
      checkMemberRoles(members, services.permissions.roles),
    load: async ({ id }, context) => {
      const value = await findWorkspaceOrProject(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    run: async ({ members }, tenant, ticket, context) => {
      const before = await context.service(tenancyServiceRef).addMembers(tenant, members, ticket);
      const changed = members.map(({ kind, name, role }, index) => ({
        kind,
        name,
        before: before[index],
        after: role,
      }));
      return { value: tenant, resultId: tenant.id, ...recordedMembers(changed) };
    },
    replay: asWorkspaceOrProject,
    success: { description: 'They are members.', fields: tenantInPayload },
  });
  registerMutation(builder, {
    name: 'removeMembers',
    description:
      'Removes members from a workspace or project: what they have open there ends within seconds. The last administrator of a workspace stays.',
    allow: manageMembers,
    input: (t) => ({
      id: t.id({ required: true, description: 'Global id of the workspace or project.' }),
      members: t.field({
        type: [memberNameInput],
        required: true,
        description: 'Whom to remove, up to 1000; all or none.',
      }),
    }),
    validate: ({ members }) => checkMembers(members),
    load: async ({ id }, context) => {
      const value = await findWorkspaceOrProject(String(id), context);
      return { value, instance: instanceOf(value), record: recordTargetOf(value) };
    },
    run: async ({ members }, tenant, ticket, context) => {
      const before = await context.service(tenancyServiceRef).removeMembers(tenant, members, ticket);
      const changed = members.map(({ kind, name }, index) => ({ kind, name, before: before[index], after: undefined }));
      return { value: tenant, resultId: tenant.id, ...recordedMembers(changed) };
    },
    replay: asWorkspaceOrProject,
    success: { description: 'They are members no more.', fields: tenantInPayload },
  });
}
