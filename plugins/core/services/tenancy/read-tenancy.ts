import { type Database, type DatabaseHandle, drizzle } from 'longshore/sdk';
import { departments, members, namespaceBindings, projects, tenancyRevision, workspaces } from '../../tables.ts';
import type { TenancyState } from './build-tenancy-view.ts';
import { toBinding } from './tenants.ts';

const { isNull } = drizzle;

/** The number of the last change; 0 where there was none yet. */
export async function readTenancyRevision(db: DatabaseHandle): Promise<number> {
  const [row] = await db.select({ revision: tenancyRevision.revision }).from(tenancyRevision);
  return row?.revision ?? 0;
}

/** The whole state as of one moment. */
export function readTenancy(database: Database): Promise<TenancyState> {
  return database.transaction(
    async (tx) => {
      const revision = await readTenancyRevision(tx);
      const workspaceRows = await tx
        .select({ uuid: workspaces.id, identifier: workspaces.identifier, profile: workspaces.profile })
        .from(workspaces)
        .where(isNull(workspaces.deletedAt));
      const projectRows = await tx
        .select({ uuid: projects.id, workspaceUuid: projects.workspaceId, departmentUuid: projects.departmentId })
        .from(projects)
        .where(isNull(projects.deletedAt));
      const departmentRows = await tx
        .select({ uuid: departments.id, parentUuid: departments.parentId })
        .from(departments)
        .where(isNull(departments.deletedAt));
      const bindingRows = await tx.select().from(namespaceBindings);
      const memberRows = await tx
        .select({ tenant: members.tenant, kind: members.kind, name: members.name, role: members.role })
        .from(members);
      return {
        revision,
        workspaces: workspaceRows,
        projects: projectRows,
        departments: departmentRows,
        bindings: bindingRows.map(toBinding),
        members: memberRows,
      };
    },
    { isolation: 'repeatable read' },
  );
}
