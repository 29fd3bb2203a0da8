import { type DatabaseHandle, drizzle, NotFoundError, PreconditionError } from 'longshore/sdk';
import type { NamespaceBinding, Project, TenancyService, Workspace } from '../../api.ts';
import { namespaceBindings, projects, workspaces } from '../../tables.ts';
import type { ChangeTenancy } from './change-tenancy.ts';
import { requireFit } from './quota/quota-changes.ts';
import { needRow } from './tenant-rows.ts';

const { and, eq, isNull } = drizzle;

type Place = Pick<NamespaceBinding, 'cluster' | 'namespace'>;

/** Which namespaces belong to a workspace or project. */
export function createBindingChanges(options: {
  readonly change: ChangeTenancy;
}): Pick<TenancyService, 'bindNamespaces' | 'unbindNamespaces'> {
  const { change } = options;
  return {
    bindNamespaces: (tenant, bound, ticket) =>
      change(ticket, async (tx, createdAt) => {
        const owner = await ownerOf(tx, tenant);
        for (const place of bound) {
          const [known] = await tx.select().from(namespaceBindings).where(at(place));
          if (known && !isSameTenancy(known, owner)) throw boundElsewhere(place);
          if (known) await tx.update(namespaceBindings).set(owner).where(at(place));
          else await tx.insert(namespaceBindings).values({ ...place, ...owner, createdAt });
        }
        if (owner.projectId !== null) await requireFit(tx, owner.projectId);
      }),

    unbindNamespaces: (tenant, unbound, ticket) =>
      change(ticket, async (tx) => {
        const { workspaceId, projectId } = await ownerOf(tx, tenant);
        const isOwn = projectId ? eq(namespaceBindings.projectId, projectId) : isOf(workspaceId);
        for (const place of unbound) {
          const gone = await tx
            .delete(namespaceBindings)
            .where(and(at(place), isOwn))
            .returning();
          if (gone.length === 0) throw notBound(place);
        }
      }),
  };
}

interface Owner {
  readonly workspaceId: string | null;
  readonly projectId: string | null;
}

async function ownerOf(tx: DatabaseHandle, tenant: Workspace | Project): Promise<Owner> {
  if (tenant.nodeTypeName === 'Workspace') {
    await needRow(tx, workspaces, tenant.uuid);
    return { workspaceId: tenant.uuid, projectId: null };
  }
  const { workspaceId } = await needRow(tx, projects, tenant.uuid);
  return { workspaceId, projectId: tenant.uuid };
}

/** Within a workspace a namespace may move from project to project; nothing else is taken away from anybody. */
function isSameTenancy(known: Owner, owner: Owner): boolean {
  if (known.workspaceId !== owner.workspaceId) return false;
  return known.workspaceId !== null || known.projectId === owner.projectId;
}

const at = ({ cluster, namespace }: Place) =>
  and(eq(namespaceBindings.cluster, cluster), eq(namespaceBindings.namespace, namespace));

const isOf = (workspaceId: string | null) =>
  workspaceId === null ? isNull(namespaceBindings.workspaceId) : eq(namespaceBindings.workspaceId, workspaceId);

function boundElsewhere({ cluster, namespace }: Place): PreconditionError {
  return new PreconditionError(
    'NAMESPACE_BOUND_ELSEWHERE',
    `Namespace '${namespace}' in cluster '${cluster}' belongs to another workspace or project: unbind it there first`,
  );
}

function notBound({ cluster, namespace }: Place): NotFoundError {
  return new NotFoundError(`Namespace '${namespace}' in cluster '${cluster}' is not bound to it.`);
}
