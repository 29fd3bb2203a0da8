import { randomUUID } from 'node:crypto';
import { type DatabaseHandle, drizzle, InUseError, ValidationError } from 'longshore/sdk';
import type { Project, TenancyService } from '../../api.ts';
import { departments, members, namespaceBindings, projects, workspaces } from '../../tables.ts';
import type { ChangeTenancy } from './change-tenancy.ts';
import { idsOfBindings, maxReferences, sayContents } from './in-use.ts';
import { edited, needRow, requireFreeIdentifier, requireVersion, softDelete } from './tenant-rows.ts';
import { keyOf, toProject } from './tenants.ts';

const { and, eq, isNull } = drizzle;

export type TellProject = (type: 'ADDED' | 'MODIFIED' | 'DELETED', after: Project, before?: Project) => Promise<void>;

/** Making, changing and deleting projects. */
export function createProjectChanges(options: {
  readonly change: ChangeTenancy;
  /** Called in the transaction of the change. */
  readonly tell: TellProject;
}): Pick<TenancyService, 'createProject' | 'updateProject' | 'deleteProject'> {
  const { change, tell } = options;
  return {
    createProject: ({ workspaceUuid, departmentUuid, ...fields }, ticket) =>
      change(ticket, async (tx, now) => {
        if (workspaceUuid !== null) await needRow(tx, workspaces, workspaceUuid);
        await requireDepartment(tx, departmentUuid);
        const beside = workspaceUuid === null ? isNull(projects.workspaceId) : eq(projects.workspaceId, workspaceUuid);
        await requireFreeIdentifier(tx, projects, fields.identifier, beside);
        const row = {
          ...fields,
          id: randomUUID(),
          workspaceId: workspaceUuid,
          departmentId: departmentUuid,
          quota: null,
          version: 1,
          createdAt: now,
          deletedAt: null,
        };
        await tx.insert(projects).values(row);
        const made = toProject(row);
        await tell('ADDED', made);
        return made;
      }),

    updateProject: (uuid, version, { departmentUuid, ...fields }, ticket) =>
      change(ticket, async (tx) => {
        const row = await needRow(tx, projects, uuid);
        requireVersion(row, version);
        await requireDepartment(tx, departmentUuid);
        const after = { ...row, ...edited({ ...fields, departmentId: departmentUuid }, version) } as typeof row;
        await tx.update(projects).set(after).where(eq(projects.id, uuid));
        const changed = { before: toProject(row), after: toProject(after) };
        await tell('MODIFIED', changed.after, changed.before);
        return changed;
      }),

    deleteProject: (uuid, ticket) =>
      change(ticket, async (tx, now) => {
        const row = await needRow(tx, projects, uuid);
        const bound = await tx
          .select()
          .from(namespaceBindings)
          .where(eq(namespaceBindings.projectId, uuid))
          .limit(maxReferences);
        if (bound.length > 0) {
          const contents = sayContents({ namespace: bound.length });
          throw new InUseError(
            `Project '${row.identifier}' still has ${contents}; unbind what is in it first`,
            idsOfBindings(bound),
          );
        }
        await tx.delete(members).where(eq(members.tenant, keyOf('project', uuid)));
        await softDelete(tx, projects, uuid, now);
        await tell('DELETED', toProject(row));
      }),
  };
}

async function requireDepartment(tx: DatabaseHandle, uuid: string | null | undefined): Promise<void> {
  if (uuid === null || uuid === undefined) return;
  const [found] = await tx
    .select({ id: departments.id })
    .from(departments)
    .where(and(eq(departments.id, uuid), isNull(departments.deletedAt)));
  if (found) return;
  throw new ValidationError([
    { path: ['departmentId'], code: 'unknown_department', message: 'There is no department with this id' },
  ]);
}
