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
import { type ApplyOptions, applyChanges, lockOrder, releaseLoop } from './apply-change.ts';
import {
  type ActionEntry,
  decideAction,
  planOrderAction,
  type ReleaseAction,
  type RollbackPlan,
} from './decide-action.ts';
import type { Change, EventRow, GroupRow, ReleaseRow, ReleaseView, ServiceRow, TaskRow } from './model.ts';
import { readSiblings } from './neighbours.ts';
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
    groupsOf: (ids) => readGroups(database.current(), ids),
    tasksOf: (ids) => readTasks(database.current(), ids),
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
    commit: (view, change, fence) =>
      database.transaction(async (tx) => {
        await assertFence(tx, fence);
        const order = await lockOrder(tx, view.release.orderId);
        const [now] = await tx.select().from(serviceReleases).where(eq(serviceReleases.id, view.release.id));
        if (!order || !now || !isAsSeen(now, view.release)) return false;
        await applyChanges(tx, order, [{ release: now, change }], applying(null));
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
        const entries = await entriesOf(tx, wanted, clock.now());
        const changes = planAction(wanted, entries).map(({ entry: { view, context }, action }) => ({
          release: view.release,
          change: decideAction(action, view, context),
        }));
        const after = await applyChanges(tx, order, changes, applying(wanted.actor));
        for (const { release } of changes) await queue.enqueue(releaseLoop, release.id);
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

async function readGroups(db: DatabaseHandle, releaseIds: readonly string[]): Promise<readonly GroupRow[]> {
  if (releaseIds.length === 0) return [];
  return db
    .select()
    .from(groups)
    .where(inArray(groups.releaseId, [...releaseIds]))
    .orderBy(asc(groups.position));
}

async function readTasks(db: DatabaseHandle, releaseIds: readonly string[]): Promise<readonly TaskRow[]> {
  if (releaseIds.length === 0) return [];
  return db
    .select()
    .from(tasks)
    .where(inArray(tasks.releaseId, [...releaseIds]))
    .orderBy(asc(tasks.phase), asc(tasks.groupPosition), asc(tasks.position));
}

async function readView(db: DatabaseHandle, releaseId: string): Promise<ReleaseView | undefined> {
  const [release] = await db.select().from(serviceReleases).where(eq(serviceReleases.id, releaseId));
  if (!release) return undefined;
  const ofRelease = await readGroups(db, [releaseId]);
  const work = await readTasks(db, [releaseId]);
  return { release, groups: ofRelease, tasks: work, siblings: await readSiblings(db, release) };
}

/** Releases that an action is for, with everything it is decided on. Throws `NotFoundError` for one that is not of the order. */
async function entriesOf(tx: DatabaseHandle, wanted: OrderAction, now: number): Promise<readonly ActionEntry[]> {
  const { action, orderId, releaseIds, taskId, actor, mayCancelWhilePaused } = wanted;
  // One that has ended takes its service again when it goes back: another order, or a deletion, must not take it meanwhile.
  await tx
    .select({ id: appServices.id })
    .from(appServices)
    .where(
      inArray(
        appServices.id,
        tx.select({ id: serviceReleases.serviceId }).from(serviceReleases).where(eq(serviceReleases.orderId, orderId)),
      ),
    )
    .orderBy(appServices.id)
    .for('update');
  const all = await tx
    .select()
    .from(serviceReleases)
    .innerJoin(appServices, eq(appServices.id, serviceReleases.serviceId))
    .where(and(eq(serviceReleases.orderId, orderId), releaseIds && inArray(serviceReleases.id, [...releaseIds])))
    .orderBy(asc(serviceReleases.position));
  if (releaseIds && all.length < new Set(releaseIds).size)
    throw new NotFoundError('There is no such release in the order.');
  const ids = all.map(({ release_service_releases: { id } }) => id);
  const groupsOf = Map.groupBy(await readGroups(tx, ids), ({ releaseId }) => releaseId);
  const tasksOf = Map.groupBy(await readTasks(tx, ids), ({ releaseId }) => releaseId);
  const entries: ActionEntry[] = [];
  for (const { release_service_releases: release, release_app_services: service } of all) {
    // What people may do with a release depends on no other.
    const view = {
      release,
      groups: groupsOf.get(release.id) ?? [],
      tasks: tasksOf.get(release.id) ?? [],
      siblings: [],
    };
    const rollback = action === 'ROLL_BACK' ? await planRollback(tx, release) : nowhere;
    const context = { actor, now, service, mayCancelWhilePaused: mayCancelWhilePaused(service), rollback, taskId };
    entries.push({ view, context });
  }
  return entries;
}

const nowhere: RollbackPlan = { outcome: 'CANCEL_ONLY', previous: null };
