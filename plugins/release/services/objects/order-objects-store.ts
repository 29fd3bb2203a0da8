import {
  assertFence,
  type Clock,
  ConflictError,
  type Database,
  type DatabaseHandle,
  drizzle,
  type QueueFence,
  type ServiceRef,
  serviceRef,
  type WorkQueue,
} from 'longshore/sdk';
import { appServices, groups, orderObjects, orders, serviceReleases, versions } from '../../tables.ts';
import type { SeenOrder } from './decide-object.ts';
import type { ObjectRefusal } from './refusal.ts';

const { and, asc, eq, inArray, isNull } = drizzle;

/** Keys of the loop say where an object is: see `keyOfPlace`. */
export const orderObjectLoop = 'release.orderObjects';

export interface ObjectPlace {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** None of the three has a slash in it. */
export const keyOfPlace = ({ cluster, namespace, name }: ObjectPlace): string => `${cluster}/${namespace}/${name}`;

export function placeOfKey(key: string): ObjectPlace {
  const [cluster = '', namespace = '', name = ''] = key.split('/');
  return { cluster, namespace, name };
}

export type ObjectRow = typeof orderObjects.$inferSelect;
type Identity = Pick<ObjectRow, 'cluster' | 'uid'>;

/** What became of ReleaseOrder objects, and their orders as those are now. */
export interface OrderObjectsStore {
  /** All that were under this name, also those whose objects are gone. */
  at(place: ObjectPlace): Promise<readonly ObjectRow[]>;
  /** Places of a cluster that something was noted of. */
  placesIn(cluster: string): Promise<readonly ObjectPlace[]>;
  /** Notes an object that was not seen before. */
  note(place: ObjectPlace, uid: string, fence: QueueFence): Promise<void>;
  /**
   * Notes the order that is being made of it, in the transaction that makes it. Throws `ConflictError` where it has one already, and
   * `FenceLostError`.
   */
  claim(of: Identity, orderId: string, madeOf: string, fence: QueueFence): Promise<void>;
  refuse(of: Identity, refusal: ObjectRefusal | null, fence: QueueFence): Promise<void>;
  forget(of: Identity, fence: QueueFence): Promise<void>;
  /** Undefined where the order is deleted. */
  order(orderId: string): Promise<SeenOrder | undefined>;
}

export const orderObjectsStoreRef: ServiceRef<OrderObjectsStore> =
  serviceRef<OrderObjectsStore>('release.orderObjects');

export function createOrderObjectsStore(options: {
  readonly database: Database;
  readonly clock: Clock;
}): OrderObjectsStore {
  const { database, clock } = options;
  const isThis = ({ cluster, uid }: Identity) => and(eq(orderObjects.cluster, cluster), eq(orderObjects.uid, uid));
  const fenced = (fence: QueueFence, work: (tx: DatabaseHandle) => Promise<unknown>): Promise<void> =>
    database.transaction(async (tx) => {
      await assertFence(tx, fence);
      await work(tx);
    });
  return {
    at: ({ cluster, namespace, name }) =>
      database
        .current()
        .select()
        .from(orderObjects)
        .where(
          and(eq(orderObjects.cluster, cluster), eq(orderObjects.namespace, namespace), eq(orderObjects.name, name)),
        ),
    placesIn: (cluster) =>
      database
        .current()
        .select({ cluster: orderObjects.cluster, namespace: orderObjects.namespace, name: orderObjects.name })
        .from(orderObjects)
        .where(eq(orderObjects.cluster, cluster)),
    note: (place, uid, fence) =>
      fenced(fence, (tx) =>
        tx
          .insert(orderObjects)
          .values({ ...place, uid, createdAt: new Date(clock.now()) })
          .onConflictDoNothing(),
      ),
    async claim(of, orderId, madeOf, fence) {
      const tx = database.current();
      await assertFence(tx, fence);
      const claimed = await tx
        .update(orderObjects)
        .set({ orderId, madeOf, refusal: null })
        .where(and(isThis(of), isNull(orderObjects.orderId)))
        .returning({ uid: orderObjects.uid });
      if (claimed.length === 0) throw new ConflictError('The object has an order already.');
    },
    refuse: (of, refusal, fence) => fenced(fence, (tx) => tx.update(orderObjects).set({ refusal }).where(isThis(of))),
    forget: (of, fence) => fenced(fence, (tx) => tx.delete(orderObjects).where(isThis(of))),
    order: (orderId) => readOrder(database.current(), orderId),
  };
}

async function readOrder(db: DatabaseHandle, orderId: string): Promise<SeenOrder | undefined> {
  const [order] = await db.select().from(orders).where(eq(orders.id, orderId));
  if (!order) return undefined;
  const releases = await db
    .select({
      id: serviceReleases.id,
      state: serviceReleases.state,
      reason: serviceReleases.reason,
      groupPosition: serviceReleases.groupPosition,
      updatedPods: serviceReleases.updatedPods,
      totalPods: serviceReleases.totalPods,
      appService: appServices.name,
      version: versions.number,
    })
    .from(serviceReleases)
    .innerJoin(appServices, eq(appServices.id, serviceReleases.serviceId))
    .innerJoin(versions, eq(versions.id, serviceReleases.versionId))
    .where(eq(serviceReleases.orderId, orderId))
    .orderBy(asc(serviceReleases.position));
  const planned = await db
    .select({ id: groups.id, releaseId: groups.releaseId, position: groups.position, state: groups.state })
    .from(groups)
    .where(
      inArray(
        groups.releaseId,
        releases.map(({ id }) => id),
      ),
    );
  const groupsOf = Map.groupBy(planned, ({ releaseId }) => releaseId);
  return {
    ...order,
    releases: releases.map((release) => {
      const own = groupsOf.get(release.id) ?? [];
      const waitingGroup = own.find(({ state }) => release.state === 'PAUSED' && state === 'WAITING_CONFIRM');
      return { ...release, groups: own.length, waitingGroup };
    }),
  };
}

/** Changes of one order come in bursts: its object tells of them together, this much later, in ms. */
const gatherMs = 250;

/** Has the object that an order was made of tell how it stands; nothing where people have made it. In the transaction of the change. */
export async function wakeObjectOf(
  tx: DatabaseHandle,
  orderId: string,
  queue: Pick<WorkQueue, 'enqueue'>,
  now: Date,
): Promise<void> {
  const [place] = await tx.select().from(orderObjects).where(eq(orderObjects.orderId, orderId));
  if (place) await queue.enqueue(orderObjectLoop, keyOfPlace(place), { dueAtMs: now.getTime() + gatherMs });
}
