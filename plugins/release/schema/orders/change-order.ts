import {
  type FieldBuilder,
  ForbiddenError,
  type MutationOutcome,
  type MutationSuccess,
  type MutationTarget,
  NotFoundError,
  type OperationHandle,
  type RequestContext,
} from 'longshore/sdk';
import { appServiceSubject, type ReleaseActor, type ReleaseOrder, releaseOrderTypeRef } from '../../api.ts';
import { confirmBy } from '../../profile-keys/orders.ts';
import type { ReleaseAction } from '../../services/orders/decide-action.ts';
import { mayConfirm } from '../../services/orders/may-confirm.ts';
import {
  instanceOfOrder,
  isOrder,
  recordedOrder,
  recordTargetOfOrder,
  type ServiceRelease,
  uuidOf,
} from '../../services/orders/order-nodes.ts';
import { type OrderAction, ordersStoreRef } from '../../services/orders/orders-store.ts';
import { factsOfPlace } from '../../services/subjects.ts';
import { mayCancelWhilePaused } from './load-actions.ts';
import { findOrder, loadServiceRow, releasesOf } from './load-orders.ts';

/** In whose name a release goes on. */
export function actorOf({ principal }: RequestContext): ReleaseActor {
  const { id, name, impersonatedBy = null } = principal;
  return { id, name, impersonatedBy };
}

type Ids = readonly (string | number)[] | null | undefined;

/** An order with those of its releases that something is for: all where none is named. */
export interface ChosenReleases {
  readonly order: ReleaseOrder;
  readonly releases: readonly ServiceRelease[];
  /** UUIDs of the releases that were named. */
  readonly named: readonly string[] | undefined;
}

/** Throws `NotFoundError` for a release that is not of the order. */
export async function loadChosen(
  id: string | number,
  releaseIds: Ids,
  context: RequestContext,
): Promise<MutationTarget<ChosenReleases>> {
  const order = await findOrder(id, context);
  const all = await releasesOf(order, context);
  const wanted = releaseIds && new Set(releaseIds.map((each) => uuidOf(each, 'ServiceRelease') ?? ''));
  const releases = wanted ? all.filter(({ uuid }) => wanted.has(uuid)) : all;
  if (wanted && releases.length < wanted.size) throw new NotFoundError('There is no such release in the order.');
  const named = wanted ? releases.map(({ uuid }) => uuid) : undefined;
  return {
    value: { order, releases, named },
    instance: instanceOfOrder(order),
    record: recordTargetOfOrder(order, order.id),
    place: order.cluster === null ? { workspace: order.workspaceUuid ?? undefined } : placeOf(order),
  };
}

const placeOf = ({ cluster, namespace }: ReleaseOrder) => ({
  cluster: cluster ?? undefined,
  namespace: namespace ?? undefined,
});

/** What was named, within bounds. */
export function checkReleaseIds({ releaseIds }: { readonly releaseIds?: Ids }) {
  const path = ['releaseIds'];
  if (!releaseIds) return [];
  if (releaseIds.length === 0) {
    return [{ path, code: 'too_few', message: 'releaseIds names at least one release; leave it away for all' }];
  }
  return releaseIds.length > 500
    ? [{ path, code: 'too_many', message: 'releaseIds names more releases than an order has' }]
    : [];
}

/** Throws `ForbiddenError` where this caller may not release one of the services; a deleted one stops nobody. */
export async function requireServices(
  { releases }: Pick<ChosenReleases, 'releases'>,
  context: RequestContext,
): Promise<void> {
  const rows = await Promise.all(releases.map(({ row }) => loadServiceRow(row.serviceId, context)));
  for (const row of rows) {
    if (!row || row.deletedAt !== null) continue;
    const facts = factsOfPlace(row.name, { ...row, workspaceUuid: row.workspaceId });
    if (context.access.allowed('UPDATE', { subject: appServiceSubject, ...facts })) continue;
    throw new ForbiddenError(`You may not release '${row.name}'.`);
  }
}

/** Does it to the releases that were chosen, as this caller. Throws `PreconditionError` RELEASE_STATE, `ForbiddenError`, `ConflictError`. */
export async function act(
  action: ReleaseAction,
  chosen: ChosenReleases,
  ticket: OperationHandle,
  context: RequestContext,
  { taskId, groupIds }: Pick<OrderAction, 'taskId' | 'groupIds'> = {},
): Promise<MutationOutcome<ReleaseOrder>> {
  await requireServices(chosen, context);
  const { order, named } = chosen;
  const { before, after } = await context.service(ordersStoreRef).act(
    {
      action,
      orderId: order.uuid,
      releaseIds: named,
      taskId,
      groupIds,
      actor: actorOf(context),
      mayCancelWhilePaused: mayCancelWhilePaused(context),
      authorize(service) {
        if (action !== 'CONFIRM') return;
        const { cluster, namespace, name } = service;
        const rule = context.services.profiles.at({ cluster, namespace }).get(confirmBy);
        if (mayConfirm(context.principal, service, rule)) return;
        throw new ForbiddenError(`You may not confirm the release of '${name}': ${whoMay[rule]} may.`);
      },
    },
    ticket,
  );
  return outcomeOf(before, after);
}

const whoMay = {
  OWNER_OR_OPS: 'its owner and operators',
  MEMBERS: 'whoever may release it',
  ADMIN: 'administrators',
} as const;

export function outcomeOf(before: ReleaseOrder, after: ReleaseOrder): MutationOutcome<ReleaseOrder> {
  return { value: after, resultId: after.id, before: recordedOrder(before), after: recordedOrder(after) };
}

export const replayOrder = (node: unknown): ReleaseOrder | null => (isOrder(node) ? node : null);

export const orderSuccess = (description: string) => ({
  description,
  fields: (t: FieldBuilder<MutationSuccess<ReleaseOrder>>) => ({
    releaseOrder: t.field({
      type: releaseOrderTypeRef,
      description: 'The order; in a dry run as it would be.',
      resolve: ({ value }) => value,
    }),
  }),
});
