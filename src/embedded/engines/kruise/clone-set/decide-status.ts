import type { Condition } from '../../../controllers/kubernetes-shapes.ts';
import { findCondition } from '../../../controllers/set-condition.ts';
import { timestamp } from '../../../controllers/timestamp.ts';
import type { CloneSetStatus } from '../kinds.ts';
import { type CloneSetPod, isAvailable } from './clone-set-pod.ts';

export interface StatusInput {
  readonly before: CloneSetStatus | undefined;
  readonly generation: number;
  readonly replicas: number;
  readonly partition: number;
  readonly isPaused: boolean;
  /** Seconds; undefined for CloneSets that watch no deadline. */
  readonly progressDeadlineSeconds: number | undefined;
  readonly pods: readonly CloneSetPod[];
  readonly currentRevision: string;
  readonly updateRevision: string;
  readonly labelSelector: string;
  /** What went wrong in this pass. */
  readonly failures: readonly { readonly type: 'FailedScale' | 'FailedUpdate'; readonly message: string }[];
  readonly nowMs: number;
}

export interface StatusVerdict {
  readonly status: CloneSetStatus;
  /** When the deadline will have passed, in milliseconds from now. */
  readonly nextMs: number | undefined;
}

/** The largest int32: a deadline that never comes. */
const noDeadline = 2_147_483_647;

/**
 * The status of a CloneSet. The current revision becomes the new one as soon as all pods are at it, ready or not; a
 * failure stays as a condition for good, as nothing of OpenKruise ever takes it away.
 */
export function decideStatus(input: StatusInput): StatusVerdict {
  const { pods, replicas, updateRevision } = input;
  const updated = pods.filter(({ isUpdated }) => isUpdated);
  const updatedAvailable = updated.filter(isAvailable).length;
  const expectedUpdated = replicas - input.partition;
  const isComplete = updated.length === pods.length && pods.length === replicas;
  const counts = {
    observedGeneration: input.generation,
    replicas: pods.length,
    readyReplicas: pods.filter(({ isReady }) => isReady).length,
    availableReplicas: pods.filter(isAvailable).length,
    updatedReplicas: updated.length,
    updatedReadyReplicas: updated.filter(({ isReady }) => isReady).length,
    ...(updatedAvailable === 0 ? {} : { updatedAvailableReplicas: updatedAvailable }),
    ...(expectedUpdated === 0 ? {} : { expectedUpdatedReplicas: expectedUpdated }),
    updateRevision,
    currentRevision: isComplete ? updateRevision : input.currentRevision,
    collisionCount: input.before?.collisionCount ?? 0,
    labelSelector: input.labelSelector,
  };
  const failed = input.failures.reduce(
    (known, { type, message }) => withCondition(known, { type, status: 'True', message }, input.nowMs),
    input.before?.conditions ?? [],
  );
  const { conditions, nextMs } = withProgress(failed, { ...input, counts, updatedAvailable, expectedUpdated });
  return { status: { ...counts, ...(conditions.length === 0 ? {} : { conditions }) }, nextMs };
}

interface Progress extends StatusInput {
  readonly counts: CloneSetStatus;
  readonly updatedAvailable: number;
  readonly expectedUpdated: number;
}

interface ProgressVerdict {
  readonly conditions: readonly Condition[];
  readonly nextMs: number | undefined;
}

/** The clock of the deadline stands still while the update is paused, held by its partition, or done. */
function withProgress(known: readonly Condition[], input: Progress): ProgressVerdict {
  const { counts, replicas, nowMs, progressDeadlineSeconds: deadline } = input;
  if (deadline === undefined || deadline === noDeadline) {
    return { conditions: known.filter(({ type }) => type !== 'Progressing'), nextMs: undefined };
  }
  const settle = (status: 'True' | 'False', reason: string, message: string): ProgressVerdict => ({
    conditions: withCondition(known, { type: 'Progressing', status, reason, message }, nowMs),
    nextMs: undefined,
  });
  const isDone =
    counts.currentRevision === counts.updateRevision &&
    [counts.replicas, counts.updatedReplicas, input.updatedAvailable].every((count) => count === replicas);
  if (isDone) return settle('True', 'CloneSetAvailable', 'CloneSet is available');
  if (input.isPaused) return settle('True', 'CloneSetPaused', 'CloneSet is paused');
  if (input.expectedUpdated < replicas && input.expectedUpdated <= input.updatedAvailable) {
    return settle('True', 'ProgressPartitionAvailable', 'CloneSet has been paused due to partition ready');
  }
  const before = findCondition(known, 'Progressing');
  const since = Date.parse(before?.lastUpdateTime ?? '');
  const isLate = before?.reason === 'ProgressDeadlineExceeded' || since + deadline * 1000 < nowMs;
  if (isLate) {
    const words = `CloneSet revision ${counts.updateRevision ?? ''} has timed out progressing`;
    return settle('False', 'ProgressDeadlineExceeded', words);
  }
  const { conditions } = settle('True', 'CloneSetUpdated', 'CloneSet is progressing');
  const startedMs = Date.parse(findCondition(conditions, 'Progressing')?.lastUpdateTime ?? '');
  return { conditions, nextMs: Math.max(0, startedMs + deadline * 1000 - nowMs) + 1_000 };
}

/** A condition whose status and reason stay is left as it was, its words included. */
function withCondition(known: readonly Condition[], next: Condition, nowMs: number): readonly Condition[] {
  const before = findCondition(known, next.type);
  if (before?.status === next.status && before.reason === next.reason) return known;
  const now = timestamp(nowMs);
  const lastTransitionTime = before?.status === next.status ? (before.lastTransitionTime ?? now) : now;
  const isFailure = next.type !== 'Progressing';
  return [
    ...known.filter(({ type }) => type !== next.type),
    { ...next, ...(isFailure ? {} : { lastUpdateTime: now }), lastTransitionTime },
  ];
}
