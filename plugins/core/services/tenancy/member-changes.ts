import { type DatabaseHandle, drizzle, NotFoundError, PreconditionError } from 'longshore/sdk';
import type { Member, MemberRole, TenancyService, Tenant } from '../../api.ts';
import { members, projects, workspaces } from '../../tables.ts';
import type { ChangeTenancy } from './change-tenancy.ts';
import { needRow } from './tenant-rows.ts';
import { tenantKey } from './tenants.ts';

const { and, eq, inArray, sql } = drizzle;

/** Who belongs to a workspace or project. */
export function createMemberChanges(options: {
  readonly change: ChangeTenancy;
}): Pick<TenancyService, 'addMembers' | 'removeMembers'> {
  const { change } = options;
  return {
    addMembers: (tenant, added, ticket) =>
      change(ticket, async (tx, createdAt) => {
        await needTenant(tx, tenant);
        const key = tenantKey(tenant);
        const before = await countAdministrators(tx, key);
        const roles = await rolesOf(tx, key, added);
        await tx
          .insert(members)
          .values(added.map(({ kind, name, role }) => ({ tenant: key, kind, name, role, createdAt })))
          .onConflictDoUpdate({
            target: [members.tenant, members.kind, members.name],
            set: { role: sql`excluded.role` },
          });
        await requireAdministrator(tx, tenant, before);
        return added.map((member) => roles.get(wordsOf(member)));
      }),

    removeMembers: (tenant, removed, ticket) =>
      change(ticket, async (tx) => {
        await needTenant(tx, tenant);
        const key = tenantKey(tenant);
        const before = await countAdministrators(tx, key);
        const roles: MemberRole[] = [];
        for (const member of removed) {
          const gone = await tx
            .delete(members)
            .where(and(eq(members.tenant, key), eq(members.kind, member.kind), eq(members.name, member.name)))
            .returning({ role: members.role });
          const [was] = gone;
          if (!was) throw noMember(member, tenant);
          roles.push(was.role);
        }
        await requireAdministrator(tx, tenant, before);
        return roles;
      }),
  };
}

const wordsOf = ({ kind, name }: Pick<Member, 'kind' | 'name'>): string => `${kind} ${name}`;

/** The roles that they have in the tenant now. */
async function rolesOf(
  tx: DatabaseHandle,
  tenant: string,
  of: readonly Pick<Member, 'name'>[],
): Promise<ReadonlyMap<string, MemberRole>> {
  const names = of.map(({ name }) => name);
  const rows = await tx
    .select()
    .from(members)
    .where(and(eq(members.tenant, tenant), inArray(members.name, names)));
  return new Map(rows.map((row) => [wordsOf(row), row.role]));
}

function noMember({ kind, name }: Pick<Member, 'kind' | 'name'>, { identifier }: Tenant): NotFoundError {
  return new NotFoundError(`'${identifier}' has no ${kind === 'GROUP' ? 'group' : 'member'} '${name}'.`);
}

async function needTenant(tx: DatabaseHandle, tenant: Tenant): Promise<void> {
  await needRow(tx, tenant.nodeTypeName === 'Workspace' ? workspaces : projects, tenant.uuid);
}

async function countAdministrators(tx: DatabaseHandle, tenant: string): Promise<number> {
  return tx.$count(members, and(eq(members.tenant, tenant), eq(members.role, 'ADMIN')));
}

/** A workspace that has administrators keeps one. */
async function requireAdministrator(tx: DatabaseHandle, tenant: Tenant, before: number): Promise<void> {
  if (tenant.nodeTypeName !== 'Workspace' || before === 0) return;
  if ((await countAdministrators(tx, tenantKey(tenant))) > 0) return;
  throw new PreconditionError(
    'LAST_ADMINISTRATOR',
    `Workspace '${tenant.identifier}' would be left without an administrator: add another one first`,
  );
}
