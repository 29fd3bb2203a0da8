/** A pod of a StatefulSet as far as its order is concerned. */
export interface OrdinalPod {
  readonly ordinal: number;
  /** Name of the ControllerRevision it was made from. */
  readonly revision: string;
  readonly isAvailable: boolean;
  readonly isTerminating: boolean;
  /** Failed or succeeded: it will not come back by itself. */
  readonly isFinished: boolean;
}

export interface StatefulSetInput {
  readonly firstOrdinal: number;
  readonly replicas: number;
  readonly pods: readonly OrdinalPod[];
  readonly isParallel: boolean;
  /** False with strategy OnDelete: pods change only when somebody deletes them. */
  readonly rollsUpdates: boolean;
  readonly partition: number;
  readonly currentRevision: string;
  readonly updateRevision: string;
}

export type StatefulSetStep =
  | { readonly do: 'create'; readonly ordinal: number; readonly revision: string }
  | { readonly do: 'delete'; readonly ordinal: number };

/**
 * The next steps of a StatefulSet. In order (unless parallel): each pod must be available before the next is made, the
 * highest goes first, and an update replaces one pod at a time from the highest ordinal down to the partition.
 */
export function decideStatefulSet(input: StatefulSetInput): readonly StatefulSetStep[] {
  const { firstOrdinal, replicas, isParallel } = input;
  const byOrdinal = new Map(input.pods.map((pod) => [pod.ordinal, pod]));
  const end = firstOrdinal + replicas;
  const steps: StatefulSetStep[] = [];

  // 1. Every ordinal has a pod that works.
  for (let ordinal = firstOrdinal; ordinal < end; ordinal += 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined) steps.push({ do: 'create', ordinal, revision: revisionFor(ordinal, input) });
    else if (pod.isFinished && !pod.isTerminating) steps.push({ do: 'delete', ordinal });
    else if (pod.isAvailable && !pod.isTerminating) continue;
    // In order, nothing happens behind a pod that is missing or not available.
    if (!isParallel) return steps;
  }

  // 2. Pods beyond the range leave, the highest first.
  const condemned = input.pods
    .filter(({ ordinal }) => ordinal < firstOrdinal || ordinal >= end)
    .sort((left, right) => right.ordinal - left.ordinal);
  for (const pod of condemned) {
    if (!pod.isTerminating) steps.push({ do: 'delete', ordinal: pod.ordinal });
    if (!isParallel) return steps;
  }
  if (steps.length > 0 || !input.rollsUpdates) return steps;

  // 3. The update goes on where the pod before it has become available.
  for (let ordinal = end - 1; ordinal >= firstOrdinal + input.partition; ordinal -= 1) {
    const pod = byOrdinal.get(ordinal);
    if (pod === undefined || pod.isTerminating) return [];
    if (pod.revision !== input.updateRevision) return [{ do: 'delete', ordinal }];
    if (!pod.isAvailable) return [];
  }
  return [];
}

/** Below the partition a pod that is made anew comes back as it was. */
function revisionFor(ordinal: number, input: StatefulSetInput): string {
  const isHeldBack = input.rollsUpdates && ordinal < input.firstOrdinal + input.partition;
  return isHeldBack ? input.currentRevision : input.updateRevision;
}
