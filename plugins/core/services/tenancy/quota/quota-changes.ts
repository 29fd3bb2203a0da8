import { type DatabaseHandle, drizzle, PreconditionError, QuotaExceededError, type WorkQueue } from 'longshore/sdk';
import type { NamespaceBinding, NamespaceQuota, TenancyService } from '../../../api.ts';
import { namespaceBindings, namespaceQuotas, projects } from '../../../tables.ts';
import type { ChangeTenancy } from '../change-tenancy.ts';
import { needRow, requireVersion } from '../tenant-rows.ts';
import { toProject } from '../tenants.ts';
import { quotaItems } from './quota-items.ts';
import { quotaKeyOf, quotaReconcilerName } from './quota-key.ts';
import { findExcess, findUnlimited } from './quota-sums.ts';

const { and, eq } = drizzle;

type Place = Pick<NamespaceBinding, 'cluster' | 'namespace'>;

/** Sets or lifts a namespace's quota within a change; the loop that writes it to the cluster is woken with the commit. */
export type WriteQuota = (tx: DatabaseHandle, quota: NamespaceQuota, now: Date) => Promise<void>;

export function createWriteQuota(queue: Pick<WorkQueue, 'enqueue'>): WriteQuota {
  return async (tx, { cluster, namespace, quota }, createdAt) => {
    if (quota === null) await tx.delete(namespaceQuotas).where(at({ cluster, namespace }));
    else {
      await tx
        .insert(namespaceQuotas)
        .values({ cluster, namespace, quota, createdAt })
        .onConflictDoUpdate({
          target: [namespaceQuotas.cluster, namespaceQuotas.namespace],
          set: { quota, createdAt },
        });
    }
    await queue.enqueue(quotaReconcilerName, quotaKeyOf({ cluster, namespace }));
  };
}

/** What projects and namespaces may use (CORE-05, CMP-33). */
export function createQuotaChanges(options: {
  readonly change: ChangeTenancy;
  readonly writeQuota: WriteQuota;
  /** Called in the transaction of the change. */
  readonly tell: (after: ReturnType<typeof toProject>, before: ReturnType<typeof toProject>) => Promise<void>;
}): Pick<TenancyService, 'setProjectQuota' | 'setNamespaceQuotas'> {
  const { change, writeQuota, tell } = options;

  return {
    setProjectQuota: (uuid, version, quota, shares, ticket) =>
      change(ticket, async (tx, now) => {
        const row = await needRow(tx, projects, uuid);
        requireVersion(row, version);
        for (const share of shares) {
          const [bound] = await tx
            .select({ projectId: namespaceBindings.projectId })
            .from(namespaceBindings)
            .where(and(eq(namespaceBindings.cluster, share.cluster), eq(namespaceBindings.namespace, share.namespace)));
          if (bound?.projectId !== uuid) throw notOfProject(share, row.identifier);
          await writeQuota(tx, share, now);
        }
        const after = { ...row, quota, version: version + 1 };
        await tx
          .update(projects)
          .set({ quota, version: version + 1 })
          .where(eq(projects.id, uuid));
        await requireFit(tx, uuid);
        const changed = { before: toProject(row), after: toProject(after) };
        await tell(changed.after, changed.before);
        return changed;
      }),

    setNamespaceQuotas: (places, ticket) =>
      change(ticket, async (tx, now) => {
        for (const place of places) {
          await writeQuota(tx, place, now);
          const [bound] = await tx
            .select({ projectId: namespaceBindings.projectId })
            .from(namespaceBindings)
            .where(and(eq(namespaceBindings.cluster, place.cluster), eq(namespaceBindings.namespace, place.namespace)));
          if (bound?.projectId) await requireFit(tx, bound.projectId);
        }
      }),
  };
}

const at = ({ cluster, namespace }: Place) =>
  and(eq(namespaceQuotas.cluster, cluster), eq(namespaceQuotas.namespace, namespace));

/**
 * The namespaces of a project share its quota: each has a part of whatever it limits, and together no more than the whole.
 * Asked after each change of the whole, of a part, and of which namespaces there are. Throws `QuotaExceededError`.
 */
export async function requireFit(tx: DatabaseHandle, projectId: string): Promise<void> {
  const { quota, identifier } = await needRow(tx, projects, projectId);
  if (quota === null) return;
  const rows = await tx
    .select({
      cluster: namespaceBindings.cluster,
      namespace: namespaceBindings.namespace,
      quota: namespaceQuotas.quota,
    })
    .from(namespaceBindings)
    .leftJoin(
      namespaceQuotas,
      and(
        eq(namespaceQuotas.cluster, namespaceBindings.cluster),
        eq(namespaceQuotas.namespace, namespaceBindings.namespace),
      ),
    )
    .where(eq(namespaceBindings.projectId, projectId));
  for (const row of rows) {
    const missing = findUnlimited(quota, row.quota ?? {});
    if (missing.length === 0) continue;
    throw new QuotaExceededError(
      `Project '${identifier}' has a quota of ${missing.map((item) => quotaItems[item].words).join(', ')}: namespace '${row.namespace}' in cluster '${row.cluster}' needs a share of it`,
    );
  }
  const [excess] = findExcess(
    quota,
    rows.flatMap((row) => row.quota ?? []),
  );
  if (!excess) return;
  throw new QuotaExceededError(
    `Project '${identifier}' may use ${excess.max} of ${quotaItems[excess.item].words}; its namespaces would have ${excess.given}`,
  );
}

function notOfProject({ cluster, namespace }: Place, identifier: string): PreconditionError {
  return new PreconditionError(
    'NAMESPACE_BOUND_ELSEWHERE',
    `Namespace '${namespace}' in cluster '${cluster}' does not belong to project '${identifier}': bind it first`,
  );
}
