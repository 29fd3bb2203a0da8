import { defineList, type LongshoreBuilder, matchesText, nodeRef, relationField, stringFilterRef } from 'longshore/sdk';
import { type Department, departmentSubject, departmentTypeRef, type Project } from '../../api.ts';
import { isDepartment } from '../../services/tenancy/tenants.ts';
import { loadTenant, registerTenantLoader, visibleTenants } from './load-tenants.ts';
import { registerTenantRoots } from './register-tenant-roots.ts';
import { tenantFields } from './tenant-fields.ts';

/** Departments form trees; projects belong to them (CORE-06). */
export function registerDepartment(builder: LongshoreBuilder): void {
  builder.objectType(departmentTypeRef, {
    description: 'A department of the organisation, in a tree of departments.',
    interfaces: [nodeRef],
    fields: (t) => ({
      ...tenantFields(t, 'department'),
      parent: t.field({
        type: departmentTypeRef,
        nullable: true,
        description: 'The department above; null at the top.',
        resolve: ({ parentUuid }, _args, context) => loadTenant('Department', parentUuid, context),
      }),
      children: relationField<Department, Department>(builder, t, {
        of: 'Department',
        description: 'The departments right below that you may see.',
        rows: async ({ uuid }, context) => ({
          items: (await visibleTenants('Department', context)).filter(({ parentUuid }) => parentUuid === uuid),
        }),
      }),
      projects: relationField<Department, Project>(builder, t, {
        of: 'Project',
        description: 'Its projects that you may see, without those of departments below.',
        rows: async ({ uuid }, context) => ({
          items: (await visibleTenants('Project', context)).filter(({ departmentUuid }) => departmentUuid === uuid),
        }),
      }),
    }),
  });
  registerTenantLoader(builder, 'Department');
  const list = defineList(builder, {
    name: 'Department',
    node: departmentTypeRef,
    plural: 'departments',
    filter: (t) => ({
      identifier: t.field({ type: stringFilterRef, description: 'Test of the identifier.' }),
      displayName: t.field({ type: stringFilterRef, description: 'Test of the display name.' }),
      isTop: t.boolean({ description: 'Only those without (true) or only those with (false) a department above.' }),
    }),
    matches:
      ({ identifier, displayName, isTop }) =>
      (row: Department) =>
        matchesText(identifier, row.identifier) &&
        matchesText(displayName, row.displayName) &&
        (typeof isTop !== 'boolean' || isTop === (row.parentUuid === null)),
    orders: {
      IDENTIFIER: { description: 'By identifier.', value: ({ identifier }) => identifier },
      DISPLAY_NAME: { description: 'By display name.', value: ({ displayName }) => displayName },
    },
    defaultOrder: [{ field: 'IDENTIFIER', direction: 'ASC' }],
    place: ({ uuid }) => ({ cluster: '', namespace: '', name: uuid }),
  });
  registerTenantRoots(builder, {
    type: 'Department',
    ref: departmentTypeRef,
    subject: departmentSubject,
    isOne: isDepartment,
    list,
    listDescription: 'Departments that your projects belong to, and those above; all for an administrator.',
  });
}
