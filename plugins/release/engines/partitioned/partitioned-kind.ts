import type { KindRef } from 'longshore/sdk';
import type { EngineName } from '../../api.ts';
import type { ObservedPod, ReleaseTarget, TargetUnit } from '../engine.ts';
import { resolveShare } from '../resolve-share.ts';

/** What a unit's workload and its pods are like, as far as its partition is concerned. */
export interface PartitionFacts {
  /** Pods that it is to have once the write is made. */
  readonly replicas: number;
  /** Of these, how many shall be of the target's version. */
  readonly wanted: number;
  readonly isScaled: boolean;
  /** Those of the target's version that are there to stay. */
  readonly updated: readonly ObservedPod[];
}

export type Partition = number | string;

/** The fields of `spec` that engines read; the rest is each kind's own. */
export interface PartitionedSpec {
  readonly replicas?: number;
  readonly template: object;
  readonly updateStrategy?: object;
}

/** How one kind of workload says how many of its pods stay as they were. */
export interface PartitionedKind {
  readonly name: EngineName;
  readonly kind: KindRef;
  /** What a new one has in its spec beside number, selector, template and strategy. */
  newSpec(target: ReleaseTarget, unit: TargetUnit): object;
  /** How pods are updated: all of `spec.updateStrategy` that is ours. */
  strategy(target: ReleaseTarget, unit: TargetUnit, partition: Partition): object;
  /** The partition alone, as it stands in `spec.updateStrategy`. */
  partitionOnly(partition: Partition): object;
  readPartition(strategy: object | undefined): Partition;
  /** With it no pod moves, and none that a scaler adds meanwhile is of the new version. */
  hold(facts: Pick<PartitionFacts, 'replicas' | 'isScaled'>): Partition;
  /** The one that moves as few as possible: pods that are of the target's version already count. */
  partitionFor(facts: PartitionFacts): Partition;
  template(target: ReleaseTarget, unit: TargetUnit): Readonly<Record<string, unknown>>;
}

/** How many of so many pods a partition keeps: an absolute one may be more than there are, a percentage is rounded up (OpenKruise). */
export function keptBy(partition: Partition, replicas: number): number {
  const kept = typeof partition === 'number' ? partition : resolveShare(partition, replicas, 'up');
  return Math.min(kept, replicas);
}
