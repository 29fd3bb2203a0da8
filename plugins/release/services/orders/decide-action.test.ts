import { PreconditionError } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import type { ServiceReleaseState } from '../../api.ts';
import { ann } from '../../testing/play-orders.ts';
import {
  type ActionContext,
  decideAction,
  planOrderAction,
  type ReleaseAction,
  releaseActions,
} from './decide-action.ts';
import type { GroupRow, ReleaseRow, ReleaseView, TaskRow } from './model.ts';

const moment = new Date('2026-06-01T00:00:00Z');
const now = moment.getTime() + 1_000;

/** Every state of a release, with what its rows are like then. */
const states: Readonly<
  Record<ServiceReleaseState, { readonly group?: GroupRow['state']; readonly task?: TaskRow['state'] }>
> = {
  READY: {},
  WAITING: {},
  PRE_TASKS: {},
  GROUPS: { group: 'RUNNING' },
  PAUSED: { group: 'WAITING_CONFIRM' },
  POST_TASKS: { group: 'SUCCEEDED' },
  SUCCEEDED: { group: 'SUCCEEDED' },
  FAILED: { group: 'FAILED', task: 'FAILED' },
  CANCELLED: { group: 'CANCELLED' },
  ROLLING_BACK: { group: 'CANCELLED' },
  ROLLBACK_TASKS: { group: 'CANCELLED' },
  ROLLBACK_PENDING_CONFIRM: { group: 'CANCELLED' },
  ROLLED_BACK: { group: 'CANCELLED' },
  ROLLBACK_FAILED: { group: 'CANCELLED', task: 'FAILED' },
};

/** What each action makes of a release in each state: everything that is not here is refused, and writes nothing (P15). */
const outcomes: Readonly<Record<ReleaseAction, Partial<Record<ServiceReleaseState, ServiceReleaseState>>>> = {
  START: { READY: 'WAITING' },
  CANCEL: { READY: 'CANCELLED', WAITING: 'CANCELLED', PAUSED: 'CANCELLED' },
  CONFIRM: { PAUSED: 'GROUPS' },
  RETRY: { FAILED: 'GROUPS', ROLLBACK_FAILED: 'ROLLBACK_TASKS' },
  IGNORE_TASK: { FAILED: 'GROUPS', ROLLBACK_FAILED: 'ROLLBACK_TASKS' },
  ROLL_BACK: {
    PRE_TASKS: 'ROLLING_BACK',
    GROUPS: 'ROLLING_BACK',
    PAUSED: 'ROLLING_BACK',
    POST_TASKS: 'ROLLING_BACK',
    FAILED: 'ROLLING_BACK',
    SUCCEEDED: 'ROLLING_BACK',
  },
  CONFIRM_ROLLBACK: { ROLLBACK_PENDING_CONFIRM: 'ROLLED_BACK' },
  ABANDON_ROLLBACK: { ROLLBACK_FAILED: 'CANCELLED' },
};

function viewIn(state: ServiceReleaseState): ReleaseView {
  const { group, task } = states[state];
  const release = { id: 'r', serviceId: 's', versionId: 'v2', state, groupPosition: 0, since: moment, rollback: null };
  const rollbackPhase = state === 'ROLLBACK_FAILED' ? 'ROLLBACK_POST' : 'GROUP';
  return {
    release: release as ReleaseRow,
    groups: [
      { position: 0, state: group ?? 'PENDING', isBeta: true } as GroupRow,
      { position: 1, state: 'PENDING' } as GroupRow,
    ],
    tasks: task ? [{ id: 't', state: task, phase: rollbackPhase, groupPosition: 0 } as TaskRow] : [],
    siblings: [],
  };
}

const context: ActionContext = {
  actor: ann,
  now,
  service: {
    name: 'front',
    releaseId: null,
    currentVersionId: 'v2',
    deletion: null,
    deletedAt: null,
    owner: null,
    operators: [],
    cluster: 'c',
    namespace: 'n',
  },
  mayCancelWhilePaused: true,
  rollback: { outcome: 'TO_PREVIOUS', previous: { versionId: 'v1' } as never },
  taskId: 't',
};

const cells = releaseActions.flatMap((action) =>
  (Object.keys(states) as ServiceReleaseState[]).map(
    (state) => [action, state, outcomes[action][state] ?? 'refused'] as const,
  ),
);

describe('every action in every state (P15, REL-22, REL-32 to REL-35)', () => {
  it.each(cells)('%s of a release that is %s: %s', (action, state, expected) => {
    const decide = () => decideAction(action, viewIn(state), context);
    if (expected === 'refused') {
      expect(decide).toThrow(PreconditionError);
      return;
    }
    const { release, events } = decide();
    expect(release).toMatchObject({ state: expected, actor: ann });
    expect(events?.length).toBeGreaterThan(0);
  });

  it('does not cancel a release that waits where the profile has it so (REL-32, CON-29)', () => {
    const strict = { ...context, mayCancelWhilePaused: false };
    expect(() => decideAction('CANCEL', viewIn('PAUSED'), strict)).toThrow('was started already');
    expect(decideAction('CANCEL', viewIn('WAITING'), strict).release).toMatchObject({ state: 'CANCELLED' });
  });

  it('goes back from a success only while that is what runs, and no other release has it', () => {
    const rollBack = (service: Partial<ActionContext['service']>) => () =>
      decideAction('ROLL_BACK', viewIn('SUCCEEDED'), { ...context, service: { ...context.service, ...service } });
    expect(rollBack({ currentVersionId: 'v3' })).toThrow('has another version by now');
    expect(rollBack({ deletedAt: new Date(now) })).toThrow('is deleted');
    expect(rollBack({ deletion: { actor: ann, deletesVolumes: false, requestedAt: '' } })).toThrow('is deleted');
    expect(rollBack({ releaseId: 'other' })).toThrow('is in another release');
    expect(rollBack({})().service).toMatchObject({ releaseId: 'r' });
  });

  it('ends a release that has nothing to go back to, and says why (CANCEL_ONLY, REL-34)', () => {
    const change = decideAction('ROLL_BACK', viewIn('FAILED'), {
      ...context,
      rollback: { outcome: 'CANCEL_ONLY', previous: null },
    });
    expect(change.release).toMatchObject({ state: 'CANCELLED', rollback: 'CANCEL_ONLY' });
    expect(change.service).toMatchObject({ releaseId: null });
  });
});

describe('an action on a whole order', () => {
  const plan = (action: ReleaseAction, ...of: readonly ServiceReleaseState[]) =>
    planOrderAction(
      action,
      of.map((state) => ({ view: viewIn(state), context })),
    ).map((each) => each.action);

  it.each<[ReleaseAction, readonly ServiceReleaseState[], readonly ReleaseAction[]]>([
    ['START', ['READY', 'SUCCEEDED'], ['START']],
    ['CONFIRM', ['PAUSED', 'GROUPS', 'PAUSED'], ['CONFIRM', 'CONFIRM']],
    ['ROLL_BACK', ['FAILED', 'WAITING', 'READY', 'SUCCEEDED'], ['ROLL_BACK', 'CANCEL', 'CANCEL', 'ROLL_BACK']],
    ['CANCEL', ['READY', 'WAITING', 'SUCCEEDED'], ['CANCEL', 'CANCEL']],
    ['RETRY', ['FAILED', 'SUCCEEDED'], ['RETRY']],
  ])('%s of %j is %j', (action, of, expected) => {
    expect(plan(action, ...of)).toEqual(expected);
  });

  it.each<[ReleaseAction, readonly ServiceReleaseState[]]>([
    ['CANCEL', ['READY', 'GROUPS']],
    ['CANCEL', ['FAILED', 'WAITING']],
    ['START', ['SUCCEEDED']],
    ['ROLL_BACK', ['READY', 'WAITING']],
    ['CONFIRM', ['GROUPS']],
    ['RETRY', ['PAUSED']],
    ['START', []],
  ])('%s of %j is refused', (action, of) => {
    expect(() => plan(action, ...of)).toThrow(PreconditionError);
  });
});
