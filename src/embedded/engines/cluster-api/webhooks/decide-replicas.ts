import type { JsonObject } from '../../../machinery/json.ts';
import type { ClusterObject } from '../../../store/types.ts';
import { coreGroup } from '../groups.ts';

const prefix = `${coreGroup}/cluster-api-autoscaler-node-group`;

/**
 * How many machines are wanted where nobody says: what there were, within the bounds of the autoscaler's annotations, or
 * one. Words where an annotation is no number.
 */
export function decideReplicas(
  wanted: unknown,
  annotations: JsonObject | undefined,
  current: ClusterObject | undefined,
): number | string {
  if (typeof wanted === 'number') return wanted;
  const sizes = [`${prefix}-min-size`, `${prefix}-max-size`].map((name) => [name, annotations?.[name]] as const);
  if (sizes.some(([, size]) => size === undefined)) return 1;
  for (const [name, size] of sizes) {
    if (!/^-?\d+$/.test(String(size))) {
      return `failed to caculate MachineDeployment replicas value: could not parse the value of the "${name}" annotation`;
    }
  }
  const [min = 1, max = 1] = sizes.map(([, size]) => Number(size));
  const before = (current?.spec as { readonly replicas?: number } | undefined)?.replicas;
  if (before === undefined || before < min) return min;
  return Math.min(before, max);
}
