import type { PriorityStrategy } from '../kinds.ts';
import { sortByPriority } from '../order/sort-by-priority.ts';

/** A pod of an Advanced StatefulSet as far as its order is concerned. */
export interface NumberedPod {
  readonly ordinal: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Name of the ControllerRevision it is at. */
  readonly revision: string;
  readonly isTerminating: boolean;
  /** Failed or succeeded: it will not come back by itself. */
  readonly isFinished: boolean;
  /** Running, ready, not ending, and not in the middle of a hook. */
  readonly isHealthy: boolean;
  /** Ready for long enough, and not in the middle of a hook. */
  readonly isAvailable: boolean;
  /** Its containers do not run their new images yet. */
  readonly isUpdating: boolean;
  /** Labelled `apps.kruise.io/specified-delete`. */
  readonly isSpecified: boolean;
}

export interface StatefulInput {
  /** The numbers there should be, ascending. */
  readonly ordinals: readonly number[];
  readonly pods: readonly NumberedPod[];
  readonly isParallel: boolean;
  /** `scaleStrategy.maxUnavailable`; undefined without one. */
  readonly scaleMaxUnavailable: number | undefined;
  /** False with strategy OnDelete, while the update is paused, and while pods still move between states. */
  readonly rolls: boolean;
  /** Whether the strategy is RollingUpdate: then a pod below the partition is made anew as it was. */
  readonly hasPartition: boolean;
  readonly partition: number;
  /** At least 1. */
  readonly maxUnavailable: number;
  readonly isUnordered: boolean;
  readonly priority: PriorityStrategy | undefined;
  readonly currentRevision: string;
  readonly updateRevision: string;
}

export type StatefulStep =
  | { readonly do: 'create'; readonly ordinal: number; readonly revision: string }
  | { readonly do: 'delete' | 'update'; readonly ordinal: number };

/**
 * The next steps of an Advanced StatefulSet. In order, a pod that is missing or not available stops all that comes behind
 * it, the update included; in parallel only `scaleStrategy.maxUnavailable` does. Then pods out of range leave, the
 * highest first, and the update takes what maxUnavailable allows.
 */
export function decideStatefulSteps(input: StatefulInput): readonly StatefulStep[] {
  const filled = decideFilling(input);
  if (filled.isBlocked) return filled.steps;
  const condemned = decideCondemned(input);
  const steps = [...filled.steps, ...condemned.steps];
  if (condemned.isBlocked || !input.rolls) return steps;
  const taken = new Set(steps.map(({ ordinal }) => ordinal));
  return [...steps, ...decideUpdates(input).filter(({ ordinal }) => !taken.has(ordinal))];
}

interface Phase {
  readonly steps: readonly StatefulStep[];
  readonly isBlocked: boolean;
}

/** Every number has a pod that works. */
function decideFilling(input: StatefulInput): Phase {
  const { isParallel } = input;
  const byOrdinal = new Map(input.pods.map((pod) => [pod.ordinal, pod]));
  const steps: StatefulStep[] = [];
  let allowance = input.scaleMaxUnavailable ?? Number.POSITIVE_INFINITY;
  for (const ordinal of input.ordinals) {
    const pod = byOrdinal.get(ordinal);
    if (pod?.isAvailable === true && !pod.isTerminating && !pod.isFinished) continue;
    allowance -= 1;
    // An ended pod that would be one too many stays until there is room for its end.
    if (pod?.isFinished === true) {
      if (allowance <= 0) break;
      if (!pod.isTerminating) steps.push({ do: 'delete', ordinal });
    } else if (pod === undefined) steps.push({ do: 'create', ordinal, revision: revisionFor(ordinal, input) });
    if (!isParallel) return { steps, isBlocked: true };
    if (allowance <= 0) break;
  }
  return { steps, isBlocked: false };
}

/** Below the partition a pod that is made anew comes back as it was; unordered, while too few are left as they were. */
function revisionFor(ordinal: number, input: StatefulInput): string {
  const { currentRevision, updateRevision, partition } = input;
  if (!input.hasPartition) return updateRevision;
  const wanted = new Set(input.ordinals);
  const kept = input.isUnordered
    ? input.pods.filter((pod) => wanted.has(pod.ordinal) && pod.revision !== updateRevision).length
    : input.ordinals.indexOf(ordinal);
  return kept < partition ? currentRevision : updateRevision;
}

/** Pods out of range leave, the highest first; in order one at a time, and none past another that is not well. */
function decideCondemned({ ordinals, pods, isParallel }: StatefulInput): Phase {
  const wanted = new Set(ordinals);
  const condemned = pods
    .filter(({ ordinal }) => !wanted.has(ordinal))
    .sort((left, right) => right.ordinal - left.ordinal);
  const firstUnhealthy = Math.min(
    ...pods.filter(({ isHealthy }) => !isHealthy).map(({ ordinal }) => ordinal),
    Number.POSITIVE_INFINITY,
  );
  const steps: StatefulStep[] = [];
  for (const { ordinal, isTerminating, isAvailable } of condemned) {
    const waits = isTerminating || (!isAvailable && ordinal !== firstUnhealthy);
    if (!isParallel && waits) return { steps, isBlocked: true };
    if (!isTerminating) steps.push({ do: 'delete', ordinal });
    if (!isParallel) return { steps, isBlocked: true };
  }
  return { steps, isBlocked: false };
}

/** Specified pods go first, whatever the partition says; then old ones are updated. */
function decideUpdates(input: StatefulInput): readonly StatefulStep[] {
  const { ordinals, updateRevision, maxUnavailable } = input;
  const byOrdinal = new Map(input.pods.map((pod) => [pod.ordinal, pod]));
  const unavailable = new Set(ordinals.filter((ordinal) => !isCountedOn(byOrdinal.get(ordinal))));
  const steps: StatefulStep[] = [];
  const specified = new Set<number>();
  for (const ordinal of ordinals.toReversed()) {
    const pod = byOrdinal.get(ordinal);
    if (pod?.isSpecified !== true || (unavailable.size >= maxUnavailable && !unavailable.has(ordinal))) continue;
    specified.add(ordinal);
    unavailable.add(ordinal);
    if (!pod.isTerminating) steps.push({ do: 'delete', ordinal });
  }
  for (const ordinal of updateOrder(input, byOrdinal)) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || pod.revision === updateRevision) continue;
    if (unavailable.size >= maxUnavailable && !unavailable.has(ordinal)) break;
    if (specified.has(ordinal) || pod.isTerminating) continue;
    steps.push({ do: 'update', ordinal });
    unavailable.add(ordinal);
  }
  return steps;
}

function isCountedOn(pod: NumberedPod | undefined): boolean {
  return pod?.isHealthy === true && pod.isAvailable && !pod.isUpdating;
}

/** The numbers that the partition gives free, from the highest down, or by priority where the order is free. */
function updateOrder(input: StatefulInput, byOrdinal: ReadonlyMap<number, NumberedPod>): readonly number[] {
  const count = Math.max(0, input.ordinals.length - input.partition);
  const descending = input.ordinals.toReversed();
  if (!input.isUnordered) return descending.slice(0, count);
  // One that is being made counts as what it will be, so that none is updated in its place.
  const isDone = (ordinal: number): boolean => {
    const pod = byOrdinal.get(ordinal);
    return pod?.isTerminating === true || (pod?.revision ?? revisionFor(ordinal, input)) === input.updateRevision;
  };
  const waiting = sortByPriority(
    descending
      .filter((ordinal) => !isDone(ordinal))
      .map((ordinal) => ({ ordinal, labels: byOrdinal.get(ordinal)?.labels ?? {} })),
    input.priority,
  ).map(({ ordinal }) => ordinal);
  return [...descending.filter(isDone), ...waiting].slice(0, count);
}
