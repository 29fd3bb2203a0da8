import { isDeepStrictEqual } from 'node:util';
import {
  type DatabaseHandle,
  drizzle,
  NotFoundError,
  PreconditionError,
  type Profile,
  type Profiles,
} from 'longshore/sdk';
import type { NamespaceBinding, Project, TenancyService, Workspace } from '../../api.ts';
import { quotaRequired } from '../../profile-keys/tenancy.ts';
import { namespaceBindings, namespaceQuotas, projects, workspaces } from '../../tables.ts';
import { markPastEvents } from '../events/mark-past-events.ts';
import type { ChangeTenancy } from './change-tenancy.ts';
import { clustersOfWorkspace, requireRoomForClusters } from './import-rules.ts';
import { requireProfileInWorkspace } from './profile-of-workspace.ts';
import { requireFit, type WriteQuota } from './quota/quota-changes.ts';
import type { BoundBefore } from './recorded-belongings.ts';
import { needRow } from './tenant-rows.ts';

const { and, eq, isNull, lte } = drizzle;

type Place = Pick<NamespaceBinding, 'cluster' | 'namespace'>;

/** Which namespaces belong to a workspace or project. */
export function createBindingChanges(options: {
  readonly change: ChangeTenancy;
  readonly profiles: Profiles;
  readonly writeQuota: WriteQuota;
}): Pick<TenancyService, 'bindNamespaces' | 'unbindNamespaces' | 'claimNamespace' | 'forgetNamespace'> {
  const { change, profiles, writeQuota } = options;

  async function bind(
    tx: DatabaseHandle,
    owner: Owner,
    bound: readonly Place[],
    createdAt: Date,
  ): Promise<readonly BoundBefore[]> {
    const { workspaceId, projectId } = owner;
    const before = workspaceId === null ? undefined : await clustersOfWorkspace(tx, workspaceId);
    const was: BoundBefore[] = [];
    for (const { cluster, namespace } of bound) {
      const place = { cluster, namespace };
      const [known] = await tx.select().from(namespaceBindings).where(at(place));
      if (known && !isSameTenancy(known, owner)) throw boundElsewhere(place);
      was.push(known ? (known.projectId === projectId ? 'SAME' : 'SAME_WORKSPACE') : 'NOBODY');
      if (known) await tx.update(namespaceBindings).set(owner).where(at(place));
      else await tx.insert(namespaceBindings).values({ ...place, ...owner, createdAt });
    }
    const workspace = workspaceId === null ? undefined : await needRow(tx, workspaces, workspaceId);
    for (const place of bound) {
      await requireQuota(tx, requireProfileInWorkspace(profiles, workspace, place.cluster), place);
    }
    if (workspaceId !== null && workspace && before) {
      requireRoomForClusters(profiles, workspace, before, await clustersOfWorkspace(tx, workspaceId));
    }
    if (projectId !== null) await requireFit(tx, projectId);
    return was;
  }

  return {
    bindNamespaces: (tenant, bound, ticket) =>
      change(ticket, async (tx, now) => bind(tx, await ownerOf(tx, tenant), bound, now)),

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

    async claimNamespace(tenant, { cluster, namespace, quota }, ticket) {
      const place = { cluster, namespace };
      const { before, after } = await change(ticket, async (tx, now) => {
        const found = await readClaim(tx, place);
        // What an earlier namespace of the name left behind is not the new one's.
        await tx.delete(namespaceBindings).where(at(place));
        await writeQuota(tx, { ...place, quota }, now);
        await markPastEvents(tx, place, now);
        if (tenant) await bind(tx, await ownerOf(tx, tenant), [place], now);
        return { before: found, after: await readClaim(tx, place) };
      });
      return {
        undo: (undone) =>
          change(undone, async (tx, now) => {
            // Whoever claimed it since may be making it.
            if (!isDeepStrictEqual(await readClaim(tx, place), after)) return;
            await tx.delete(namespaceBindings).where(at(place));
            if (before.binding) await tx.insert(namespaceBindings).values(before.binding);
            await writeQuota(tx, { ...place, quota: before.quota?.quota ?? null }, before.quota?.createdAt ?? now);
          }),
      };
    },

    forgetNamespace: (place, until, ticket) =>
      change(ticket, async (tx) => {
        await tx.delete(namespaceBindings).where(and(at(place), lte(namespaceBindings.createdAt, until)));
        await tx.delete(namespaceQuotas).where(and(quotaAt(place), lte(namespaceQuotas.createdAt, until)));
        await markPastEvents(tx, place, until);
      }),
  };
}

/** Some profiles let no namespace in that has no quota (CON-35). Throws `PreconditionError` QUOTA_REQUIRED. */
async function requireQuota(tx: DatabaseHandle, profile: Profile, { cluster, namespace }: Place): Promise<void> {
  if (!profile.get(quotaRequired)) return;
  const [found] = await tx
    .select({ namespace: namespaceQuotas.namespace })
    .from(namespaceQuotas)
    .where(quotaAt({ cluster, namespace }));
  if (found) return;
  throw new PreconditionError(
    'QUOTA_REQUIRED',
    `By the profile '${profile.name}' a namespace has a quota: set one of namespace '${namespace}' in cluster '${cluster}' first`,
  );
}

/** What is said of a namespace: whose it is, and what it may use. */
async function readClaim(tx: DatabaseHandle, place: Place) {
  const [binding] = await tx.select().from(namespaceBindings).where(at(place));
  const [quota] = await tx.select().from(namespaceQuotas).where(quotaAt(place));
  return { binding, quota };
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

const quotaAt = ({ cluster, namespace }: Place) =>
  and(eq(namespaceQuotas.cluster, cluster), eq(namespaceQuotas.namespace, namespace));

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
