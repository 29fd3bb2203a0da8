import { isDeepStrictEqual } from 'node:util';
import type { OrderState } from '../../api.ts';
import { progressOf } from '../orders/order-progress.ts';
import { idOfOrder } from '../subjects.ts';
import type { SeenOrder, SeenRelease } from './decide-object.ts';
import type { ObjectCondition, ObjectServiceStatus, ObjectStatus } from './order-object.ts';
import type { Refusal } from './refusal.ts';

/** How an object stands: its order, and what stands against what it wants. */
export interface Standing {
  readonly generation: number;
  readonly order: SeenOrder | undefined;
  /** Id of an order that was made of it and is deleted by now. */
  readonly deletedOrderId: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly now: number;
}

const moving: ReadonlySet<OrderState> = new Set(['INITIALIZING', 'RUNNING', 'ROLLING_BACK']);
/** Somebody has to decide, and no confirmation is meant. */
const stuck: ReadonlySet<OrderState> = new Set(['INIT_FAILED', 'FAILED', 'ROLLBACK_FAILED']);
const over: ReadonlySet<OrderState> = new Set(['CANCELLED', 'ROLLED_BACK']);

/** What the status of an object should say. Pure; `before` is what it says, for the moments of its conditions. */
export function statusOf(standing: Standing, before: ObjectStatus | undefined): ObjectStatus {
  const { generation, order, deletedOrderId, refusal, now } = standing;
  const orderId = order?.id ?? deletedOrderId;
  const phase = order?.state ?? (deletedOrderId === undefined ? 'REFUSED' : 'DELETED');
  return {
    observedGeneration: generation,
    ...(orderId === undefined ? {} : { orderId: idOfOrder(orderId) }),
    phase,
    ...(order ? ofOrder(order) : {}),
    updatedAt: new Date(now).toISOString(),
    conditions: conditionsOf(standing, phase).map((condition): ObjectCondition => {
      const known = before?.conditions?.find(({ type }) => type === condition.type);
      const since = known?.status === condition.status ? known.lastTransitionTime : new Date(now).toISOString();
      return { ...condition, observedGeneration: generation, lastTransitionTime: since };
    }),
    ...(refusal && !order ? { reason: refusal.message } : {}),
  };
}

function ofOrder({ reason, startedAt, finishedAt, releases }: SeenOrder) {
  const { updatedPods, totalPods, percent } = progressOf(releases);
  return {
    ...(reason === null ? {} : { reason }),
    ...{ updatedPods, totalPods },
    ...(percent === null ? {} : { percent }),
    ...(startedAt ? { startedAt: startedAt.toISOString() } : {}),
    ...(finishedAt ? { finishedAt: finishedAt.toISOString() } : {}),
    services: releases.map(ofRelease),
  };
}

function ofRelease(release: SeenRelease): ObjectServiceStatus {
  const { appService, version, state, reason, groupPosition, groups } = release;
  const { percent } = progressOf([release]);
  return {
    ...{ appService, version, state },
    ...(groups === 0 ? {} : { group: Math.min(groupPosition + 1, groups), groups }),
    ...(percent === null ? {} : { percent }),
    ...(reason === null ? {} : { reason: reason.slice(0, 2_000) }),
  };
}

type Said = Pick<ObjectCondition, 'type' | 'status' | 'reason' | 'message'>;

function conditionsOf({ order, refusal }: Standing, phase: string): readonly Said[] {
  const said = (type: Said['type'], holds: boolean | undefined, reason: string, message = ''): Said => ({
    ...{ type, reason, message },
    status: holds === undefined ? 'Unknown' : holds ? 'True' : 'False',
  });
  const because = order?.reason ?? '';
  const isAccepted = phase !== 'REFUSED';
  const hasEndedOtherwise =
    phase === 'DELETED' || (order !== undefined && (over.has(order.state) || stuck.has(order.state)));
  return [
    isAccepted
      ? said('Accepted', true, 'ORDER_MADE')
      : said('Accepted', false, refusal?.code ?? 'PENDING', refusal?.message),
    refusal
      ? said('InSync', false, refusal.code, refusal.message)
      : said('InSync', isAccepted, isAccepted ? 'AS_WANTED' : 'PENDING'),
    said('Progressing', order !== undefined && moving.has(order.state), phase),
    said('Ready', hasEndedOtherwise || !isAccepted ? false : order?.state === 'SUCCEEDED', phase, because),
    said('Stalled', !isAccepted || (order !== undefined && stuck.has(order.state)), phase, because || refusal?.message),
  ];
}

/** Changes of what a service does are gathered so long, and those of mere numbers so long, in ms: a big order must not write at each pod. */
const gatherMs = 1_000;
const gatherNumbersMs = 10_000;

/**
 * When a status is to be written that differs from what the object says: at once where the order itself has changed or something was
 * refused. Undefined where nothing differs. Pure.
 */
export function writeInMs(before: ObjectStatus | undefined, after: ObjectStatus, now: number): number | undefined {
  if (!before || !isDeepStrictEqual(headOf(before), headOf(after))) return 0;
  const age = now - Date.parse(before.updatedAt ?? '');
  const within = (pause: number) => (age >= 0 && age < pause ? pause - age : 0);
  if (!isDeepStrictEqual(statesOf(before), statesOf(after))) return within(gatherMs);
  return isDeepStrictEqual(numbersOf(before), numbersOf(after)) ? undefined : within(gatherNumbersMs);
}

const headOf = ({ observedGeneration, orderId, phase, reason, startedAt, finishedAt, conditions }: ObjectStatus) => ({
  ...{ observedGeneration, orderId, phase, reason, conditions },
  // A cluster may keep moments without milliseconds.
  ...{ startedAt: seconds(startedAt), finishedAt: seconds(finishedAt) },
});
const seconds = (moment: string | undefined) =>
  moment === undefined ? undefined : Math.floor(Date.parse(moment) / 1_000);
const statesOf = ({ services = [] }: ObjectStatus) => services.map(({ percent: _percent, ...rest }) => rest);
const numbersOf = ({ updatedPods, totalPods, percent, services = [] }: ObjectStatus) => ({
  ...{ updatedPods, totalPods, percent },
  services: services.map((service) => service.percent),
});

/** The merge patch that makes of one status the other: what is not said any more is taken away. */
export function statusPatch(before: ObjectStatus | undefined, after: ObjectStatus): object {
  const gone = Object.keys(before ?? {}).filter((key) => !(key in after));
  return { status: { ...after, ...Object.fromEntries(gone.map((key) => [key, null])) } };
}

/** What an Event says of the change from one status to the other; undefined where people need not be told. */
export function newsOf(
  before: ObjectStatus | undefined,
  after: ObjectStatus,
): { readonly type: 'Normal' | 'Warning'; readonly reason: string; readonly message: string } | undefined {
  const find = (status: ObjectStatus | undefined, type: ObjectCondition['type']) =>
    status?.conditions?.find((each) => each.type === type);
  const sync = find(after, 'InSync');
  const was = find(before, 'InSync');
  if (
    sync?.status === 'False' &&
    (was?.status !== 'False' || was.reason !== sync.reason || was.message !== sync.message)
  ) {
    return { type: 'Warning', reason: sync.reason, message: sync.message };
  }
  if (before?.phase === after.phase) return undefined;
  const isBad = find(after, 'Stalled')?.status === 'True';
  const of = after.reason === undefined ? '' : `: ${after.reason}`;
  return {
    type: isBad ? 'Warning' : 'Normal',
    reason: after.phase,
    message: `The release order is ${after.phase}${of}`,
  };
}
