import {
  drizzle,
  followTopic,
  type LongshoreBuilder,
  type RequestContext,
  registerQuery,
  registerSubscription,
  resolveNode,
  typeRef,
} from 'longshore/sdk';
import { type ReleaseProgress, releaseOrderSubject, releaseOrderTypeRef, releaseProgressTopic } from '../../api.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import { idOfRelease, instanceOfOrder, isOrder, uuidOf } from '../../services/orders/order-nodes.ts';
import { progressOf } from '../../services/orders/order-progress.ts';
import { orders, serviceReleases } from '../../tables.ts';
import { visibleOrders } from './load-orders.ts';
import { idOfWorkspace, releaseEventRef } from './order.ts';
import { progressRef } from './service-release.ts';

const { eq, inArray, isNull } = drizzle;
const allow = { action: 'READ', subject: releaseOrderSubject } as const;
const messageRef = typeRef<ReleaseProgress>('ReleaseProgress');

interface ProgressArguments {
  readonly orderId?: string | number | null | undefined;
  readonly workspaceId?: string | number | null | undefined;
  readonly cluster?: string | null | undefined;
}

/** The single order, and the stream of all that happens to orders (REL-36, CORE-38). */
export function registerOrderRoots(builder: LongshoreBuilder): void {
  registerQuery(builder, {
    name: 'releaseOrder',
    description: 'One release order by its id; null where it is not there or not for you.',
    allow,
    type: releaseOrderTypeRef,
    nullable: true,
    args: (t) => ({ id: t.id({ required: true, description: 'Its global id.' }) }),
    resolve: async ({ id }, context) => {
      const node = await resolveNode(String(id), context);
      return isOrder(node) ? node : null;
    },
  });
  registerProgress(builder);
  registerSubscription<ReleaseProgress>(builder, {
    name: 'releaseOrderProgress',
    description:
      'All that happens to release orders, each step once and in order; it resumes exactly. The snapshot has one message for each order that has not ended, or for the one of `orderId`.',
    allow,
    itemField: 'progress',
    itemType: messageRef,
    itemDescription: 'What happened, with the order as it was then.',
    isThrottled: true,
    args: (t) =>
      ({
        orderId: t.id({ description: 'Only the order with this global id.' }),
        workspaceId: t.id({ description: 'Only orders of the workspace with this global id.' }),
        cluster: t.string({ description: 'Only orders with all app services in one namespace of this cluster.' }),
      }) as never,
    subscribe: (args, context) => {
      const asked = args as ProgressArguments;
      return followTopic({
        topic: releaseProgressTopic,
        isVisible: ({ order }) => context.access.allowed('READ', instanceOfOrder(order)),
        filter: () => matcher(asked),
        initial: () => snapshot(asked, context),
        keyOf: ({ order }) => order.id,
        args,
        context,
      });
    },
  });
}

function matcher({ orderId, workspaceId, cluster }: ProgressArguments): (message: ReleaseProgress) => boolean {
  return ({ order }) =>
    (!orderId || order.id === orderId) &&
    (!workspaceId || (order.workspaceUuid !== null && idOfWorkspace(order.workspaceUuid) === workspaceId)) &&
    (!cluster || order.cluster === cluster);
}

/** Where orders are now. */
async function snapshot({ orderId }: ProgressArguments, context: RequestContext): Promise<readonly ReleaseProgress[]> {
  const uuid = orderId ? uuidOf(orderId, 'ReleaseOrder') : undefined;
  if (orderId && !uuid) return [];
  const found = await visibleOrders(context, uuid ? eq(orders.id, uuid) : isNull(orders.finishedAt));
  if (found.length === 0) return [];
  const ids = found.map((order) => order.uuid);
  const rows = await context.service(orderDeskRef).releases(inArray(serviceReleases.orderId, ids));
  const byOrder = Map.groupBy(rows, (row) => row.orderId);
  return found.map((order) => {
    const { updatedPods, totalPods } = progressOf(byOrder.get(order.uuid) ?? []);
    return { order, releaseUuid: null, event: null, updatedPods, totalPods };
  });
}

function registerProgress(builder: LongshoreBuilder): void {
  builder.objectType(messageRef, {
    description: 'Something that happened to a release order.',
    fields: (t) => ({
      order: t.field({
        type: releaseOrderTypeRef,
        description: 'The order as it was then; what it has beside its own fields is as it is now.',
        resolve: ({ order }) => order,
      }),
      releaseId: t.id({
        nullable: true,
        description: 'Global id of the release that it happened to; null for the order itself.',
        resolve: ({ releaseUuid }) => (releaseUuid === null ? null : idOfRelease(releaseUuid)),
      }),
      event: t.field({
        type: releaseEventRef,
        nullable: true,
        description: 'What happened; null where only pods were updated, and in a snapshot.',
        resolve: ({ event }) => event,
      }),
      pods: t.field({
        type: progressRef,
        description:
          'How many pods of that release were updated then; of all its releases where it is the order itself.',
        resolve: (message) => progressOf([message]),
      }),
    }),
  });
}
