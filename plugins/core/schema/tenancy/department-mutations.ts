import { type LongshoreBuilder, registerMutation } from 'longshore/sdk';
import { type Department, departmentSubject, departmentTypeRef, tenancyServiceRef } from '../../api.ts';
import { checkTenant, checkTenantByProfile } from '../../services/tenancy/check-tenants.ts';
import { instanceOf, isDepartment, recordTargetOf } from '../../services/tenancy/tenants.ts';
import { findDepartment } from './find-tenant.ts';
import { registerTenantDeletion } from './register-tenant-deletion.ts';
import { creationInputs, recordedFields, updateInputs } from './tenant-inputs.ts';

/** Making, moving and deleting departments (CORE-06). */
export function registerDepartmentMutations(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createDepartment',
    description: 'Makes a department.',
    allow: { action: 'CREATE', subject: departmentSubject },
    input: (t) => ({
      ...creationInputs(t),
      parentId: t.id({ description: 'Global id of the department above; none for one at the top.' }),
    }),
    validate: checkTenant,
    load: async ({ identifier, parentId }, context) => ({
      value: parentId ? (await findDepartment(String(parentId), context)).uuid : null,
      instance: { subject: departmentSubject, name: identifier },
      record: { plugin: 'core', type: 'Department', id: identifier, kind: 'Department', name: identifier },
    }),
    check: (input, _parent, { services: { profiles } }) => checkTenantByProfile(profiles.at({}), input),
    run: async ({ identifier, displayName, description }, parentUuid, ticket, context) => {
      const fields = { identifier, displayName: displayName.trim(), description: (description ?? '').trim() };
      const value = await context.service(tenancyServiceRef).createDepartment({ ...fields, parentUuid }, ticket);
      return { value, resultId: value.id, before: undefined, after: recordedFields(value) };
    },
    replay: asDepartment,
    success: {
      description: 'The department was made.',
      fields: (t) => ({
        department: t.field({
          type: departmentTypeRef,
          description: 'The department; in a dry run as it would be, with an id of no use.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerMutation(builder, {
    name: 'updateDepartment',
    description: 'Changes or moves a department. It cannot be moved below itself.',
    allow: { action: 'UPDATE', subject: departmentSubject },
    input: (t) => ({
      ...updateInputs(t),
      parentId: t.id({ description: 'Global id of the department above; null moves it to the top.' }),
    }),
    validate: checkTenant,
    load: async ({ id, parentId }, context) => {
      const department = await findDepartment(String(id), context);
      const parentUuid = parentId ? (await findDepartment(String(parentId), context)).uuid : parentId;
      return {
        value: { department, parentUuid: parentUuid as string | null | undefined },
        instance: instanceOf(department),
        record: recordTargetOf(department),
      };
    },
    check: (input, _department, { services: { profiles } }) => checkTenantByProfile(profiles.at({}), input),
    run: async ({ version, displayName, description }, { department, parentUuid }, ticket, context) => {
      const fields = {
        displayName: displayName?.trim() ?? undefined,
        description: description?.trim() ?? undefined,
        parentUuid,
      };
      const { before, after } = await context
        .service(tenancyServiceRef)
        .updateDepartment(department.uuid, version, fields, ticket);
      return { value: after, resultId: after.id, before: recordedFields(before), after: recordedFields(after) };
    },
    replay: asDepartment,
    success: {
      description: 'The department was changed.',
      fields: (t) => ({
        department: t.field({
          type: departmentTypeRef,
          description: 'The department; in a dry run as it would be.',
          resolve: ({ value }) => value,
        }),
      }),
    },
  });
  registerTenantDeletion<Department>(builder, {
    name: 'deleteDepartment',
    description: 'Deletes a department. Refused while departments or projects are in it.',
    subject: departmentSubject,
    what: 'department',
    find: findDepartment,
    remove: ({ uuid }, ticket, context) => context.service(tenancyServiceRef).deleteDepartment(uuid, ticket),
  });
}

const asDepartment = (node: unknown): Department | null => (isDepartment(node as never) ? (node as Department) : null);
