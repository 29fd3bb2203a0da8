import type { RequestContext } from 'longshore/sdk';
import type { ReleaseOrder } from '../../api.ts';
import { cancelWhilePaused } from '../../profile-keys/orders.ts';
import type { ActionEntry, ReleaseAction } from '../../services/orders/decide-action.ts';
import type { ServiceRow } from '../../services/orders/model.ts';
import type { ReleaseSummary, ServiceRelease } from '../../services/orders/order-nodes.ts';
import { possibleOrderActions, possibleReleaseActions } from '../../services/orders/possible-actions.ts';
import { loadGroups, loadReleases, loadServiceRow, loadTasks } from './load-orders.ts';

/** Whether the profile of a service lets its release end while it waits (REL-32). */
export const mayCancelWhilePaused =
  (context: RequestContext) =>
  ({ cluster, namespace }: Pick<ServiceRow, 'cluster' | 'namespace'>): boolean =>
    context.services.profiles.at({ cluster, namespace }).get(cancelWhilePaused);

/** What a whole order lets be done to it. */
export async function actionsOfOrder(order: ReleaseOrder, context: RequestContext): Promise<readonly ReleaseAction[]> {
  const releases = (await loadReleases(order.uuid, context)) ?? [];
  const entries = await Promise.all(releases.map((release) => entryOf(release, context)));
  return possibleOrderActions(
    order.state,
    entries.flatMap((entry) => entry ?? []),
  );
}

/** What one release of it does. */
export async function actionsOfRelease(
  { order, row }: ServiceRelease,
  context: RequestContext,
): Promise<readonly ReleaseAction[]> {
  const entry = await entryOf(row, context);
  return entry ? possibleReleaseActions(order.state, entry) : [];
}

async function entryOf(row: ReleaseSummary, context: RequestContext): Promise<ActionEntry | undefined> {
  const [service, groups, tasks] = await Promise.all([
    loadServiceRow(row.serviceId, context),
    loadGroups(row.id, context),
    loadTasks(row.id, context),
  ]);
  if (!service) return undefined;
  const release = { ...row, target: null, previous: null };
  const { id, name, impersonatedBy = null } = context.principal;
  return {
    view: { release, groups: groups ?? [], tasks: tasks ?? [], siblings: [] },
    context: {
      actor: { id, name, impersonatedBy },
      now: context.clock.now(),
      service,
      mayCancelWhilePaused: mayCancelWhilePaused(context)(service),
      rollback: { outcome: 'CANCEL_ONLY', previous: null },
    },
  };
}
