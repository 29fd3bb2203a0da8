import { randomUUID } from 'node:crypto';
import { type DatabaseHandle, drizzle, InUseError, PreconditionError, ValidationError } from 'longshore/sdk';
import type { Region, TenancyService, Workspace } from '../../api.ts';
import { members, namespaceBindings, projects, workspaces } from '../../tables.ts';
import type { ChangeTenancy } from './change-tenancy.ts';
import { checkPlace } from './check-tenants.ts';
import { idsOfBindings, maxReferences, sayContents } from './in-use.ts';
import { edited, needRow, requireFreeIdentifier, requireVersion, softDelete } from './tenant-rows.ts';
import { idOfTenant, keyOf, toWorkspace } from './tenants.ts';

const { and, eq, isNull } = drizzle;

export type TellWorkspace = (
  type: 'ADDED' | 'MODIFIED' | 'DELETED',
  after: Workspace,
  before?: Workspace,
) => Promise<void>;

/** Making, changing and deleting workspaces. */
export function createWorkspaceChanges(options: {
  readonly change: ChangeTenancy;
  readonly regions: readonly Region[];
  /** Called in the transaction of the change. */
  readonly tell: TellWorkspace;
}): Pick<TenancyService, 'createWorkspace' | 'updateWorkspace' | 'bindNetwork' | 'deleteWorkspace'> {
  const { change, regions, tell } = options;
  const requirePlace = (region: string, zones: readonly string[]) => {
    const issues = checkPlace(regions, { region, zones });
    if (issues.length > 0) throw new ValidationError(issues);
  };
  return {
    createWorkspace: (fields, ticket) =>
      change(ticket, async (tx, now) => {
        requirePlace(fields.region, fields.zones);
        await requireFreeIdentifier(tx, workspaces, fields.identifier);
        const row = { ...fields, networkId: null, id: randomUUID(), version: 1, createdAt: now, deletedAt: null };
        await tx.insert(workspaces).values(row);
        const made = toWorkspace(row);
        await tell('ADDED', made);
        return made;
      }),

    updateWorkspace: (uuid, version, fields, ticket) =>
      change(ticket, async (tx) => {
        const row = await needRow(tx, workspaces, uuid);
        requireVersion(row, version);
        if (fields.zones) requirePlace(row.region, fields.zones);
        const after = { ...row, ...edited(fields, version) };
        await tx.update(workspaces).set(after).where(eq(workspaces.id, uuid));
        const changed = { before: toWorkspace(row), after: toWorkspace(after as typeof row) };
        await tell('MODIFIED', changed.after, changed.before);
        return changed;
      }),

    bindNetwork: (uuid, version, networkId, ticket) =>
      change(ticket, async (tx) => {
        const row = await needRow(tx, workspaces, uuid);
        requireVersion(row, version);
        if (row.networkId !== null && row.networkId !== networkId) {
          throw new PreconditionError(
            'NETWORK_BOUND_ALREADY',
            `Workspace '${row.identifier}' is bound to another network, which never changes`,
          );
        }
        const after = { ...row, networkId, version: version + 1 };
        await tx
          .update(workspaces)
          .set({ networkId, version: version + 1 })
          .where(eq(workspaces.id, uuid));
        const changed = { before: toWorkspace(row), after: toWorkspace(after) };
        await tell('MODIFIED', changed.after, changed.before);
        return changed;
      }),

    deleteWorkspace: (uuid, ticket) =>
      change(ticket, async (tx, now) => {
        const row = await needRow(tx, workspaces, uuid);
        await requireEmpty(tx, row);
        await tx.delete(members).where(eq(members.tenant, keyOf('workspace', uuid)));
        await softDelete(tx, workspaces, uuid, now);
        await tell('DELETED', toWorkspace(row));
      }),
  };
}

async function requireEmpty(tx: DatabaseHandle, { id, identifier }: typeof workspaces.$inferSelect): Promise<void> {
  const inside = await tx
    .select({ id: projects.id })
    .from(projects)
    .where(and(eq(projects.workspaceId, id), isNull(projects.deletedAt)))
    .limit(maxReferences);
  const bound = await tx
    .select()
    .from(namespaceBindings)
    .where(eq(namespaceBindings.workspaceId, id))
    .limit(maxReferences);
  if (inside.length + bound.length === 0) return;
  const contents = sayContents({ project: inside.length, namespace: bound.length });
  throw new InUseError(`Workspace '${identifier}' still has ${contents}; delete or unbind what is in it first`, [
    ...inside.map((project) => idOfTenant('Project', project.id)),
    ...idsOfBindings(bound),
  ]);
}
