import { podResources } from '../pod-resources.ts';
import { highestScore, type ScoreRule } from '../scheduling-rules.ts';

const resources = ['cpu', 'memory'] as const;

/** The more alike cpu and memory would be used, the better. Says nothing of pods that ask for neither. */
export const balancedAllocation: ScoreRule = {
  plugin: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare(pod) {
    const wanted = podResources(pod);
    if (resources.every((resource) => (wanted[resource] ?? 0) === 0)) return undefined;
    return (nodes) =>
      nodes.map((node) => {
        const shares = resources.flatMap((resource) => {
          const capacity = node.allocatable[resource] ?? 0;
          const used = (node.requested[resource] ?? 0) + (wanted[resource] ?? 0);
          return capacity === 0 ? [] : [Math.min(1, used / capacity)];
        });
        const [left, right] = shares;
        const deviation = left === undefined || right === undefined ? 0 : Math.abs(left - right) / 2;
        return Math.floor((1 - deviation) * highestScore);
      });
  },
};
