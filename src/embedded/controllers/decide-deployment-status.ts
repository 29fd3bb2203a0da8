import type { Condition, Deployment, ReplicaSet } from './kubernetes-shapes.ts';
import { omitZeros } from './omit-zeros.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

export interface DeploymentObservation {
  readonly deployment: Deployment;
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
  /** Resolved number. */
  readonly maxUnavailable: number;
  readonly nowMs: number;
  /** False in a pass that only follows a change of size or a pause: there nothing is said about progress. */
  readonly judgesProgress: boolean;
}

export interface DeploymentVerdict {
  readonly status: NonNullable<Deployment['status']>;
  /** When the progress deadline passes, counted from now; undefined when nothing is awaited. */
  readonly deadlineInMs: number | undefined;
}

/** The largest int32 says that there is no deadline. */
const noDeadline = 2_147_483_647;
const completeReason = 'NewReplicaSetAvailable';

type Status = NonNullable<Deployment['status']>;

/** Counts and conditions of a Deployment, by the rules of its controller. */
export function decideDeploymentStatus(seen: DeploymentObservation): DeploymentVerdict {
  const { deployment, newSet, oldSets, nowMs } = seen;
  const now = timestamp(nowMs);
  const counts = countPods(seen);
  const desired = deployment.spec.replicas ?? 1;
  const isAvailable = (counts.availableReplicas ?? 0) >= desired - seen.maxUnavailable;
  let conditions = setDeploymentCondition(
    deployment.status?.conditions ?? [],
    {
      type: 'Available',
      status: isAvailable ? 'True' : 'False',
      reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: isAvailable ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
    },
    now,
  );
  if (!seen.judgesProgress) return { status: withConditions(counts, conditions), deadlineInMs: undefined };

  conditions = judgeProgress(seen, counts, conditions);
  const failure = [newSet, ...oldSets]
    .map((set) => findCondition(set?.status?.conditions, 'ReplicaFailure'))
    .find((condition) => condition !== undefined);
  conditions =
    failure === undefined
      ? without(conditions, 'ReplicaFailure')
      : setDeploymentCondition(conditions, failure, failure.lastTransitionTime ?? now);
  return { status: withConditions(counts, conditions), deadlineInMs: deadlineIn(seen, counts, conditions) };
}

/**
 * The list with the condition at its end, unless it already says the same: a condition with equal status and reason
 * stays as it was, message and times included.
 */
export function setDeploymentCondition(
  conditions: readonly Condition[],
  next: Condition,
  now: string,
): readonly Condition[] {
  const known = findCondition(conditions, next.type);
  if (known !== undefined && known.status === next.status && known.reason === next.reason) return conditions;
  const lastTransitionTime = known?.status === next.status ? (known.lastTransitionTime ?? now) : now;
  return [...without(conditions, next.type), { ...next, lastUpdateTime: now, lastTransitionTime }];
}

/** Whether the wanted number of pods is of the newest template, available, and alone. */
export function isDeploymentComplete(deployment: Deployment, status: Status | undefined): boolean {
  const desired = deployment.spec.replicas ?? 1;
  return (
    (status?.updatedReplicas ?? 0) === desired &&
    (status?.replicas ?? 0) === desired &&
    (status?.availableReplicas ?? 0) === desired &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function countPods({ deployment, newSet, oldSets }: DeploymentObservation): Status {
  const sets = newSet === undefined ? oldSets : [...oldSets, newSet];
  const total = (field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas'): number =>
    sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0);
  const { collisionCount } = deployment.status ?? {};
  const wanted = sets.reduce((sum, set) => sum + (set.spec.replicas ?? 1), 0);
  const availableReplicas = total('availableReplicas');
  return {
    ...omitZeros({
      observedGeneration: deployment.metadata.generation ?? 0,
      replicas: total('replicas'),
      updatedReplicas: newSet?.status?.replicas ?? 0,
      readyReplicas: total('readyReplicas'),
      availableReplicas,
      unavailableReplicas: Math.max(0, wanted - availableReplicas),
    }),
    terminatingReplicas: total('terminatingReplicas'),
    ...(collisionCount === undefined ? {} : { collisionCount }),
  };
}

function judgeProgress(
  { deployment, newSet, nowMs }: DeploymentObservation,
  counts: Status,
  conditions: readonly Condition[],
): readonly Condition[] {
  if (!hasDeadline(deployment)) return without(conditions, 'Progressing');
  const now = timestamp(nowMs);
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  const subject =
    newSet === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${newSet.metadata.name}"`;
  // A pod that falls over after the rollout was complete does not begin a new one.
  if ((counts.replicas ?? 0) === (counts.updatedReplicas ?? 0) && known?.reason === completeReason) return conditions;
  if (isDeploymentComplete(deployment, counts)) {
    const message = `${subject} has successfully progressed.`;
    return setDeploymentCondition(
      conditions,
      { type: 'Progressing', status: 'True', reason: completeReason, message },
      now,
    );
  }
  if (hasProgressed(deployment.status, counts)) {
    const message = `${subject} is progressing.`;
    const lastTransitionTime = known?.status === 'True' ? (known.lastTransitionTime ?? now) : now;
    const condition: Condition = { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message };
    // Every step forward moves lastUpdateTime, from which the deadline counts.
    return [...without(conditions, 'Progressing'), { ...condition, lastUpdateTime: now, lastTransitionTime }];
  }
  if (!hasTimedOut(deployment, counts, nowMs)) return conditions;
  const message = `${subject} has timed out progressing.`;
  const reason = 'ProgressDeadlineExceeded';
  return setDeploymentCondition(conditions, { type: 'Progressing', status: 'False', reason, message }, now);
}

function hasProgressed(before: Status | undefined, after: Status): boolean {
  const oldPods = (status: Status | undefined): number => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  return (
    (after.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    oldPods(after) < oldPods(before) ||
    (after.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (after.availableReplicas ?? 0) > (before?.availableReplicas ?? 0)
  );
}

function hasTimedOut(deployment: Deployment, counts: Status, nowMs: number): boolean {
  const known = findCondition(deployment.status?.conditions, 'Progressing');
  if (known === undefined || known.reason === completeReason) return false;
  if (known.reason === 'ProgressDeadlineExceeded') return true;
  return !isDeploymentComplete(deployment, counts) && leftMs(deployment, known, nowMs) <= 0;
}

function deadlineIn(
  { deployment, nowMs }: DeploymentObservation,
  counts: Status,
  conditions: readonly Condition[],
): number | undefined {
  const known = findCondition(conditions, 'Progressing');
  const isOver = known?.reason === 'ProgressDeadlineExceeded' || isDeploymentComplete(deployment, counts);
  if (!hasDeadline(deployment) || known === undefined || isOver || known.reason === completeReason) return undefined;
  return Math.max(0, leftMs(deployment, known, nowMs));
}

/** From the last step forward; the second that is begun counts whole, as times are kept in seconds. */
function leftMs(deployment: Deployment, progressing: Condition, nowMs: number): number {
  const seconds = deployment.spec.progressDeadlineSeconds ?? 600;
  const left = Date.parse(progressing.lastUpdateTime ?? '') + seconds * 1000 - nowMs;
  return Number.isNaN(left) ? seconds * 1000 : left;
}

function hasDeadline(deployment: Deployment): boolean {
  return (deployment.spec.progressDeadlineSeconds ?? noDeadline) !== noDeadline;
}

function without(conditions: readonly Condition[], type: string): readonly Condition[] {
  return conditions.filter((condition) => condition.type !== type);
}

function withConditions(counts: Status, conditions: readonly Condition[]): Status {
  return conditions.length === 0 ? counts : { ...counts, conditions };
}
