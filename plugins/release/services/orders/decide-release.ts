import type { EngineWrite, Observed, ReleaseEngine, ReleaseTarget, Wanted } from '../../engines/engine.ts';
import type { TaskLook } from '../tasks/task-look.ts';
import type { Change, GroupRow, ReleaseView, TaskRow } from './model.ts';
import { canBegin, canGoBack } from './order-state.ts';
import { type UnitProgress, unitProgress } from './pod-states.ts';

/** What comes next in a release. */
export type Move =
  /** Nothing until somebody or another release wakes it. */
  | { readonly do: 'rest' }
  | { readonly do: 'wait'; readonly afterMs: number }
  | { readonly do: 'write'; readonly write: EngineWrite }
  | { readonly do: 'delete-pod'; readonly name: string; readonly uid: string }
  /** `isEnd`: it says that pods are as they were to be, which must not be said of an old look. */
  | { readonly do: 'change'; readonly change: Change; readonly isEnd?: true };

/** What was read for the step: nothing where the state needs nothing. */
export interface Seen {
  readonly units: Observed;
  readonly task: TaskLook | undefined;
}

export interface Limits {
  readonly podReadySeconds: number;
  readonly groupTimeoutSeconds: number;
}

export interface Situation {
  readonly view: ReleaseView;
  readonly seen: Seen;
  readonly engine: Pick<ReleaseEngine, 'next' | 'finish' | 'remove'>;
  readonly limits: Limits;
  readonly now: number;
}

/** How soon the cluster is looked at again by itself; news of pods wake a release earlier. */
const lookEveryMs = 5_000;
const rest: Move = { do: 'rest' };

const endedTasks = new Set<TaskRow['state']>(['SUCCEEDED', 'SKIPPED', 'IGNORED']);

/** The task that is under way or comes next; undefined where none is left that has to come before `until`. */
export function nextTask({ release, groups, tasks }: ReleaseView): TaskRow | undefined {
  const open = tasks.filter(({ state }) => !endedTasks.has(state));
  if (release.state === 'PRE_TASKS') return open.find(({ phase }) => phase === 'PRE');
  if (release.state === 'POST_TASKS') return open.find(({ phase }) => phase === 'POST');
  if (release.state === 'ROLLBACK_TASKS') return open.find(({ phase }) => phase === 'ROLLBACK_POST');
  if (release.state !== 'GROUPS') return undefined;
  const group = groups[release.groupPosition];
  return open.find(({ phase, groupPosition }) => phase === 'GROUP' && groupPosition === group?.position);
}

/** Whether the next step is decided on what the cluster has. */
export function needsCluster({ release }: Pick<ReleaseView, 'release'>): boolean {
  return ['PRE_TASKS', 'GROUPS', 'POST_TASKS', 'ROLLING_BACK', 'ROLLBACK_TASKS'].includes(release.state);
}

const goesBack = new Set<ReleaseView['release']['state']>([
  'ROLLING_BACK',
  'ROLLBACK_TASKS',
  'ROLLBACK_FAILED',
  'ROLLBACK_PENDING_CONFIRM',
  'ROLLED_BACK',
]);

/** What a release moves towards, or has come to: its target, or on the way back what ran before. */
export function goalOf({ release }: Pick<ReleaseView, 'release'>): ReleaseTarget | null {
  return goesBack.has(release.state) && release.rollback === 'TO_PREVIOUS' ? release.previous : release.target;
}

/**
 * The next step of one release (REL-22 to REL-35), decided on its rows and on what the cluster has. Pure: the same situation has the same
 * step, so whoever was killed before or behind a step finds the way from what is there.
 */
export function decideRelease(situation: Situation): Move {
  const { view, now } = situation;
  const { release } = view;
  switch (release.state) {
    case 'WAITING':
      if (!canBegin(release, view.siblings)) return rest;
      return change({
        release: { state: 'PRE_TASKS', startedAt: new Date(now), since: new Date(now), reason: null },
        service: { lastReleaseState: 'PRE_TASKS' },
        events: [{ kind: 'STARTED', message: 'Its release began.' }],
      });
    case 'PRE_TASKS':
      return decideTasks(situation, () => enterGroup(view, 0, now));
    case 'GROUPS':
      return decideGroup(situation);
    case 'POST_TASKS':
      return decideTasks(situation, () => succeed(situation));
    case 'ROLLING_BACK':
      return decideRollback(situation);
    case 'ROLLBACK_TASKS':
      return decideTasks(situation, () =>
        change({
          release: { state: 'ROLLBACK_PENDING_CONFIRM', since: new Date(now) },
          service: { lastReleaseState: 'ROLLBACK_PENDING_CONFIRM' },
          events: [{ kind: 'ROLLED_BACK', message: 'All is as it was before; this is to be confirmed.' }],
        }),
      );
    default:
      return rest;
  }
}

const change = (of: Change): Move => ({ do: 'change', change: of });
const end = (of: Change): Move => ({ do: 'change', change: of, isEnd: true });

function enterGroup(view: ReleaseView, position: number, now: number): Move {
  const moment = new Date(now);
  const group = view.groups[position];
  if (!group) return change({ release: { state: 'GROUPS', groupPosition: position, since: moment } });
  return change({
    release: { state: 'GROUPS', groupPosition: position, since: moment },
    groups: [{ position, set: { state: 'RUNNING', startedAt: moment } }],
    events: [{ kind: 'GROUP_STARTED', message: `${nameOfGroup(group)} began.`, groupPosition: position }],
  });
}

export const nameOfGroup = ({ isBeta, position }: Pick<GroupRow, 'isBeta' | 'position'>): string =>
  isBeta ? 'The beta group' : `Group ${position + 1}`;

/** The task that is next, if there is one; else what follows behind them. */
function decideTasks(situation: Situation, afterwards: () => Move, only?: (task: TaskRow) => boolean): Move {
  const { view, seen, now } = situation;
  const task = nextTask(view);
  if (!task || (only && !only(task))) return afterwards();
  const look = seen.task;
  if (!look || look.is === 'waiting') {
    return task.state === 'PENDING' ? change({ tasks: [begun(task, now)] }) : { do: 'wait', afterMs: lookEveryMs };
  }
  if (look.is === 'write') {
    if (task.state === 'PENDING') return change({ tasks: [begun(task, now)] });
    return { do: 'write', write: look.write };
  }
  if (look.is === 'failed') return failTask(situation, task, look.reason);
  const state = look.is === 'done' ? 'SUCCEEDED' : 'SKIPPED';
  return change({
    release: { since: new Date(now) },
    tasks: [{ id: task.id, set: { state, startedAt: task.startedAt ?? new Date(now), finishedAt: new Date(now) } }],
    // What had nothing to do is no news.
    events: state === 'SKIPPED' ? [] : [{ kind: 'TASK', message: `${task.kind} was done.` }],
  });
}

const begun = (task: TaskRow, now: number) => ({
  id: task.id,
  set: { state: 'RUNNING' as const, attempts: task.attempts + 1, startedAt: new Date(now), reason: null },
});

function failTask({ view, now }: Situation, task: TaskRow, reason: string): Move {
  const failed = { id: task.id, set: { state: 'FAILED' as const, reason, finishedAt: new Date(now) } };
  return view.release.state === 'ROLLBACK_TASKS'
    ? change({ ...rollbackFailed(reason, now), tasks: [failed] })
    : change({ ...failure(view, `${task.kind}: ${reason}`, now), tasks: [failed] });
}

/** What a failure makes of a release, whatever failed. Nothing of the cluster is touched. */
export function failure(view: Pick<ReleaseView, 'release' | 'groups'>, reason: string, now: number): Change {
  const { release, groups } = view;
  const group = release.state === 'GROUPS' ? groups[release.groupPosition] : undefined;
  return {
    release: { state: 'FAILED', reason, since: new Date(now) },
    service: { lastReleaseState: 'FAILED' },
    ...(group ? { groups: [{ position: group.position, set: { state: 'FAILED' as const, reason } }] } : {}),
    events: [{ kind: 'FAILED', message: reason, ...(group ? { groupPosition: group.position } : {}) }],
  };
}

export function rollbackFailed(reason: string, now: number): Change {
  return {
    release: { state: 'ROLLBACK_FAILED', reason, since: new Date(now) },
    service: { lastReleaseState: 'ROLLBACK_FAILED' },
    events: [{ kind: 'ROLLBACK_FAILED', message: reason }],
  };
}

/** How many pods of each unit shall be new by the end of a group; behind the last, all. */
export function wantedAt(view: Pick<ReleaseView, 'groups'>, position: number, units: Observed): Wanted {
  const wanted = new Map<string, number>(units.map(({ unit }) => [unit, 0]));
  for (const group of view.groups.slice(0, position + 1)) {
    for (const { unit, count } of group.pods) wanted.set(unit, (wanted.get(unit) ?? 0) + count);
  }
  // A scaler may have made more of them meanwhile.
  if (position >= view.groups.length - 1) {
    for (const { unit, replicas } of units) wanted.set(unit, Math.max(replicas, wanted.get(unit) ?? 0));
  }
  return wanted;
}

function decideGroup(situation: Situation): Move {
  const { view, seen, engine, limits, now } = situation;
  const { release, groups } = view;
  const { target } = release;
  if (!target) return change(failure(view, 'Nothing is known of what it was to release.', now));
  const group = groups[release.groupPosition];
  const isLast = release.groupPosition >= groups.length - 1;
  const before = (task: TaskRow) => task.kind === 'TAKE_OFF_TRAFFIC';
  const open = nextTask(view);
  if (open && before(open)) return decideTasks(situation, () => rest, before);

  const wanted = wantedAt(view, release.groupPosition, seen.units);
  const write = engine.next(target, wanted, seen.units);
  if (write) return { do: 'write', write };

  const progress = seen.units.map((unit) => unitProgress(unit, target.versionId, limits.podReadySeconds, now));
  const failed = progress.flatMap((unit) => unit.failed);
  const again = group?.retriedAt ? failed.find((pod) => madeBefore(pod.object, group.retriedAt)) : undefined;
  if (again) return { do: 'delete-pod', name: again.name, uid: again.uid };
  const broken = failed[0];
  if (broken) return change(failure(view, `Pod ${broken.name}: ${broken.problem}`, now));

  const updated = sum(progress, (unit) => unit.updated);
  const isDone = seen.units.every((unit, index) => {
    const own = progress[index];
    const needed = Math.min(wanted.get(unit.unit) ?? 0, unit.replicas);
    return unit.isSettled && own !== undefined && own.updated >= needed && (!isLast || own.notUpdated === 0);
  });
  if (!isDone) return waitForPods(situation, updated, progress);
  if (open) return decideTasks(situation, () => rest);
  return endGroup(situation, group, isLast, updated);
}

function waitForPods(situation: Situation, updated: number, progress: readonly UnitProgress[]): Move {
  const { view, limits, now } = situation;
  const { release } = view;
  if (updated !== release.updatedPods) {
    const moved = updated > release.updatedPods ? { since: new Date(now) } : {};
    return change({ release: { updatedPods: updated, ...moved } });
  }
  const lateAt = release.since.getTime() + limits.groupTimeoutSeconds * 1_000;
  if (now >= lateAt) {
    const reason = `${updated} of ${release.totalPods} pods are updated, and no other within ${limits.groupTimeoutSeconds} s.`;
    return change(release.state === 'ROLLING_BACK' ? rollbackFailed(reason, now) : failure(view, reason, now));
  }
  // Of pods that are all ready only time has to pass. Where none is on its way the cluster has yet to do something, and this look may be an old one.
  const underWay = progress.filter(({ updating }) => updating > 0);
  const isOnlyTime = underWay.length > 0 && underWay.every((unit) => unit.isOnlyWaiting);
  const nextInMs = Math.min(
    ...progress.flatMap((unit) => unit.nextInMs ?? []),
    isOnlyTime ? Number.POSITIVE_INFINITY : lookEveryMs,
  );
  return { do: 'wait', afterMs: Math.max(Math.min(nextInMs, lateAt - now), 50) };
}

function endGroup({ view, now }: Situation, group: GroupRow | undefined, isLast: boolean, updated: number): Move {
  const { release } = view;
  const moment = new Date(now);
  const counted = { updatedPods: updated };
  if (!group) return end({ release: { state: 'POST_TASKS', since: moment, ...counted } });
  const { position } = group;
  const succeeded = {
    kind: 'GROUP_SUCCEEDED' as const,
    message: `${nameOfGroup(group)} is updated.`,
    groupPosition: position,
  };
  const done = { state: 'SUCCEEDED' as const, finishedAt: moment, reason: null };
  if (isLast) {
    return end({
      release: { state: 'POST_TASKS', since: moment, ...counted },
      groups: [{ position, set: done }],
      events: [succeeded],
    });
  }
  if (group.isBeta || release.pauseAfterGroup) {
    const message = `It waits until ${group.isBeta ? 'the beta group' : 'this'} is confirmed.`;
    return end({
      release: { state: 'PAUSED', since: moment, ...counted },
      service: { lastReleaseState: 'PAUSED' },
      groups: [{ position, set: { state: 'WAITING_CONFIRM', finishedAt: moment, reason: null } }],
      events: [succeeded, { kind: 'PAUSED', message, groupPosition: position }],
    });
  }
  return end({
    release: { groupPosition: position + 1, since: moment, ...counted },
    groups: [
      { position, set: done },
      { position: position + 1, set: { state: 'RUNNING', startedAt: moment } },
    ],
    events: [
      succeeded,
      { kind: 'GROUP_STARTED', message: `Group ${position + 2} began.`, groupPosition: position + 1 },
    ],
  });
}

function succeed({ view, now }: Situation): Move {
  const { release } = view;
  return change({
    release: { state: 'SUCCEEDED', finishedAt: new Date(now), since: new Date(now), reason: null },
    service: { currentVersionId: release.versionId, releaseId: null, lastReleaseState: 'SUCCEEDED' },
    isPublished: true,
    events: [{ kind: 'SUCCEEDED', message: 'It is released.' }],
  });
}

function decideRollback(situation: Situation): Move {
  const { view, seen, engine, limits, now } = situation;
  const { release, siblings } = view;
  if (!canGoBack(release, siblings)) return rest;
  // Pods that go must not be those that the traffic was led to.
  if (seen.task?.is === 'write') return { do: 'write', write: seen.task.write };
  if (seen.task?.is === 'failed') return change(rollbackFailed(seen.task.reason, now));
  const undoTasks = (counted: { readonly updatedPods?: number } = {}) =>
    end({ release: { state: 'ROLLBACK_TASKS', since: new Date(now), ...counted } });
  if (release.rollback === 'TO_EMPTY') {
    if (!release.target) return undoTasks();
    const write = engine.remove(release.target, seen.units);
    if (write) return { do: 'write', write };
    const left = sum(seen.units, ({ exists, pods }) => pods.length + (exists ? 1 : 0));
    return left === 0 ? undoTasks() : waitForPods(situation, 0, []);
  }
  const { previous } = release;
  if (!previous) return change(rollbackFailed('Nothing is known of what ran before.', now));
  const wanted: Wanted = new Map(seen.units.map(({ unit, replicas }) => [unit, replicas]));
  const write = engine.next(previous, wanted, seen.units);
  if (write) return { do: 'write', write };
  const progress = seen.units.map((unit) => unitProgress(unit, previous.versionId, limits.podReadySeconds, now));
  const failed = progress.flatMap((unit) => unit.failed);
  const again = failed.find((pod) => madeBefore(pod.object, release.since));
  if (again) return { do: 'delete-pod', name: again.name, uid: again.uid };
  const broken = failed[0];
  if (broken) return change(rollbackFailed(`Pod ${broken.name}: ${broken.problem}`, now));
  const isDone = seen.units.every((unit, index) => {
    const own = progress[index];
    return unit.isSettled && own !== undefined && own.notUpdated === 0 && own.updated >= unit.replicas;
  });
  const updated = sum(progress, (unit) => unit.updated);
  if (!isDone) return waitForPods(situation, updated, progress);
  const last = engine.finish(previous, seen.units);
  return last ? { do: 'write', write: last } : undoTasks({ updatedPods: updated });
}

function madeBefore(
  object: { readonly metadata: { readonly creationTimestamp?: unknown } },
  moment: Date | null,
): boolean {
  const made = object.metadata.creationTimestamp;
  // The cluster counts in seconds, and leaves out what is beyond them. One of the same second may be the one that was made anew: it is made
  // once more then, which costs less than to tell somebody who tries again of what was there before.
  return moment !== null && made !== undefined && new Date(made as string).getTime() < moment.getTime();
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
