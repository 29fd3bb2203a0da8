import { defineList, drizzle, type ListType, type LongshoreBuilder, named, registerList } from 'longshore/sdk';
import { type OrderState, type ReleaseOrder, releaseOrderSubject, releaseOrderTypeRef } from '../../api.ts';
import { uuidOf } from '../../services/orders/order-nodes.ts';
import { orders, serviceReleases } from '../../tables.ts';
import { visibleOrders } from './load-orders.ts';

const { and, eq, gte, inArray, lt, sql } = drizzle;

type Given<T> = T | null | undefined;

interface OrderFilter {
  readonly titlePrefix?: Given<string>;
  readonly states?: Given<readonly OrderState[]>;
  readonly serviceId?: Given<string>;
  readonly workspaceId?: Given<string>;
  readonly cluster?: Given<string>;
  readonly namespaces?: Given<readonly string[]>;
  readonly createdBy?: Given<string>;
  readonly createdFrom?: Given<Date>;
  readonly createdBefore?: Given<Date>;
}

/** The board of release orders (REL-36, CORE-33). */
export function registerOrderBoard(builder: LongshoreBuilder): void {
  const list = defineList(builder, {
    name: 'ReleaseOrder',
    node: releaseOrderTypeRef,
    plural: 'release orders',
    filter: (t) => ({
      titlePrefix: t.string({
        description: 'Only those whose title begins with this; case does not matter (CORE-33).',
      }),
      states: t.field({ type: [named('ReleaseOrderState')], description: 'In one of these states.' }),
      serviceId: t.id({ description: 'Only with a release of the app service with this global id.' }),
      workspaceId: t.id({ description: 'Only of the workspace with this global id.' }),
      cluster: t.string({ description: 'Only with all app services in one namespace of this cluster.' }),
      namespaces: t.stringList({ description: 'Only with all app services in one of these namespaces.' }),
      createdBy: t.string({ description: 'Only made by exactly this one.' }),
      createdFrom: t.field({ type: 'DateTime', description: 'Only made at this moment or later.' }),
      createdBefore: t.field({ type: 'DateTime', description: 'Only made before this moment.' }),
    }),
    // The database has answered the filter.
    matches: () => () => true,
    orders: {
      CREATED_AT: { description: 'By when it was made.', value: ({ createdAt }: ReleaseOrder) => createdAt.getTime() },
      STARTED_AT: { description: 'By when it was started.', value: ({ startedAt }) => startedAt?.getTime() },
      FINISHED_AT: { description: 'By when it ended.', value: ({ finishedAt }) => finishedAt?.getTime() },
      TITLE: { description: 'By title.', value: ({ title }) => title },
      STATE: { description: 'By state, as its name is written.', value: ({ state }) => state },
    },
    defaultOrder: [{ field: 'CREATED_AT', direction: 'DESC' }],
    place: ({ cluster, namespace, uuid }) => ({ cluster: cluster ?? '', namespace: namespace ?? '', name: uuid }),
  });
  registerList(builder, {
    name: 'releaseOrders',
    description: 'Release orders that you may see, newest first; of those that match, the newest 10,000.',
    allow: { action: 'READ', subject: releaseOrderSubject },
    list: list as unknown as ListType<ReleaseOrder, OrderFilter>,
    rows: async ({ filter }, context) => ({ items: await visibleOrders(context, ...conditionsOf(filter ?? {})) }),
  });
}

/** A filter as conditions on rows; what names nothing that could be there matches nothing. */
function conditionsOf(filter: OrderFilter): readonly (drizzle.SQL | undefined)[] {
  const { titlePrefix, states, serviceId, workspaceId, cluster, namespaces, createdBy } = filter;
  const none = sql`false`;
  const workspace = workspaceId ? uuidOf(workspaceId, 'Workspace', 'core') : undefined;
  return [
    titlePrefix ? sql`starts_with(lower(${orders.title}), lower(${titlePrefix}))` : undefined,
    states ? inArray(orders.state, [...states]) : undefined,
    serviceId ? withService(uuidOf(serviceId, 'AppService')) : undefined,
    workspaceId ? (workspace ? eq(orders.workspaceId, workspace) : none) : undefined,
    cluster ? eq(orders.cluster, cluster) : undefined,
    namespaces ? inArray(orders.namespace, [...namespaces]) : undefined,
    createdBy ? eq(orders.createdBy, createdBy) : undefined,
    filter.createdFrom ? gte(orders.createdAt, filter.createdFrom) : undefined,
    filter.createdBefore ? lt(orders.createdAt, filter.createdBefore) : undefined,
  ];
}

function withService(uuid: string | undefined): drizzle.SQL | undefined {
  if (uuid === undefined) return sql`false`;
  return and(
    sql`exists (select 1 from ${serviceReleases} where ${serviceReleases.orderId} = ${orders.id} and ${serviceReleases.serviceId} = ${uuid})`,
  );
}
