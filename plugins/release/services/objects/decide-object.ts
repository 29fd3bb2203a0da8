import type { OrderState, ServiceReleaseState } from '../../api.ts';
import { hasEnded } from '../orders/order-state.ts';
import { confirmedGroupsOf, type OrderSpec } from './order-object.ts';
import type { Refusal } from './refusal.ts';

/** The release of one service as this loop sees it. */
export interface SeenRelease {
  readonly id: string;
  readonly appService: string;
  readonly version: number;
  readonly state: ServiceReleaseState;
  readonly reason: string | null;
  /** From 0. */
  readonly groupPosition: number;
  readonly groups: number;
  /** The group that it waits for somebody to confirm, if it does. */
  readonly waitingGroup: { readonly id: string; readonly position: number } | undefined;
  readonly updatedPods: number;
  readonly totalPods: number;
}

export interface SeenOrder {
  readonly id: string;
  readonly state: OrderState;
  readonly reason: string | null;
  /** One more with each change of its state. */
  readonly version: number;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly releases: readonly SeenRelease[];
}

export type ObjectAction = 'START' | 'CONFIRM' | 'CANCEL' | 'ROLL_BACK' | 'CONFIRM_ROLLBACK';

/** What is to be done for an object next, what stands against what it wants, or nothing. */
export type Wish =
  | { readonly is: 'done' }
  | { readonly is: 'refused'; readonly refusal: Refusal }
  | { readonly is: 'action'; readonly action: ObjectAction; readonly groupIds?: readonly string[] };

const done: Wish = { is: 'done' };
const refused = (code: string, message: string): Wish => ({ is: 'refused', refusal: { code, message } });
const action = (name: ObjectAction, groupIds?: readonly string[]): Wish => ({
  ...{ is: 'action', action: name },
  ...(groupIds ? { groupIds } : {}),
});

const mayCancel: ReadonlySet<OrderState> = new Set(['INITIALIZING', 'INIT_FAILED', 'READY', 'PAUSED']);
const isBegun: ReadonlySet<OrderState> = new Set(['RUNNING', 'PAUSED', 'FAILED', 'SUCCEEDED']);
const onWayBack: ReadonlySet<OrderState> = new Set(['ROLLING_BACK', 'ROLLBACK_FAILED', 'ROLLED_BACK', 'CANCELLED']);

/**
 * What the spec of an object wants of its order as that is now: levels, not edges, so that it comes to the same however often it is
 * looked at, and what was done is not done again. `isAsMade`: the order is made of what the spec says now. Pure.
 */
export function wishOf(spec: OrderSpec, order: SeenOrder, isAsMade: boolean): Wish {
  if (spec.cancelled) return cancelWish(order);
  if (spec.rollback) return rollbackWish(order, spec.rollback.confirmed);
  if (!isAsMade) {
    return refused(
      'SPEC_CHANGED',
      'The order was made of another spec: title, services, units and betaGroup stay as they were. Another order is another object.',
    );
  }
  if (hasEnded(order.state)) return done;
  if (spec.start && order.state === 'READY') return action('START');
  const confirmed = order.releases.flatMap(({ waitingGroup, appService }) =>
    waitingGroup && waitingGroup.position < confirmedGroupsOf(spec, appService) ? [waitingGroup.id] : [],
  );
  return confirmed.length === 0 ? done : action('CONFIRM', confirmed);
}

function cancelWish({ state }: SeenOrder): Wish {
  if (state === 'CANCELLED') return done;
  if (mayCancel.has(state)) return action('CANCEL');
  return hasEnded(state)
    ? refused('RELEASE_STATE', `The order has ended, it is ${state}: there is nothing to cancel.`)
    : refused('RELEASE_STATE', `The order is ${state}: it is cancelled once it waits, or rolled back.`);
}

function rollbackWish({ state }: SeenOrder, isConfirmed: boolean): Wish {
  if (state === 'ROLLBACK_PENDING_CONFIRM') return isConfirmed ? action('CONFIRM_ROLLBACK') : done;
  if (onWayBack.has(state)) return done;
  if (isBegun.has(state)) return action('ROLL_BACK');
  return refused('RELEASE_STATE', `The order is ${state}: nothing of it was begun that could be taken back.`);
}

/** What was tried on what: what was refused is tried again once one of the two has changed. */
export const keyOfWish = (
  { action: name, groupIds = [] }: Extract<Wish, { is: 'action' }>,
  generation: number,
  { version }: SeenOrder,
): string => [name, generation, version, ...groupIds].join('/');

/** How soon an order is looked at although nothing has woken its object, in ms; undefined for one that has ended. */
export function lookAgainMs(state: OrderState): number | undefined {
  if (hasEnded(state)) return undefined;
  // Planning wakes nobody.
  if (state === 'INITIALIZING') return 1_000;
  return state === 'INIT_FAILED' ? 30_000 : 120_000;
}
