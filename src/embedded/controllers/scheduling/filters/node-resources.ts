import { podResources } from '../pod-resources.ts';
import type { FilterRule } from '../scheduling-rules.ts';

const withoutPodLimit = 0;

/** Every resource that is short speaks; one the node could never give makes preemption pointless. */
export const nodeResources: FilterRule = {
  plugin: 'NodeResourcesFit',
  prepare(pod) {
    const wanted = Object.entries(podResources(pod)).filter(([, amount]) => amount > 0);
    return (node) => {
      const reasons: string[] = [];
      let mayBePreempted = true;
      if (node.pods.length + 1 > (node.allocatable.pods ?? withoutPodLimit)) reasons.push('Too many pods');
      for (const [resource, amount] of wanted) {
        const capacity = node.allocatable[resource] ?? 0;
        if (amount <= capacity - (node.requested[resource] ?? 0)) continue;
        reasons.push(`Insufficient ${resource}`);
        if (amount > capacity) mayBePreempted = false;
      }
      return reasons.length === 0 ? undefined : { plugin: 'NodeResourcesFit', reasons, mayBePreempted };
    };
  },
};
