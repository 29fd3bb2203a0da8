import type { OrderState, ServiceReleaseState } from '../../api.ts';
import type { Sibling } from './model.ts';

/** States from which a release goes on by itself. */
const active: ReadonlySet<ServiceReleaseState> = new Set(['PRE_TASKS', 'GROUPS', 'POST_TASKS']);
export const rollingBackNow: ReadonlySet<ServiceReleaseState> = new Set(['ROLLING_BACK', 'ROLLBACK_TASKS']);
/** What those that depend on a release wait for: a service that was taken out of the order is waited for no more (REL-32). */
export const satisfied: ReadonlySet<ServiceReleaseState> = new Set(['SUCCEEDED', 'CANCELLED']);

/** Whether all that a release depends on is done. */
export function canBegin(release: Pick<Sibling, 'dependsOn'>, siblings: readonly Sibling[]): boolean {
  return release.dependsOn.every((id) => {
    const found = siblings.find((each) => each.id === id);
    return found === undefined || satisfied.has(found.state);
  });
}

/** Whether nothing that depends on a release is still on its way back: rollbacks go the other way round. */
export function canGoBack(release: Pick<Sibling, 'id'>, siblings: readonly Sibling[]): boolean {
  return !siblings.some(({ dependsOn, state }) => dependsOn.includes(release.id) && rollingBackNow.has(state));
}

/** What the state of an order is made of: no more than that, whatever the number of its releases. */
export interface OrderFacts {
  /** States that some of its releases are in. */
  readonly states: ReadonlySet<ServiceReleaseState>;
  /** Whether one of those that are WAITING could begin. */
  readonly canSomeBegin: boolean;
}

/** Whether something of the order moves that does not wait for any other. */
export const isMoving = (states: ReadonlySet<ServiceReleaseState>): boolean => !active.isDisjointFrom(states);

/**
 * The state of an order from its releases' (REL-22), once it is initialised. What goes on outweighs what waits for somebody, and that
 * what has ended; a release that waits for one that cannot go on does not go on either.
 */
export function orderStateOf({ states, canSomeBegin }: OrderFacts): OrderState {
  const has = (...wanted: readonly ServiceReleaseState[]) => wanted.some((state) => states.has(state));
  if (!rollingBackNow.isDisjointFrom(states)) return 'ROLLING_BACK';
  if (has('ROLLBACK_FAILED')) return 'ROLLBACK_FAILED';
  if (isMoving(states) || canSomeBegin) return 'RUNNING';
  if (has('FAILED')) return 'FAILED';
  if (has('PAUSED')) return 'PAUSED';
  if (has('ROLLBACK_PENDING_CONFIRM')) return 'ROLLBACK_PENDING_CONFIRM';
  // Some were started alone, and have ended or wait for others that nobody has started yet.
  if (has('READY')) return has('SUCCEEDED', 'WAITING') ? 'PAUSED' : 'READY';
  if (has('WAITING')) return 'PAUSED';
  if (has('ROLLED_BACK')) return 'ROLLED_BACK';
  return has('SUCCEEDED') ? 'SUCCEEDED' : 'CANCELLED';
}

const ended: ReadonlySet<OrderState> = new Set(['SUCCEEDED', 'CANCELLED', 'ROLLED_BACK']);

export const hasEnded = (state: OrderState): boolean => ended.has(state);
