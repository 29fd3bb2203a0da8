import type { OrderState, ServiceReleaseState } from '../../api.ts';
import type { Sibling } from './model.ts';

/** States from which a release goes on by itself. */
const active: ReadonlySet<ServiceReleaseState> = new Set(['PRE_TASKS', 'GROUPS', 'POST_TASKS']);
export const rollingBackNow: ReadonlySet<ServiceReleaseState> = new Set(['ROLLING_BACK', 'ROLLBACK_TASKS']);
/** What those that depend on a release wait for: a service that was taken out of the order is waited for no more (REL-32). */
const satisfied: ReadonlySet<ServiceReleaseState> = new Set(['SUCCEEDED', 'CANCELLED']);

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

/**
 * The state of an order from its releases' (REL-22), once it is initialised. What goes on outweighs what waits for somebody, and that
 * what has ended; a release that waits for one that cannot go on does not go on either.
 */
export function orderStateOf(releases: readonly Sibling[]): OrderState {
  const has = (...states: readonly ServiceReleaseState[]) => releases.some(({ state }) => states.includes(state));
  if (releases.some(({ state }) => rollingBackNow.has(state))) return 'ROLLING_BACK';
  if (has('ROLLBACK_FAILED')) return 'ROLLBACK_FAILED';
  const isMoving = releases.some(
    (release) => active.has(release.state) || (release.state === 'WAITING' && canBegin(release, releases)),
  );
  if (isMoving) return 'RUNNING';
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
