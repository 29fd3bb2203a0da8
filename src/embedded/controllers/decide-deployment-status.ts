import type { Condition, Deployment, ReplicaSet } from './kubernetes-shapes.ts';
import { findCondition, setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

export interface DeploymentObservation {
  readonly deployment: Deployment;
  readonly newSet: ReplicaSet | undefined;
  readonly oldSets: readonly ReplicaSet[];
  /** Resolved number. */
  readonly maxUnavailable: number;
  readonly nowMs: number;
}

export interface DeploymentVerdict {
  readonly status: NonNullable<Deployment['status']>;
  /** When the progress deadline passes, counted from now; undefined when nothing is awaited. */
  readonly deadlineInMs: number | undefined;
}

/** Counts and conditions of a Deployment, by the rules of its controller. */
export function decideDeploymentStatus(seen: DeploymentObservation): DeploymentVerdict {
  const { deployment, newSet, oldSets, nowMs } = seen;
  const sets = newSet === undefined ? oldSets : [...oldSets, newSet];
  const desired = deployment.spec.replicas ?? 1;
  const replicas = total(sets, 'replicas');
  const available = total(sets, 'availableReplicas');
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 0,
    replicas,
    updatedReplicas: newSet?.status?.replicas ?? 0,
    readyReplicas: total(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, replicas - available, desired - available),
    terminatingReplicas: total(sets, 'terminatingReplicas'),
  };
  const now = timestamp(nowMs);
  const isAvailable = available >= desired - seen.maxUnavailable;
  let conditions = setCondition(
    deployment.status?.conditions ?? [],
    stamped(deployment, now, {
      type: 'Available',
      status: isAvailable ? 'True' : 'False',
      reason: isAvailable ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: isAvailable ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
    }),
    now,
  );
  const progress = decideProgress(seen, counts);
  if (progress.condition !== undefined) {
    conditions = setCondition(conditions, stamped(deployment, now, progress.condition, progress.hasMoved), now);
  }
  const failure = sets.map((set) => findCondition(set.status?.conditions, 'ReplicaFailure')).find(Boolean);
  conditions =
    failure === undefined
      ? conditions.filter(({ type }) => type !== 'ReplicaFailure')
      : setCondition(conditions, stamped(deployment, now, failure), now);
  return {
    status: { ...deployment.status, ...counts, conditions },
    deadlineInMs: progress.deadlineInMs,
  };
}

interface Progress {
  readonly condition: Condition | undefined;
  /** Whether the rollout came a step further since the status was last written. */
  readonly hasMoved: boolean;
  readonly deadlineInMs: number | undefined;
}

type Counts = Pick<
  NonNullable<Deployment['status']>,
  'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas'
>;

function decideProgress(seen: DeploymentObservation, counts: Counts): Progress {
  const { deployment, newSet, nowMs } = seen;
  const before = deployment.status;
  const known = findCondition(before?.conditions, 'Progressing');
  const desired = deployment.spec.replicas ?? 1;
  const settled = { hasMoved: false, deadlineInMs: undefined };
  if (deployment.spec.paused === true) {
    const message = 'Deployment is paused';
    return { ...settled, condition: { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message } };
  }
  if (newSet === undefined) return { ...settled, condition: known };
  const name = newSet.metadata.name;
  const isComplete =
    counts.updatedReplicas === desired && counts.replicas === desired && (counts.availableReplicas ?? 0) >= desired;
  if (isComplete) {
    const message = `ReplicaSet "${name}" has successfully progressed.`;
    const condition = { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message } as const;
    return { ...settled, condition, hasMoved: known?.reason !== condition.reason };
  }
  // A pod that falls over after the rollout was complete does not begin a new one.
  const isAnew =
    before?.observedGeneration !== deployment.metadata.generation || known?.message?.includes(`"${name}"`) !== true;
  if (known?.reason === 'NewReplicaSetAvailable' && !isAnew) return { ...settled, condition: known };
  const oldOf = (status: Counts | undefined): number => (status?.replicas ?? 0) - (status?.updatedReplicas ?? 0);
  const hasMoved =
    isAnew ||
    known === undefined ||
    (counts.updatedReplicas ?? 0) > (before?.updatedReplicas ?? 0) ||
    oldOf(counts) < oldOf(before) ||
    (counts.readyReplicas ?? 0) > (before?.readyReplicas ?? 0) ||
    (counts.availableReplicas ?? 0) > (before?.availableReplicas ?? 0);
  const deadlineSeconds = deployment.spec.progressDeadlineSeconds ?? 600;
  if (hasMoved) {
    const condition = {
      type: 'Progressing',
      status: 'True',
      reason: 'ReplicaSetUpdated',
      message: `ReplicaSet "${name}" is progressing.`,
    } as const;
    return { condition, hasMoved, deadlineInMs: deadlineSeconds * 1000 };
  }
  if (known.reason === 'ProgressDeadlineExceeded') return { ...settled, condition: known };
  const leftMs = Date.parse(known.lastUpdateTime ?? '') + deadlineSeconds * 1000 - nowMs;
  if (leftMs > 0 || Number.isNaN(leftMs)) return { condition: known, hasMoved, deadlineInMs: Math.max(0, leftMs || 0) };
  const message = `ReplicaSet "${name}" has timed out progressing.`;
  const condition = { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message } as const;
  return { condition, hasMoved: true, deadlineInMs: undefined };
}

/** `lastUpdateTime` moves when the condition says something new, or when it is told that it did. */
function stamped(deployment: Deployment, now: string, condition: Condition, isNews = false): Condition {
  const known = findCondition(deployment.status?.conditions, condition.type);
  const isSame =
    known?.status === condition.status && known.reason === condition.reason && known.message === condition.message;
  const lastUpdateTime = isSame && !isNews ? (known.lastUpdateTime ?? now) : now;
  const lastTransitionTime = known?.status === condition.status ? (known.lastTransitionTime ?? now) : now;
  return { ...condition, lastUpdateTime, lastTransitionTime };
}

function total(
  sets: readonly ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
): number {
  return sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0);
}
