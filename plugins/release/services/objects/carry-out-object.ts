import {
  AnswerError,
  again,
  type Cluster,
  callMutation,
  dryRunTicket,
  type KubeObject,
  type MutationSuccess,
  NotFoundError,
  type Principal,
  type ReconcileContext,
  type ReconcileResult,
  type RequestContext,
  settled,
  systemPrincipal,
} from 'longshore/sdk';
import { idOfGroup } from '../orders/order-nodes.ts';
import { idOfOrder } from '../subjects.ts';
import { keyOfWish, lookAgainMs, type SeenOrder, type Wish, wishOf } from './decide-object.ts';
import { actorIn, isHeeded, type ObjectLoop, objectLoopRef } from './object-loop.ts';
import { statusOf, writeInMs } from './object-status.ts';
import { orderInputOf } from './order-input.ts';
import { digestOf, type OrderObject, type OrderSpec, orderObjectKind, readSpec } from './order-object.ts';
import {
  type ObjectPlace,
  type ObjectRow,
  type OrderObjectsStore,
  orderObjectLoop,
  orderObjectsStoreRef,
  placeOfKey,
} from './order-objects-store.ts';
import { makeOrderFor } from './order-source.ts';
import { nextTryAt, type Refusal, refusalOf } from './refusal.ts';
import { causeOf, writeObjectStatus, writeReason } from './write-object-status.ts';

type Found = KubeObject<OrderObject>;

/** How soon a cluster that is away is asked again, and one whose watch lags behind, in ms. */
const awayMs = 15_000;
const lagMs = 1_000;
/** How soon it is asked again whether somebody may act who could not, in ms. */
const absentMs = 300_000;

/** What a step of one object works with. */
interface Work {
  readonly place: ObjectPlace;
  readonly cluster: Cluster;
  readonly loop: ObjectLoop;
  readonly store: OrderObjectsStore;
  readonly context: ReconcileContext;
}

/**
 * One step for one ReleaseOrder: what it wants next is done by the mutation that a person would use, in the name of whom the settings
 * say; else how it stands is written to it. Whoever is killed in between finds the way from what is there.
 */
export async function carryOutObject(key: string, context: ReconcileContext): Promise<ReconcileResult> {
  const loop = context.service(objectLoopRef);
  const store = context.service(orderObjectsStoreRef);
  const place = placeOfKey(key);
  const cluster = loop.clusters.get(place.cluster);
  if (!cluster || !isHeeded(loop.settings, place.cluster)) return settled;
  if (cluster.state !== 'READY' && cluster.state !== 'DEGRADED') return again(awayMs);
  // Without its definition nothing is known of it, and nothing is concluded from that.
  if (!cluster.serves(orderObjectKind)) return settled;
  const work: Work = { place, cluster, loop, store, context };
  const found = await cluster.reader(systemPrincipal, context.signal).get(orderObjectKind, place.namespace, place.name);
  const object = found?.metadata.deletionTimestamp ? undefined : found;
  const rows = await store.at(place);
  const left = rows.find(({ uid }) => uid !== object?.metadata.uid);
  if (left) return letGo(left, work);
  return object ? carryOn(object, rows[0], work) : settled;
}

/** The object as the cluster has it at this moment, also where a watch lags: a try that changes nothing. Undefined where it is gone. */
async function readLive({ place, cluster }: Work): Promise<Found | undefined> {
  const { namespace, name } = place;
  const writer = cluster.writer(systemPrincipal, writeReason);
  try {
    const { object } = await writer.patch(
      dryRunTicket,
      orderObjectKind,
      namespace,
      name,
      {},
      { subresource: 'status' },
    );
    return object.metadata.deletionTimestamp ? undefined : object;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** An object that is gone takes an order with it that nobody has begun; everything else of it goes on, and nothing that runs is touched. */
async function letGo(row: ObjectRow, work: Work): Promise<ReconcileResult> {
  const { store, context, loop, place } = work;
  const live = await readLive(work);
  if (live?.metadata.uid === row.uid) return again(lagMs);
  const order = row.orderId === null ? undefined : await store.order(row.orderId);
  const actor = actorIn(loop, place);
  if (order && isUnbegun(order) && 'principal' in actor) {
    await context.failpoints.reach(`${orderObjectLoop}.before-let-go`);
    const cause = `ReleaseOrder/${place.namespace}/${place.name}/${row.uid}`;
    try {
      const caller = loop.contextFor(actor.principal, cause, context.signal);
      await callMutation('cancelReleaseOrder', { id: idOfOrder(order.id) }, caller);
    } catch (error) {
      const refusal = refusalOf(error);
      if (!refusal) throw error;
      context.logger.warn({ refusal }, 'the order of a ReleaseOrder that is gone stays');
    }
  }
  await context.failpoints.reach(`${orderObjectLoop}.before-forget`);
  await store.forget(row, context.fence);
  return again(0);
}

const isUnbegun = ({ state }: SeenOrder): boolean =>
  state === 'INITIALIZING' || state === 'INIT_FAILED' || state === 'READY';

async function carryOn(object: Found, row: ObjectRow | undefined, work: Work): Promise<ReconcileResult> {
  const { store, loop, place, context } = work;
  const orderId = row?.orderId ?? undefined;
  const order = orderId === undefined ? undefined : await store.order(orderId);
  if (orderId !== undefined && !order) return tell(object, { deletedOrderId: orderId }, work);
  const actor = actorIn(loop, place);
  if ('refusal' in actor) return tell(object, { order, refusal: actor.refusal, untilMs: absentMs }, work);
  const read = readSpec(object.spec);
  if ('problem' in read) {
    return tell(object, { order, refusal: { code: 'VALIDATION', message: read.problem } }, work);
  }
  const { spec } = read;
  const generation = object.metadata.generation ?? 0;
  const step = order ? wishOf(spec, order, row?.madeOf === digestOf(spec)) : createWish;
  if (step.is === 'refused') return tell(object, { order, refusal: step.refusal }, work);
  if (step.is === 'done') return tell(object, { order }, work);
  const key = order && step !== createWish ? keyOfWish(step as ActionWish, generation, order) : `CREATE/${generation}`;
  const known = row?.refusal?.key === key ? row.refusal : undefined;
  if (known && context.clock.now() < nextTryAt(known)) {
    return tell(object, { order, refusal: known, untilMs: nextTryAt(known) - context.clock.now() }, work);
  }
  const crowd = order ? undefined : await crowdedBy(object, work);
  if (crowd) return tell(object, { order, refusal: crowd, untilMs: longestWaitMs }, work);
  return attempt(
    { object, order, spec, key, count: known?.count ?? 0, isSeen: row !== undefined },
    step,
    actor.principal,
    work,
  );
}

type ActionWish = Extract<Wish, { is: 'action' }>;
const createWish = { is: 'action', action: 'CREATE' } as const;
const longestWaitMs = 15 * 60_000;

/** Too many of them in one namespace: the oldest come first. */
async function crowdedBy(object: Found, { place, cluster, loop, context }: Work): Promise<Refusal | undefined> {
  const most = loop.settings.mostOrderObjects;
  const reader = cluster.reader(systemPrincipal, context.signal);
  const { items } = await reader.list(orderObjectKind, { namespaces: [place.namespace] });
  if (items.length <= most) return undefined;
  const rank = ({ metadata }: Found) => `${metadata.creationTimestamp ?? ''}/${metadata.uid}`;
  const older = items.filter((each) => rank(each) < rank(object)).length;
  if (older < most) return undefined;
  const message = `The namespace has ${items.length} ReleaseOrders; the oldest ${most} are heeded: delete some that have ended.`;
  return { code: 'QUOTA_EXCEEDED', message };
}

interface Attempt {
  readonly object: Found;
  readonly order: SeenOrder | undefined;
  readonly spec: OrderSpec;
  readonly key: string;
  /** How often it was refused before. */
  readonly count: number;
  readonly isSeen: boolean;
}

/** Does it, if the object is still as it was seen; what refuses it is kept. */
async function attempt(
  { object, order, spec, key, count, isSeen }: Attempt,
  wish: ActionWish | typeof createWish,
  principal: Principal,
  work: Work,
): Promise<ReconcileResult> {
  const { store, loop, place, context } = work;
  const { uid, generation } = object.metadata;
  const live = await readLive(work);
  if (live?.metadata.uid !== uid || live.metadata.generation !== generation) return again(lagMs);
  const identity = { cluster: place.cluster, uid };
  if (!isSeen) await store.note(place, uid, context.fence);
  const step = wish.action.toLowerCase().replaceAll('_', '-');
  const caller = loop.contextFor(principal, causeOf(object), context.signal);
  await context.failpoints.reach(`${orderObjectLoop}.before-${step}`);
  try {
    if (wish.action === 'CREATE') {
      makeOrderFor(caller, (orderId) => store.claim(identity, orderId, digestOf(spec), context.fence));
      await callMutation('createReleaseOrder', await orderInputOf(spec, place, caller), caller);
    } else if (order) await act(wish, order, spec, caller);
  } catch (error) {
    const refusal = refusalOf(error);
    if (!refusal) throw error;
    await store.refuse(identity, { ...refusal, key, count: count + 1, at: context.clock.now() }, context.fence);
  }
  await context.failpoints.reach(`${orderObjectLoop}.after-${step}`);
  return again(0);
}

function act(
  wish: ActionWish,
  order: SeenOrder,
  spec: OrderSpec,
  caller: RequestContext,
): Promise<MutationSuccess<unknown>> {
  const id = idOfOrder(order.id);
  const { acknowledge } = spec;
  switch (wish.action) {
    case 'START':
      return callMutation('startReleaseOrder', { id }, caller);
    case 'CONFIRM':
      return callMutation('confirmReleaseOrder', { id, groupIds: wish.groupIds?.map(idOfGroup) }, caller);
    case 'CANCEL':
      return callMutation('cancelReleaseOrder', { id, acknowledge }, caller);
    case 'ROLL_BACK':
      return callMutation('rollBackReleaseOrder', { id, confirm: spec.rollback?.confirm }, caller);
    case 'CONFIRM_ROLLBACK':
      return callMutation('confirmReleaseOrder', { id, rollback: true }, caller);
  }
}

/** Writes how it stands, if that is news and not too soon, and says when to look again. */
async function tell(
  object: Found,
  said: {
    readonly order?: SeenOrder | undefined;
    readonly deletedOrderId?: string;
    readonly refusal?: Refusal | undefined;
    /** When something else has to be looked at. */
    readonly untilMs?: number;
  },
  { loop, cluster, context }: Work,
): Promise<ReconcileResult> {
  const now = context.clock.now();
  const { order, deletedOrderId, refusal } = said;
  const generation = object.metadata.generation ?? 0;
  const status = statusOf({ generation, order, deletedOrderId, refusal, now }, object.status);
  const inMs = writeInMs(object.status, status, now);
  if (inMs === 0) {
    try {
      await writeObjectStatus(object, status, loop, cluster, context);
    } catch (error) {
      // Gone, or another one: the next look sees it.
      if (!(error instanceof AnswerError) || (error.code !== 'CONFLICT' && error.code !== 'NOT_FOUND')) throw error;
      return again(lagMs);
    }
  }
  const looks = [said.untilMs, order && lookAgainMs(order.state), inMs === 0 ? undefined : inMs];
  const soonest = Math.min(...looks.filter((each) => each !== undefined));
  return Number.isFinite(soonest) ? again(soonest) : settled;
}
