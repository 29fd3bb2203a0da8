import { scoredPodResources } from '../pod-resources.ts';
import { highestScore, type ScoreRule } from '../scheduling-rules.ts';

const resources = ['cpu', 'memory'] as const;

/** The more of its cpu and memory a node has left, the better. */
export const leastAllocated: ScoreRule = {
  plugin: 'NodeResourcesFit',
  weight: 1,
  prepare(pod) {
    const wanted = scoredPodResources(pod);
    return (nodes) =>
      nodes.map((node) => {
        let sum = 0;
        let measured = 0;
        for (const resource of resources) {
          const capacity = node.allocatable[resource] ?? 0;
          if (capacity === 0) continue;
          const used = (node.scored[resource] ?? 0) + (wanted[resource] ?? 0);
          sum += used > capacity ? 0 : Math.floor(((capacity - used) * highestScore) / capacity);
          measured += 1;
        }
        return measured === 0 ? 0 : Math.floor(sum / measured);
      });
  },
};
