import type { FilterRule } from '../scheduling-rules.ts';
import { tolerates } from '../tolerates.ts';

/** Taints with the effects NoSchedule and NoExecute keep out what does not tolerate them. */
export const taintToleration: FilterRule = {
  plugin: 'TaintToleration',
  prepare(pod) {
    return ({ node }) => {
      const isKeptOut = (node.spec?.taints ?? []).some(
        (taint) => taint.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, taint),
      );
      return isKeptOut
        ? { plugin: 'TaintToleration', reasons: ['node(s) had untolerated taint(s)'], mayBePreempted: false }
        : undefined;
    };
  },
};
