import { again, type Reconciler, settled, systemPrincipal } from 'longshore/sdk';
import { namespaceKind, tenancyServiceRef } from '../api.ts';
import { namespaceTarget } from '../services/namespace/namespace-target.ts';
import { deletedNamespacesName, parseDeletionKey } from '../services/tenancy/deletion-key.ts';
import { quotaLoopRef } from '../services/tenancy/quota/quota-loop.ts';

/** How often a namespace that is being deleted is looked at, in ms. */
const lookEveryMs = 5_000;

/**
 * Forgets to whom a namespace belonged once it is gone that was deleted here. Without it whoever makes one of the name by
 * another road makes it for those who had the old one. What is merely absent is never forgotten.
 */
export const deletedNamespaceReconciler: Reconciler = {
  name: deletedNamespacesName,
  description:
    'Forgets to whom a namespace belonged once it is gone; without it a new one of its name would be theirs.',
  timeoutMs: 60_000,
  async reconcile(key, context) {
    const deleted = parseDeletionKey(key);
    const { clusters, operations } = context.service(quotaLoopRef);
    const cluster = clusters.get(deleted.cluster);
    if (!cluster) return settled;
    if (cluster.state !== 'READY') return again(lookEveryMs);
    const found = await cluster
      .reader(systemPrincipal, context.signal)
      .get(namespaceKind, undefined, deleted.namespace);
    if (found?.metadata.uid === deleted.uid) return again(lookEveryMs);
    await context.failpoints.reach('core.deletedNamespaces.before-forget');
    await operations.run(
      {
        action: 'forgetNamespace',
        principal: systemPrincipal,
        requestId: `${context.fence.reconciler}/${context.fence.number}`,
        target: namespaceTarget(deleted.cluster, deleted.namespace),
      },
      async (ticket) => {
        // What was written down since belongs to another namespace of the name.
        await context.service(tenancyServiceRef).forgetNamespace(deleted, new Date(deleted.atMs), ticket);
        return { value: undefined };
      },
    );
    return settled;
  },
};
