import { type FieldBuilder, viewerCanField } from 'longshore/sdk';
import type { Department, Project, Workspace } from '../../api.ts';
import { instanceOf } from '../../services/tenancy/tenants.ts';

/** What workspaces, projects and departments have in common. `what` is the word for it, e.g. `workspace`. */
export function tenantFields<T extends Workspace | Project | Department>(t: FieldBuilder<T>, what: string) {
  return {
    identifier: t.string({
      description: `English identifier of the ${what}; never changes.`,
      resolve: (tenant) => tenant.identifier,
    }),
    displayName: t.string({
      description: 'What people call it, of any script.',
      resolve: (tenant) => tenant.displayName,
    }),
    description: t.string({
      description: 'What it is for; empty where nobody said.',
      resolve: (tenant) => tenant.description,
    }),
    version: t.int({
      description: '1 when it was made, one more with each change; an update says which version it has seen.',
      resolve: (tenant) => tenant.version,
    }),
    createdAt: t.field({
      type: 'DateTime',
      description: 'When it was made.',
      resolve: (tenant) => tenant.createdAt,
    }),
    ...viewerCanField<T>(t, instanceOf),
  };
}
