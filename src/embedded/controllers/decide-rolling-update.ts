/** A ReplicaSet of a Deployment as far as a rollout is concerned. */
export interface RollingSet {
  readonly name: string;
  /** What its spec asks for. */
  readonly replicas: number;
  /** How many pods it has, by its status: more than it asks for until it has ended those too many. */
  readonly existing: number;
  /** How many of its pods are available, by its status. */
  readonly available: number;
}

export interface RollingUpdateInput {
  readonly desired: number;
  /** Resolved numbers, not percentages. */
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly newSet: RollingSet;
  /** The oldest first. */
  readonly oldSets: readonly RollingSet[];
}

export interface Resize {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/**
 * The next sizes of a Deployment's ReplicaSets: first the new one grows as far as the surge allows, and only in a pass
 * where it does not change the old ones shrink, first by their unavailable pods, then by what the minimum spares.
 *
 * Must stay true: the sum never grows above desired + maxSurge, and where `available` is right, no resize takes the
 * number of available pods below desired − maxUnavailable.
 */
export function decideRollingUpdate(input: RollingUpdateInput): readonly Resize[] {
  const newSize = decideNewSize(input);
  const { newSet } = input;
  if (newSize !== newSet.replicas) return [{ name: newSet.name, from: newSet.replicas, to: newSize }];
  return decideOldSizes(input);
}

function decideNewSize({ desired, maxSurge, newSet, oldSets }: RollingUpdateInput): number {
  if (newSet.replicas >= desired) return desired;
  // Pods that a shrunken set has not ended yet still take their place.
  const taken = sum([newSet, ...oldSets].map(({ replicas, existing }) => Math.max(replicas, existing)));
  const room = desired + maxSurge - taken;
  return room <= 0 ? newSet.replicas : newSet.replicas + Math.min(room, desired - newSet.replicas);
}

function decideOldSizes({ desired, maxUnavailable, newSet, oldSets }: RollingUpdateInput): readonly Resize[] {
  const minAvailable = desired - maxUnavailable;
  const unavailableNew = newSet.replicas - usable(newSet);
  const total = sum([newSet, ...oldSets].map(({ replicas }) => replicas));
  let mayGo = total - minAvailable - unavailableNew;
  if (mayGo <= 0) return [];

  const sizes = new Map(oldSets.map((set) => [set.name, set.replicas]));
  const shrink = (set: RollingSet, count: number): void => {
    sizes.set(set.name, (sizes.get(set.name) ?? 0) - count);
  };
  // 1. Pods that serve nobody go first, and cost nothing.
  for (const set of oldSets) {
    const count = Math.min(mayGo, set.replicas - usable(set));
    shrink(set, count);
    mayGo -= count;
  }
  // 2. Available pods go as long as enough others are available.
  let spare = sum([newSet, ...oldSets].map(usable)) - minAvailable;
  for (const set of oldSets) {
    const count = Math.min(Math.max(0, spare), mayGo, usable(set), sizes.get(set.name) ?? 0);
    shrink(set, count);
    spare -= count;
    mayGo -= count;
  }
  return oldSets
    .map((set) => ({ name: set.name, from: set.replicas, to: sizes.get(set.name) ?? set.replicas }))
    .filter(({ from, to }) => from !== to);
}

/** A status that lags behind a shrunken spec counts pods that are about to go; they are no reserve. */
function usable(set: RollingSet): number {
  return Math.min(set.available, set.replicas);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
