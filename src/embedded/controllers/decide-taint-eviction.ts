import type { Node, Pod } from './kubernetes-shapes.ts';
import { isTolerating } from './scheduling/tolerates.ts';

export type TaintVerdict = { readonly do: 'stay' } | { readonly do: 'evict'; readonly afterMs: number };

/** How long the pod may stay on a node with these NoExecute taints: the shortest of the tolerations it needs. */
export function decideTaintEviction(pod: Pod, node: Node): TaintVerdict {
  const taints = (node.spec?.taints ?? []).filter(({ effect }) => effect === 'NoExecute');
  if (taints.length === 0) return { do: 'stay' };
  let shortest = Number.POSITIVE_INFINITY;
  for (const taint of taints) {
    const used = (pod.spec.tolerations ?? []).find((toleration) => isTolerating(toleration, taint));
    if (used === undefined) return { do: 'evict', afterMs: 0 };
    shortest = Math.min(shortest, used.tolerationSeconds ?? Number.POSITIVE_INFINITY);
  }
  return Number.isFinite(shortest) ? { do: 'evict', afterMs: Math.max(0, shortest) * 1000 } : { do: 'stay' };
}
