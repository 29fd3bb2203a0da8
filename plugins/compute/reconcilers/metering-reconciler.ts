import { again, type Reconciler, settled } from 'longshore/sdk';
import { meteringLoopRef, meteringReconcilerName } from '../services/metering/metering-loop.ts';

/** How often a cluster is settled, in ms. */
const roundMs = 60_000;
/** How soon a cluster is looked at again that could not be settled, in ms. */
const awayMs = 5_000;

/** Settles what the pods of a cluster have used (CMP-114). Without it nothing is metered, and usage stands still. */
export const meteringReconciler: Reconciler = {
  name: meteringReconcilerName,
  description: 'Settles what pods have used, by the second; without it no usage is recorded.',
  timeoutMs: 120_000,
  async reconcile(cluster, context) {
    const loop = context.service(meteringLoopRef);
    const hearing = loop.hearing(cluster);
    if (!hearing) return loop.isServed(cluster) ? again(awayMs) : settled;
    const [identity, seriesOf] = await Promise.all([loop.identityOf(cluster), loop.attributionOf(cluster)]);
    await context.failpoints.reach('compute.metering.before-write');
    const outcome = await loop.store.settle({ name: cluster, identity, hearing, seriesOf }, context.fence);
    await context.failpoints.reach('compute.metering.after-write');
    if (outcome.is !== 'SETTLED') {
      if (outcome.is === 'CLOCK') context.logger.warn({ cluster }, 'the clock is far behind: nothing is metered by it');
      return again(awayMs);
    }
    hearing.forget(outcome.position);
    // After a long time away it goes on in steps.
    const leftMs = context.clock.now() - outcome.throughSeconds * 1_000;
    return again(leftMs > 2 * roundMs ? 0 : roundMs);
  },
};
