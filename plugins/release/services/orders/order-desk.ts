import {
  type Clock,
  type Database,
  type DatabaseHandle,
  drizzle,
  InUseError,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  type Topics,
  type WorkQueue,
} from 'longshore/sdk';
import { type ReleaseActor, type ReleaseOrder, releaseProgressTopic } from '../../api.ts';
import { appServices, groups, orders, releaseEvents, serviceReleases, tasks, versions } from '../../tables.ts';
import { idOfAppService } from '../subjects.ts';
import { lockOrder } from './apply-change.ts';
import { createOrder, type NewOrder } from './create-order.ts';
import { retryInitialization } from './initialize-order.ts';
import type { GroupRow, ServiceRow, TaskRow } from './model.ts';
import type { ReleaseSummary } from './order-nodes.ts';
import { toOrder } from './order-rows.ts';
import { hasEnded } from './order-state.ts';
import { findRunning, type RunningRelease, releasedVersions } from './release-history.ts';
import type { ReleasedVersion } from './rollback-preview.ts';

const { and, asc, desc, eq, getTableColumns, inArray, isNotNull, isNull, ne } = drizzle;

/** What somebody at a console needs of orders beside `OrdersStore`. Says nothing about rights: ask for each order. */
export interface OrderDesk {
  /** The newest that match, at most so many. */
  list(where: drizzle.SQL | undefined, most: number): Promise<readonly ReleaseOrder[]>;
  /** Releases by a condition on their rows, in the order of their lists, without what they write to the cluster. */
  releases(where: drizzle.SQL): Promise<readonly ReleaseSummary[]>;
  /** Releases of these services, the newest first. */
  releasesOfServices(serviceIds: readonly string[]): Promise<readonly ReleaseSummary[]>;
  /** Also those that are deleted: orders go on naming them. */
  services(ids: readonly string[]): Promise<readonly ServiceRow[]>;
  task(id: string): Promise<TaskRow | undefined>;
  /** Those that there are. */
  groups(ids: readonly string[]): Promise<readonly GroupRow[]>;
  /** Versions of these services that were released with success. */
  history(serviceIds: readonly string[]): Promise<readonly ReleasedVersion[]>;
  /** What runs of these services, by their ids; those of which nothing runs are missing. */
  running(serviceIds: readonly string[]): Promise<ReadonlyMap<string, RunningRelease>>;
  /** Ids of the newest submitted versions, by their services. */
  newestVersions(serviceIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** `before`: what is written with it, in its transaction. */
  create(
    order: NewOrder,
    ticket: OperationHandle,
    before?: (ticket: OperationHandle) => Promise<void>,
  ): Promise<ReleaseOrder>;
  /** Throws `PreconditionError` RELEASE_STATE in any other state than INIT_FAILED. */
  retryInitialization(
    orderId: string,
    actor: ReleaseActor,
    ticket: OperationHandle,
  ): Promise<{ readonly before: ReleaseOrder; readonly after: ReleaseOrder }>;
  /**
   * Takes the rows of an order away; nothing of a cluster is touched (T12). Throws `PreconditionError` RELEASE_STATE before it has ended, and
   * `InUseError` where it has released something that is still there: that is how the platform knows what runs, and where a rollback leads.
   */
  remove(orderId: string, ticket: OperationHandle): Promise<void>;
}

export const orderDeskRef: ServiceRef<OrderDesk> = serviceRef<OrderDesk>('release.orderDesk');

const { target: _target, previous: _previous, ...summary } = getTableColumns(serviceReleases);
const succeeded = and(eq(serviceReleases.state, 'SUCCEEDED'), isNotNull(serviceReleases.target));

export function createOrderDesk(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
}): OrderDesk {
  const { database, clock, topics, queue } = options;
  const now = () => new Date(clock.now());
  const releasesBy = (where: drizzle.SQL, ...by: drizzle.SQL[]) =>
    database
      .current()
      .select(summary)
      .from(serviceReleases)
      .where(where)
      .orderBy(...by);
  return {
    async list(where, most) {
      const rows = await database
        .current()
        .select()
        .from(orders)
        .where(where)
        .orderBy(desc(orders.createdAt), asc(orders.id))
        .limit(most);
      return rows.map(toOrder);
    },
    releases: (where) => releasesBy(where, asc(serviceReleases.position)),
    releasesOfServices: async (ids) =>
      ids.length === 0 ? [] : releasesBy(inArray(serviceReleases.serviceId, [...ids]), desc(serviceReleases.createdAt)),
    services: async (ids) =>
      ids.length === 0
        ? []
        : database
            .current()
            .select()
            .from(appServices)
            .where(inArray(appServices.id, [...ids])),
    async task(id) {
      const [row] = await database.current().select().from(tasks).where(eq(tasks.id, id));
      return row;
    },
    groups: async (ids) =>
      ids.length === 0
        ? []
        : database
            .current()
            .select()
            .from(groups)
            .where(inArray(groups.id, [...ids])),
    history: (serviceIds) => releasedVersions(database.current(), serviceIds),
    running: (serviceIds) => findRunning(database.current(), serviceIds),
    async newestVersions(serviceIds) {
      if (serviceIds.length === 0) return new Map();
      const rows = await database
        .current()
        .selectDistinctOn([versions.serviceId], { serviceId: versions.serviceId, id: versions.id })
        .from(versions)
        .where(and(inArray(versions.serviceId, [...serviceIds]), ne(versions.editState, 'DRAFT')))
        .orderBy(versions.serviceId, desc(versions.number));
      return new Map(rows.map(({ serviceId, id }) => [serviceId, id]));
    },
    create: (order, ticket, before) => createOrder({ database, topics, queue, now: now() }, order, ticket, before),
    retryInitialization: (orderId, actor, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const done = await retryInitialization(tx, orderId, { queue, topics, now: now(), actor });
        if (!done) throw notThere();
        return done;
      }),
    remove: (orderId, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const order = await lockOrder(tx, orderId);
        if (!order) throw notThere();
        if (!hasEnded(order.state)) {
          throw new PreconditionError('RELEASE_STATE', `The order is ${order.state}: only what has ended is deleted.`);
        }
        await requireUnneeded(tx, orderId);
        await removeRows(tx, orderId);
        const progress = { order: toOrder(order), releaseUuid: null, event: null, updatedPods: 0, totalPods: 0 };
        await topics.publish(releaseProgressTopic, progress, { type: 'DELETED' });
      }),
  };
}

const notThere = () => new NotFoundError('There is no such release order.');

/** A deleted service needs no way back. */
async function requireUnneeded(tx: DatabaseHandle, orderId: string): Promise<void> {
  const rows = await tx
    .select({ id: appServices.id, name: appServices.name })
    .from(serviceReleases)
    .innerJoin(appServices, eq(appServices.id, serviceReleases.serviceId))
    .where(and(eq(serviceReleases.orderId, orderId), succeeded, isNull(appServices.deletedAt)));
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => `'${name}'`).join(', ');
  throw new InUseError(
    `It is how ${names} was released: what runs, and where a rollback leads, is known by it.`,
    rows.map(({ id }) => idOfAppService(id)),
  );
}

async function removeRows(tx: DatabaseHandle, orderId: string): Promise<void> {
  const ofOrder = tx
    .select({ id: serviceReleases.id })
    .from(serviceReleases)
    .where(eq(serviceReleases.orderId, orderId));
  await tx.delete(releaseEvents).where(eq(releaseEvents.orderId, orderId));
  await tx.delete(tasks).where(inArray(tasks.releaseId, ofOrder));
  await tx.delete(groups).where(inArray(groups.releaseId, ofOrder));
  await tx.delete(serviceReleases).where(eq(serviceReleases.orderId, orderId));
  await tx.delete(orders).where(eq(orders.id, orderId));
}
