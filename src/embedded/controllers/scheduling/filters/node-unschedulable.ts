import type { FilterRule } from '../scheduling-rules.ts';
import { tolerates } from '../tolerates.ts';

/** A cordoned node takes only pods that tolerate being there. */
export const nodeUnschedulable: FilterRule = {
  plugin: 'NodeUnschedulable',
  prepare(pod) {
    const isTolerant = tolerates(pod.spec.tolerations, {
      key: 'node.kubernetes.io/unschedulable',
      effect: 'NoSchedule',
    });
    if (isTolerant) return undefined;
    return ({ node }) =>
      node.spec?.unschedulable === true
        ? { plugin: 'NodeUnschedulable', reasons: ['node(s) were unschedulable'], mayBePreempted: false }
        : undefined;
  },
};
