import type { Resize, RollingSet } from './decide-rolling-update.ts';

/**
 * Spreads a change of a Deployment's size over the ReplicaSets of a rollout that is under way, in proportion to their
 * sizes; what rounding leaves goes to the largest, and to the next ones where that has not enough left to give. `allowed` is the new sum (desired + surge), `before` the sum the
 * sets were sized for.
 */
export function decideProportionalScale(
  sets: readonly RollingSet[],
  allowed: number,
  before: number,
): readonly Resize[] {
  const total = sets.reduce((sum, set) => sum + set.replicas, 0);
  const change = allowed - total;
  if (change === 0 || total === 0) return [];
  const ordered = [...sets].sort((left, right) => right.replicas - left.replicas);
  let left = change;
  const sizes = ordered.map((set) => {
    const target = Math.round((set.replicas * allowed) / Math.max(1, before));
    const wanted = target - set.replicas;
    const part = change > 0 ? Math.max(0, Math.min(wanted, left)) : Math.min(0, Math.max(wanted, left));
    left -= part;
    return { set, size: set.replicas + part };
  });
  return sizes
    .map(({ set, size }) => {
      const rest = Math.max(left, -size);
      left -= rest;
      return { name: set.name, from: set.replicas, to: size + rest };
    })
    .filter(({ from, to }) => from !== to);
}
