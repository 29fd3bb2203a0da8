import { again, type Cluster, type ReconcileContext, type Reconciler, settled, systemPrincipal } from 'longshore/sdk';
import { namespaceKind, resourceQuotaKind, tenancyServiceRef } from '../api.ts';
import { placeOfQuotaKey, quotaReconcilerName } from '../services/tenancy/quota/quota-key.ts';
import { quotaLoopRef } from '../services/tenancy/quota/quota-loop.ts';
import { quotaObjectName, toQuotaObject } from '../services/tenancy/quota/quota-object.ts';
import { decideNamespaceQuota, type SeenNamespaceQuota } from './decide-namespace-quota.ts';

/** How often a namespace with a quota is looked at although nothing woke the loop, in ms. */
const lookEveryMs = 600_000;
/** How soon a namespace is looked for that was claimed and not made yet, and for how long, in ms. */
const comingMs = 2_000;
const comesWithinMs = 120_000;
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

/** Writes the quotas of namespaces to their clusters as ResourceQuotas. Without it they stand in our tables and limit nothing. */
export const namespaceQuotaReconciler: Reconciler = {
  name: quotaReconcilerName,
  description: 'Writes the quotas of namespaces to their clusters; without it they limit nothing.',
  timeoutMs: 60_000,
  async reconcile(key, context) {
    const place = placeOfQuotaKey(key);
    const { clusters, operations } = context.service(quotaLoopRef);

    // 1. Read.
    const cluster = clusters.get(place.cluster);
    if (!cluster) return settled;
    const [row] = await context.service(tenancyServiceRef).namespaceQuotas([place]);
    const wanted = row?.quota ?? undefined;
    if (cluster.state !== 'READY') return again(awayMs);
    const seen = await look(cluster, place.namespace, wanted, context);
    const end = wanted === undefined ? settled : again(lookEveryMs);
    // A quota is written down before its namespace is made.
    const isComing = row !== undefined && context.clock.now() - row.createdAt.getTime() < comesWithinMs;
    if (seen.namespace === 'gone' && isComing) return again(comingMs);

    // 2. One step.
    const step = decideNamespaceQuota(seen);
    if (step === 'nothing') return end;
    await context.failpoints.reach('core.namespaceQuotas.before-write');
    const writer = cluster.writer(systemPrincipal, { reason: 'quotas of a project are enforced in its namespaces' });
    await operations.run(
      {
        action: step === 'apply' ? 'enforceNamespaceQuota' : 'liftNamespaceQuota',
        principal: systemPrincipal,
        requestId: `${context.fence.reconciler}/${context.fence.number}`,
        target: {
          plugin: 'core',
          type: 'ResourceQuota',
          id: key,
          ...place,
          kind: 'ResourceQuota',
          name: quotaObjectName,
        },
      },
      async (ticket) => {
        const { namespace } = place;
        if (step === 'delete') {
          const uid = seen.found?.metadata.uid;
          await writer.delete(ticket, resourceQuotaKind, namespace, quotaObjectName, uid === undefined ? {} : { uid });
        } else await writer.apply(ticket, resourceQuotaKind, toQuotaObject(place, wanted ?? {}), { force: true });
        return { value: undefined };
      },
    );
    await context.failpoints.reach('core.namespaceQuotas.after-write');
    return end;
  },
};

async function look(
  cluster: Cluster,
  name: string,
  wanted: SeenNamespaceQuota['wanted'],
  { signal }: ReconcileContext,
): Promise<SeenNamespaceQuota> {
  const reader = cluster.reader(systemPrincipal, signal);
  const namespace = await reader.get(namespaceKind, undefined, name);
  if (!namespace) return { namespace: 'gone', wanted, found: undefined };
  const found = await reader.get(resourceQuotaKind, name, quotaObjectName);
  return {
    namespace: namespace.metadata.deletionTimestamp ? 'terminating' : 'there',
    wanted,
    found: found ?? undefined,
  };
}
