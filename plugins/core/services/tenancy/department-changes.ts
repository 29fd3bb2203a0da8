import { randomUUID } from 'node:crypto';
import { type DatabaseHandle, drizzle, InUseError, ValidationError } from 'longshore/sdk';
import type { TenancyService } from '../../api.ts';
import { departments, projects } from '../../tables.ts';
import type { ChangeTenancy } from './change-tenancy.ts';
import { isInCircle } from './department-tree.ts';
import { maxReferences, sayContents } from './in-use.ts';
import { edited, needRow, requireFreeIdentifier, requireVersion, softDelete } from './tenant-rows.ts';
import { idOfTenant, toDepartment } from './tenants.ts';

const { and, eq, isNull } = drizzle;

/** Making, changing and deleting departments, which form trees. */
export function createDepartmentChanges(options: {
  readonly change: ChangeTenancy;
}): Pick<TenancyService, 'createDepartment' | 'updateDepartment' | 'deleteDepartment'> {
  const { change } = options;
  return {
    createDepartment: ({ parentUuid, ...fields }, ticket) =>
      change(ticket, async (tx, now) => {
        await requireParent(tx, parentUuid, undefined);
        await requireFreeIdentifier(tx, departments, fields.identifier);
        const row = { ...fields, id: randomUUID(), parentId: parentUuid, version: 1, createdAt: now, deletedAt: null };
        await tx.insert(departments).values(row);
        return toDepartment(row);
      }),

    updateDepartment: (uuid, version, { parentUuid, ...fields }, ticket) =>
      change(ticket, async (tx) => {
        const row = await needRow(tx, departments, uuid);
        requireVersion(row, version);
        await requireParent(tx, parentUuid, uuid);
        const after = { ...row, ...edited({ ...fields, parentId: parentUuid }, version) } as typeof row;
        await tx.update(departments).set(after).where(eq(departments.id, uuid));
        return { before: toDepartment(row), after: toDepartment(after) };
      }),

    deleteDepartment: (uuid, ticket) =>
      change(ticket, async (tx, now) => {
        const { identifier } = await needRow(tx, departments, uuid);
        const below = await tx
          .select({ id: departments.id })
          .from(departments)
          .where(and(eq(departments.parentId, uuid), isNull(departments.deletedAt)))
          .limit(maxReferences);
        const inside = await tx
          .select({ id: projects.id })
          .from(projects)
          .where(and(eq(projects.departmentId, uuid), isNull(projects.deletedAt)))
          .limit(maxReferences);
        if (below.length + inside.length > 0) {
          const contents = sayContents({ department: below.length, project: inside.length });
          throw new InUseError(`Department '${identifier}' still has ${contents}; move or delete what is in it first`, [
            ...below.map(({ id }) => idOfTenant('Department', id)),
            ...inside.map(({ id }) => idOfTenant('Project', id)),
          ]);
        }
        await softDelete(tx, departments, uuid, now);
      }),
  };
}

async function requireParent(
  tx: DatabaseHandle,
  parentUuid: string | null | undefined,
  ownUuid: string | undefined,
): Promise<void> {
  if (parentUuid === null || parentUuid === undefined) return;
  const rows = await tx
    .select({ id: departments.id, parentId: departments.parentId })
    .from(departments)
    .where(isNull(departments.deletedAt));
  const parents = new Map(rows.map(({ id, parentId }) => [id, parentId]));
  const refuse = (code: string, message: string): never => {
    throw new ValidationError([{ path: ['parentId'], code, message }]);
  };
  if (!parents.has(parentUuid)) refuse('unknown_department', 'There is no department with this id');
  if (ownUuid !== undefined && isInCircle(parents, ownUuid, parentUuid)) {
    refuse('department_circle', 'A department cannot be below itself');
  }
}
