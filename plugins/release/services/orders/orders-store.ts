import {
  assertFence,
  type Clock,
  type Database,
  type DatabaseHandle,
  drizzle,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  type QueueFence,
  runRecordedTransaction,
  type ServiceRef,
  serviceRef,
  type Topics,
  type WorkQueue,
} from 'longshore/sdk';
import type { ReleaseActor, ReleaseOrder } from '../../api.ts';
import { appServices, groups, orders, releaseEvents, serviceReleases, tasks } from '../../tables.ts';
import { type ApplyOptions, applyChange, lockOrder, releaseLoop } from './apply-change.ts';
import {
  type ActionEntry,
  decideAction,
  planOrderAction,
  type ReleaseAction,
  type RollbackPlan,
} from './decide-action.ts';
import type { Change, EventRow, GroupRow, ReleaseRow, ReleaseView, ServiceRow, TaskRow } from './model.ts';
import { toOrder } from './order-rows.ts';
import { planConfirmation } from './plan-confirmation.ts';
import { planRollback } from './release-history.ts';

const { and, asc, desc, eq, inArray, lt } = drizzle;

/** What somebody does to an order. */
export interface OrderAction {
  readonly action: ReleaseAction;
  readonly orderId: string;
  /** Releases of single services; undefined for all of the order that it can be done to. */
  readonly releaseIds: readonly string[] | undefined;
  /** Of IGNORE_TASK. */
  readonly taskId?: string | undefined;
  /** Of CONFIRM: the groups that alone it is for, by their ids; where it is not given, whatever waits. */
  readonly groupIds?: readonly string[] | undefined;
  readonly actor: ReleaseActor;
  /** Whether the profile of a service lets a release end while it waits (REL-32). */
  readonly mayCancelWhilePaused: (service: ServiceRow) => boolean;
  /** Throws `ForbiddenError` where this caller may not do it to this service, e.g. confirm (REL-30). */
  readonly authorize: (service: Pick<ServiceRow, 'name' | 'owner' | 'operators' | 'cluster' | 'namespace'>) => void;
}

/** Orders, their releases, groups, tasks and events. Says nothing about rights: ask for each order. */
export interface OrdersStore {
  list(where?: drizzle.SQL): Promise<readonly ReleaseOrder[]>;
  get(uuids: readonly string[]): Promise<readonly ReleaseOrder[]>;
  releasesOf(orderIds: readonly string[]): Promise<readonly ReleaseRow[]>;
  groupsOf(releaseIds: readonly string[]): Promise<readonly GroupRow[]>;
  tasksOf(releaseIds: readonly string[]): Promise<readonly TaskRow[]>;
  /** The newest first, behind `before` (a sequence). */
  eventsOf(orderId: string, first: number, before?: number): Promise<readonly EventRow[]>;
  /** Undefined where there is no such release. */
  view(releaseId: string): Promise<ReleaseView | undefined>;
  serviceOf(release: Pick<ReleaseRow, 'serviceId'>): Promise<ServiceRow | undefined>;
  rollbackPlan(release: ReleaseRow): Promise<RollbackPlan>;
  /**
   * What a loop has decided, if the release is still as it was when it was looked at; false where it is not. Throws `FenceLostError`.
   */
  commit(view: ReleaseView, change: Change, fence: QueueFence): Promise<boolean>;
  /**
   * All or nothing. Throws `PreconditionError` RELEASE_STATE where it can be done to none, or not to one that was named; `ConflictError` for a
   * group that does not wait to be confirmed.
   */
  act(
    action: OrderAction,
    ticket: OperationHandle,
  ): Promise<{ readonly before: ReleaseOrder; readonly after: ReleaseOrder }>;
}

export const ordersStoreRef: ServiceRef<OrdersStore> = serviceRef<OrdersStore>('release.orders');

export function createOrdersStore(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly topics: Topics;
  readonly queue: Pick<WorkQueue, 'enqueue'>;
}): OrdersStore {
  const { database, clock, topics, queue } = options;
  const applying = (actor: ReleaseActor | null): ApplyOptions => ({ topics, queue, actor, now: new Date(clock.now()) });
  const store: OrdersStore = {
    async list(where) {
      const rows = await database.current().select().from(orders).where(where).orderBy(desc(orders.createdAt));
      return rows.map(toOrder);
    },
    get: async (uuids) => (uuids.length === 0 ? [] : store.list(inArray(orders.id, [...uuids]))),
    releasesOf: async (orderIds) =>
      orderIds.length === 0
        ? []
        : database
            .current()
            .select()
            .from(serviceReleases)
            .where(inArray(serviceReleases.orderId, [...orderIds]))
            .orderBy(asc(serviceReleases.position)),
    groupsOf: async (ids) =>
      ids.length === 0
        ? []
        : database
            .current()
            .select()
            .from(groups)
            .where(inArray(groups.releaseId, [...ids]))
            .orderBy(asc(groups.position)),
    tasksOf: async (ids) =>
      ids.length === 0
        ? []
        : database
            .current()
            .select()
            .from(tasks)
            .where(inArray(tasks.releaseId, [...ids]))
            .orderBy(asc(tasks.phase), asc(tasks.groupPosition), asc(tasks.position)),
    eventsOf: (orderId, first, before) =>
      database
        .current()
        .select()
        .from(releaseEvents)
        .where(
          and(
            eq(releaseEvents.orderId, orderId),
            before === undefined ? undefined : lt(releaseEvents.sequence, before),
          ),
        )
        .orderBy(desc(releaseEvents.sequence))
        .limit(first),
    view: (releaseId) => readView(database.current(), releaseId),
    async serviceOf({ serviceId }) {
      const [row] = await database.current().select().from(appServices).where(eq(appServices.id, serviceId));
      return row;
    },
    rollbackPlan: (release) => planRollback(database.current(), release),
    commit: (view, change, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const order = await lockOrder(tx, view.release.orderId);
        const [now] = await tx.select().from(serviceReleases).where(eq(serviceReleases.id, view.release.id));
        if (!order || !now || !isAsSeen(now, view.release)) return false;
        await applyChange(tx, order, now, change, applying(null));
        return true;
      }),
    act: (wanted, ticket) =>
      runRecordedTransaction(database, ticket, async (tx) => {
        const order = await lockOrder(tx, wanted.orderId);
        if (!order) throw new NotFoundError('There is no such release order.');
        if (order.state === 'INITIALIZING' || order.state === 'INIT_FAILED') {
          if (wanted.action !== 'CANCEL') {
            throw new PreconditionError('RELEASE_STATE', `The order is ${order.state}: it must be READY first.`);
          }
        }
        let after = order;
        const entries = await entriesOf(tx, wanted, clock.now());
        const planned = planAction(wanted, entries);
        for (const { entry, action } of planned) {
          const change = decideAction(action, entry.view, entry.context);
          after = await applyChange(tx, after, entry.view.release, change, applying(wanted.actor));
          await queue.enqueue(releaseLoop, entry.view.release.id);
        }
        return { before: toOrder(order), after: toOrder(after) };
      }),
  };
  return store;
}

/** What becomes of which release. Throws what `authorize` throws before it says anything of their state. */
function planAction(
  { action, releaseIds, groupIds, authorize }: OrderAction,
  entries: readonly ActionEntry[],
): ReturnType<typeof planOrderAction> {
  const all = (chosen: readonly ActionEntry[]) => chosen.map((entry) => ({ entry, action }));
  const authorizeAll = (chosen: readonly ActionEntry[]) => {
    for (const { context } of chosen) authorize(context.service);
  };
  if (releaseIds) authorizeAll(entries);
  if (groupIds) return all(planConfirmation(entries, groupIds));
  if (releaseIds) return all(entries);
  const planned = planOrderAction(action, entries);
  authorizeAll(planned.map(({ entry }) => entry));
  return planned;
}

/** Whether a decision on what was seen still holds: between two looks only people and this loop change a release. */
function isAsSeen(now: ReleaseRow, seen: ReleaseRow): boolean {
  return (
    now.state === seen.state &&
    now.groupPosition === seen.groupPosition &&
    now.since.getTime() === seen.since.getTime() &&
    now.actor.id === seen.actor.id
  );
}

async function readView(db: DatabaseHandle, releaseId: string): Promise<ReleaseView | undefined> {
  const [release] = await db.select().from(serviceReleases).where(eq(serviceReleases.id, releaseId));
  if (!release) return undefined;
  const ofRelease = await db.select().from(groups).where(eq(groups.releaseId, releaseId)).orderBy(asc(groups.position));
  const work = await db
    .select()
    .from(tasks)
    .where(eq(tasks.releaseId, releaseId))
    .orderBy(asc(tasks.phase), asc(tasks.groupPosition), asc(tasks.position));
  // Only those that it waits for, or that wait for it: an order of hundreds costs a step no more than one of two.
  const siblings =
    release.state === 'WAITING' || release.state === 'ROLLING_BACK'
      ? await db
          .select({ id: serviceReleases.id, state: serviceReleases.state, dependsOn: serviceReleases.dependsOn })
          .from(serviceReleases)
          .where(eq(serviceReleases.orderId, release.orderId))
      : [];
  return { release, groups: ofRelease, tasks: work, siblings };
}

/** Releases that an action is for, with everything it is decided on. Throws `NotFoundError` for one that is not of the order. */
async function entriesOf(tx: DatabaseHandle, wanted: OrderAction, now: number): Promise<readonly ActionEntry[]> {
  const { action, orderId, releaseIds, taskId, actor, mayCancelWhilePaused } = wanted;
  const all = await tx
    .select()
    .from(serviceReleases)
    .innerJoin(appServices, eq(appServices.id, serviceReleases.serviceId))
    .where(and(eq(serviceReleases.orderId, orderId), releaseIds && inArray(serviceReleases.id, [...releaseIds])))
    .orderBy(asc(serviceReleases.position));
  if (releaseIds && all.length < new Set(releaseIds).size)
    throw new NotFoundError('There is no such release in the order.');
  const entries: ActionEntry[] = [];
  for (const { release_service_releases: row, release_app_services: service } of all) {
    const view = await readView(tx, row.id);
    if (!view) continue;
    const rollback = action === 'ROLL_BACK' ? await planRollback(tx, row) : nowhere;
    const context = { actor, now, service, mayCancelWhilePaused: mayCancelWhilePaused(service), rollback, taskId };
    entries.push({ view, context });
  }
  return entries;
}

const nowhere: RollbackPlan = { outcome: 'CANCEL_ONLY', previous: null };
