import { matchesNodeSelection } from '../node-selection.ts';
import type { FilterRule } from '../scheduling-rules.ts';

/** nodeSelector and required node affinity. */
export const nodeAffinity: FilterRule = {
  plugin: 'NodeAffinity',
  prepare(pod) {
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (pod.spec.nodeSelector === undefined && required === undefined) return undefined;
    return ({ node }) =>
      matchesNodeSelection(pod, node)
        ? undefined
        : {
            plugin: 'NodeAffinity',
            reasons: ["node(s) didn't match Pod's node affinity/selector"],
            mayBePreempted: false,
          };
  },
};
