import {
  type AnyNode,
  DataLoader,
  drizzle,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registryOf,
  resolveNode,
  whereAllowed,
} from 'longshore/sdk';
import { type AppService, type AppServiceVersion, type ReleaseOrder, releaseOrderSubject } from '../../api.ts';
import { instanceOfAppService, instanceOfVersion } from '../../services/app-services/app-services.ts';
import { appServicesServiceRef } from '../../services/app-services/app-services-service.ts';
import type { GroupRow, ServiceRow, TaskRow } from '../../services/orders/model.ts';
import { orderDeskRef } from '../../services/orders/order-desk.ts';
import {
  instanceOfOrder,
  isOrder,
  isUuid,
  type ReleaseSummary,
  type ServiceRelease,
  toServiceRelease,
} from '../../services/orders/order-nodes.ts';
import { ordersStoreRef } from '../../services/orders/orders-store.ts';
import type { ReleasedVersion } from '../../services/orders/rollback-preview.ts';
import { orders, serviceReleases } from '../../tables.ts';

const { and, inArray } = drizzle;

/** Orders that a board shows at the most: a console pages through them, nobody reads more. */
const mostOrders = 10_000;

/** The newest orders that this caller may read and that match, by a condition on their rows. */
export function visibleOrders(
  context: RequestContext,
  ...conditions: readonly (drizzle.SQL | undefined)[]
): Promise<readonly ReleaseOrder[]> {
  const allowed = whereAllowed(context.access, 'READ', releaseOrderSubject, {
    cluster: orders.cluster,
    namespace: orders.namespace,
    tenants: { workspace: orders.workspaceId },
  });
  return context.service(orderDeskRef).list(and(allowed, ...conditions), mostOrders);
}

/** The loaders behind `node(id:)`: what the caller may not read is not there, and of a release what its order is not. */
export function registerOrderLoaders(builder: LongshoreBuilder): void {
  const { rowLoaders } = registryOf(builder);
  rowLoaders.set('release|ReleaseOrder', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const found = await readOrders(keys.filter(isUuid), context);
    return keys.map((key) => found.get(key) ?? null);
  });
  rowLoaders.set('release|ServiceRelease', async (keys, context): Promise<readonly (AnyNode | null)[]> => {
    const wanted = keys.filter(isUuid);
    if (wanted.length === 0) return keys.map(() => null);
    const rows = await context.service(orderDeskRef).releases(inArray(serviceReleases.id, wanted));
    const found = new Map((await withOrders(rows, context)).map((node) => [node.uuid, node]));
    return keys.map((key) => found.get(key) ?? null);
  });
}

/** Releases as nodes, without those of orders that this caller may not read. */
export async function withOrders(
  rows: readonly ReleaseSummary[],
  context: RequestContext,
): Promise<readonly ServiceRelease[]> {
  const found = await readOrders([...new Set(rows.map(({ orderId }) => orderId))], context);
  return rows.flatMap((row) => {
    const order = found.get(row.orderId);
    return order ? [toServiceRelease(row, order)] : [];
  });
}

async function readOrders(
  uuids: readonly string[],
  context: RequestContext,
): Promise<ReadonlyMap<string, ReleaseOrder>> {
  const rows = await context.service(ordersStoreRef).get(uuids);
  return new Map(
    rows.filter((row) => context.access.allowed('READ', instanceOfOrder(row))).map((row) => [row.uuid, row]),
  );
}

/** The order behind a global id as this caller sees it; `NotFoundError` for everything else. */
export async function findOrder(id: string | number, context: RequestContext): Promise<ReleaseOrder> {
  const node = await resolveNode(String(id), context);
  if (!isOrder(node)) throw new NotFoundError('There is no release order with this id');
  return node;
}

type Read<T> = (keys: readonly string[], context: RequestContext) => Promise<ReadonlyMap<string, T>>;

/** What is asked for in one tick is one statement. Nothing is kept: a request may read, change and read again. */
function loaderOf<T>(read: Read<T>): (key: string, context: RequestContext) => Promise<T | undefined> {
  const memo = {};
  return (key, context) =>
    context
      .memo(
        memo,
        () =>
          new DataLoader<string, T | undefined>(
            async (keys) => {
              const found = await read([...new Set(keys)], context.self);
              return keys.map((each) => found.get(each));
            },
            { cache: false },
          ),
      )
      .load(key);
}

const grouped = <T>(rows: readonly T[], keyOf: (row: T) => string): ReadonlyMap<string, readonly T[]> =>
  Map.groupBy(rows, keyOf);

/** Releases of an order, as its author listed them. */
export const loadReleases = loaderOf<readonly ReleaseSummary[]>(async (keys, context) =>
  grouped(
    await context.service(orderDeskRef).releases(inArray(serviceReleases.orderId, [...keys])),
    ({ orderId }) => orderId,
  ),
);

export const loadReleasesOfService = loaderOf<readonly ServiceRelease[]>(async (keys, context) =>
  grouped(
    await withOrders(await context.service(orderDeskRef).releasesOfServices(keys), context),
    ({ row }) => row.serviceId,
  ),
);

export const loadGroups = loaderOf<readonly GroupRow[]>(async (keys, context) =>
  grouped(await context.service(ordersStoreRef).groupsOf(keys), ({ releaseId }) => releaseId),
);

export const loadTasks = loaderOf<readonly TaskRow[]>(async (keys, context) =>
  grouped(await context.service(ordersStoreRef).tasksOf(keys), ({ releaseId }) => releaseId),
);

/** Rows of services, also of deleted ones. */
export const loadServiceRow = loaderOf<ServiceRow>(
  async (keys, context) => new Map((await context.service(orderDeskRef).services(keys)).map((row) => [row.id, row])),
);

/** A service as this caller sees it; undefined for one that is gone or not for them. */
export const loadService = loaderOf<AppService>(
  async (keys, context) =>
    new Map(
      (await context.service(appServicesServiceRef).get(keys))
        .filter((row) => context.access.allowed('READ', instanceOfAppService(row)))
        .map((row) => [row.uuid, row]),
    ),
);

/** The same of a version. */
export const loadVersion = loaderOf<AppServiceVersion>(
  async (keys, context) =>
    new Map(
      (await context.service(appServicesServiceRef).versions(keys))
        .filter((row) => context.access.allowed('READ', instanceOfVersion(row)))
        .map((row) => [row.uuid, row]),
    ),
);

/** Versions of a service that were released with success. */
export const loadHistory = loaderOf<readonly ReleasedVersion[]>(async (keys, context) =>
  grouped(await context.service(orderDeskRef).history(keys), ({ serviceId }) => serviceId),
);

/** Releases of an order as nodes. */
export async function releasesOf(order: ReleaseOrder, context: RequestContext): Promise<readonly ServiceRelease[]> {
  return ((await loadReleases(order.uuid, context)) ?? []).map((row) => toServiceRelease(row, order));
}
