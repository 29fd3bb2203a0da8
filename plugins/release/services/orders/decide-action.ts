import { PreconditionError } from 'longshore/sdk';
import type { ReleaseActor, RollbackOutcome, ServiceReleaseState } from '../../api.ts';
import type { ReleaseTarget } from '../../engines/engine.ts';
import type { Change, ReleaseView, ServiceRow } from './model.ts';
import { rollingBackNow } from './order-state.ts';

/** What people do to a release, or to all of an order (P15). */
export const releaseActions = [
  'START',
  'CANCEL',
  'CONFIRM',
  'RETRY',
  'IGNORE_TASK',
  'ROLL_BACK',
  'CONFIRM_ROLLBACK',
  'ABANDON_ROLLBACK',
] as const;
export type ReleaseAction = (typeof releaseActions)[number];

const moving = ['PRE_TASKS', 'GROUPS', 'POST_TASKS'] as const;

/**
 * In which states of a release each action may be taken: the whole table, everything else is refused and writes nothing. CANCEL in
 * PAUSED is for the profile to say (`release.cancelWhilePaused`). ROLL_BACK beside FAILED (REL-34) is offered wherever something was begun: who sees a bad
 * release must not have to wait until it has failed.
 */
export const allowedIn: Readonly<Record<ReleaseAction, readonly ServiceReleaseState[]>> = {
  START: ['READY'],
  CANCEL: ['READY', 'WAITING', 'PAUSED'],
  CONFIRM: ['PAUSED'],
  RETRY: ['FAILED', 'ROLLBACK_FAILED'],
  IGNORE_TASK: ['FAILED', 'ROLLBACK_FAILED'],
  ROLL_BACK: [...moving, 'PAUSED', 'FAILED', 'SUCCEEDED'],
  CONFIRM_ROLLBACK: ['ROLLBACK_PENDING_CONFIRM'],
  ABANDON_ROLLBACK: ['ROLLBACK_FAILED'],
};

/** Where a rollback would lead (REL-34), as the history of the service has it. */
export interface RollbackPlan {
  readonly outcome: RollbackOutcome;
  /** What the cluster is to have again; null for TO_EMPTY and CANCEL_ONLY. */
  readonly previous: ReleaseTarget | null;
}

export interface ActionContext {
  readonly actor: ReleaseActor;
  readonly now: number;
  readonly service: Pick<
    ServiceRow,
    | 'name'
    | 'releaseId'
    | 'currentVersionId'
    | 'deletion'
    | 'deletedAt'
    | 'owner'
    | 'operators'
    | 'cluster'
    | 'namespace'
  >;
  readonly mayCancelWhilePaused: boolean;
  readonly rollback: RollbackPlan;
  /** Of IGNORE_TASK. */
  readonly taskId?: string | undefined;
}

/** Why an action cannot be taken now; undefined where it can. */
export function objectionTo(action: ReleaseAction, view: ReleaseView, context: ActionContext): string | undefined {
  const { release } = view;
  const { name } = context.service;
  if (!allowedIn[action].includes(release.state)) return `'${name}' is ${release.state}`;
  if (action === 'CANCEL' && release.state === 'PAUSED' && !context.mayCancelWhilePaused) {
    return `'${name}' was started already`;
  }
  if (action === 'ROLL_BACK' && release.state === 'SUCCEEDED') {
    if (context.service.deletion ?? context.service.deletedAt) return `'${name}' is deleted`;
    if (context.service.releaseId !== null) return `'${name}' is in another release`;
    if (context.service.currentVersionId !== release.versionId) return `'${name}' has another version by now`;
  }
  if (action === 'IGNORE_TASK') {
    const task = view.tasks.find(({ id }) => id === context.taskId);
    if (task?.state !== 'FAILED') return `there is no such task of '${name}' that has failed`;
  }
  return undefined;
}

/** What an action makes of a release. Pure. Throws `PreconditionError` RELEASE_STATE where it cannot be taken now. */
export function decideAction(action: ReleaseAction, view: ReleaseView, context: ActionContext): Change {
  const objection = objectionTo(action, view, context);
  if (objection !== undefined) refuse(action, objection);
  const { actor, now } = context;
  const moment = new Date(now);
  const change = changes[action](view, context, moment);
  return { ...change, release: { ...change.release, actor } };
}

/** A release of the order with what an action on it is decided on. */
export interface ActionEntry {
  readonly view: ReleaseView;
  readonly context: ActionContext;
}

/** States in which a release keeps its whole order from being cancelled: something was begun that has not ended (REL-32). */
const keepsFromCancelling = new Set<ServiceReleaseState>([
  ...moving,
  'FAILED',
  'ROLLING_BACK',
  'ROLLBACK_TASKS',
  'ROLLBACK_PENDING_CONFIRM',
  'ROLLBACK_FAILED',
]);

/**
 * What an action on a whole order is for each of its releases: it is done to those that it can be done to, and refused where that is none.
 * A whole order that goes back ends what was not begun.
 */
export function planOrderAction(
  action: ReleaseAction,
  entries: readonly ActionEntry[],
): readonly { readonly entry: ActionEntry; readonly action: ReleaseAction }[] {
  const objections: string[] = [];
  const planned = entries.flatMap((entry) => {
    const { view, context } = entry;
    if (action === 'CANCEL' && keepsFromCancelling.has(view.release.state)) {
      refuse(action, `'${context.service.name}' is ${view.release.state}`);
    }
    const isUnbegun = view.release.state === 'READY' || view.release.state === 'WAITING';
    const wanted = action === 'ROLL_BACK' && isUnbegun ? 'CANCEL' : action;
    const objection = objectionTo(wanted, view, context);
    if (objection === undefined) return [{ entry, action: wanted }];
    objections.push(objection);
    return [];
  });
  if (!planned.some((each) => each.action === action)) refuse(action, objections[0] ?? 'nothing of the order is begun');
  return planned;
}

function refuse(action: ReleaseAction, why: string): never {
  throw new PreconditionError('RELEASE_STATE', `${action} is not possible: ${why}.`);
}

type Decide = (view: ReleaseView, context: ActionContext, moment: Date) => Change;

const changes: Readonly<Record<ReleaseAction, Decide>> = {
  START: (_view, _context, since) => ({
    release: { state: 'WAITING', since },
    service: { lastReleaseState: 'WAITING' },
    events: [{ kind: 'STARTED', message: 'It was started.' }],
  }),
  CANCEL: (view, _context, moment) => cancelled(view, 'It was cancelled.', moment),
  CONFIRM({ release, groups }, _context, moment) {
    const { groupPosition: position } = release;
    const next = position + 1;
    return {
      release: { state: 'GROUPS', groupPosition: next, since: moment },
      service: { lastReleaseState: 'GROUPS' },
      groups: [
        { position, set: { state: 'SUCCEEDED', confirmedBy: _context.actor.id } },
        ...(groups[next] ? [{ position: next, set: { state: 'RUNNING' as const, startedAt: moment } }] : []),
      ],
      events: [{ kind: 'CONFIRMED', message: 'It was confirmed.', groupPosition: position }],
    };
  },
  RETRY: (view, _context, moment) => goOn(view, moment, 'RETRIED', 'It is tried again.'),
  IGNORE_TASK(view, { taskId }, moment) {
    const ignored = { id: taskId ?? '', set: { state: 'IGNORED' as const, finishedAt: moment } };
    const change = goOn(view, moment, 'IGNORED', 'A task that failed is ignored.');
    return { ...change, tasks: [...(change.tasks ?? []).filter(({ id }) => id !== taskId), ignored] };
  },
  ROLL_BACK(view, { rollback }, moment) {
    if (rollback.outcome === 'CANCEL_ONLY') {
      const message = 'There is no other version to go back to: its release ends.';
      return {
        ...cancelled(view, message, moment),
        release: { ...cancelled(view, message, moment).release, rollback: 'CANCEL_ONLY' },
      };
    }
    return {
      release: {
        state: 'ROLLING_BACK',
        rollback: rollback.outcome,
        previous: rollback.previous,
        since: moment,
        updatedPods: 0,
        reason: null,
        finishedAt: null,
      },
      service: { lastReleaseState: 'ROLLING_BACK', releaseId: view.release.id },
      groups: view.groups
        .filter(({ state }) => state === 'RUNNING' || state === 'WAITING_CONFIRM' || state === 'PENDING')
        .map(({ position }) => ({ position, set: { state: 'CANCELLED' as const } })),
      events: [{ kind: 'ROLLBACK_STARTED', message: 'It goes back.' }],
    };
  },
  CONFIRM_ROLLBACK: ({ release }, _context, moment) => ({
    release: { state: 'ROLLED_BACK', finishedAt: moment, since: moment },
    service: {
      releaseId: null,
      lastReleaseState: 'ROLLED_BACK',
      currentVersionId: release.rollback === 'TO_PREVIOUS' ? (release.previous?.versionId ?? null) : null,
    },
    events: [{ kind: 'CONFIRMED', message: 'The rollback was confirmed.' }],
  }),
  ABANDON_ROLLBACK: (view, _context, moment) => ({
    ...cancelled(view, 'The rollback was given up; several versions may be online.', moment),
    events: [{ kind: 'ROLLBACK_ABANDONED', message: 'The rollback was given up; several versions may be online.' }],
  }),
};

/** The release ends where it is: nothing of the cluster is touched (T12). */
function cancelled({ groups }: ReleaseView, message: string, moment: Date): Change {
  return {
    release: { state: 'CANCELLED', finishedAt: moment, since: moment },
    service: { releaseId: null, lastReleaseState: 'CANCELLED' },
    groups: groups
      .filter(({ state }) => state !== 'SUCCEEDED')
      .map(({ position }) => ({ position, set: { state: 'CANCELLED' as const } })),
    events: [{ kind: 'CANCELLED', message }],
  };
}

/** Back to where it failed. */
function goOn(view: ReleaseView, moment: Date, kind: 'RETRIED' | 'IGNORED', message: string): Change {
  const { release, groups, tasks } = view;
  const failedTask = tasks.find(({ state }) => state === 'FAILED');
  const failedGroup = groups.find(({ state }) => state === 'FAILED');
  const state = whereItFailed(view);
  return {
    release: { state, reason: null, since: moment },
    service: { lastReleaseState: state },
    ...(failedTask ? { tasks: [{ id: failedTask.id, set: { state: 'PENDING' as const, reason: null } }] } : {}),
    ...(failedGroup && !rollingBackNow.has(state)
      ? {
          groups: [
            { position: failedGroup.position, set: { state: 'RUNNING' as const, reason: null, retriedAt: moment } },
          ],
        }
      : {}),
    events: [{ kind, message, ...(failedGroup ? { groupPosition: release.groupPosition } : {}) }],
  };
}

function whereItFailed({ release, groups, tasks }: ReleaseView): ServiceReleaseState {
  const failed = tasks.find(({ state }) => state === 'FAILED')?.phase;
  if (release.state === 'ROLLBACK_FAILED') return failed === 'ROLLBACK_POST' ? 'ROLLBACK_TASKS' : 'ROLLING_BACK';
  if (failed === 'PRE') return 'PRE_TASKS';
  if (failed === 'POST') return 'POST_TASKS';
  if (failed === 'GROUP' || groups.some(({ state }) => state === 'FAILED')) return 'GROUPS';
  // It failed for want of somebody in whose name to go on, between two steps.
  if (groups.every(({ state }) => state === 'PENDING')) return 'PRE_TASKS';
  return groups.some(({ state }) => state !== 'SUCCEEDED') ? 'GROUPS' : 'POST_TASKS';
}
