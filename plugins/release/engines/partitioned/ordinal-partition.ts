import type { PartitionFacts } from './partitioned-kind.ts';

/** The greatest that `spec.updateStrategy.rollingUpdate.partition` can be: whatever is scaled up stays below it. */
const everyOrdinal = 2_147_483_647;

/** Numbered pods are updated from the highest down: those below the partition stay as they are. */
export function holdOrdinals({ replicas, isScaled }: Pick<PartitionFacts, 'replicas' | 'isScaled'>): number {
  return isScaled ? everyOrdinal : replicas;
}

/**
 * The highest partition with which as many pods as wanted are of the target's version: those from it on will be, and some below it may be
 * already, as on the way back. Where numbers are left out it goes by the count alone.
 */
export function ordinalPartition({ replicas, wanted, updated }: PartitionFacts): number {
  const plain = Math.max(0, replicas - wanted);
  const ordinals = updated.map(({ name }) => Number(name.slice(name.lastIndexOf('-') + 1)));
  if (ordinals.some((ordinal) => !(ordinal < replicas))) return plain;
  for (let partition = replicas; partition > plain; partition -= 1) {
    const below = ordinals.filter((ordinal) => ordinal < partition).length;
    if (replicas - partition + below >= wanted) return partition;
  }
  return plain;
}

export function readOrdinalPartition(strategy: object = {}): number {
  const { rollingUpdate } = strategy as { readonly rollingUpdate?: { readonly partition?: number } };
  return rollingUpdate?.partition ?? 0;
}
