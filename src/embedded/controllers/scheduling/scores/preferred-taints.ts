import { normalize, type ScoreRule } from '../scheduling-rules.ts';
import { tolerates } from '../tolerates.ts';

/** The fewer untolerated PreferNoSchedule taints, the better. */
export const preferredTaints: ScoreRule = {
  plugin: 'TaintToleration',
  weight: 3,
  prepare(pod) {
    const tolerations = (pod.spec.tolerations ?? []).filter(
      ({ effect }) => (effect ?? '') === '' || effect === 'PreferNoSchedule',
    );
    return (nodes) => {
      const counts = nodes.map(
        ({ node }) =>
          (node.spec?.taints ?? []).filter(
            (taint) => taint.effect === 'PreferNoSchedule' && !tolerates(tolerations, taint),
          ).length,
      );
      return normalize(counts, true);
    };
  },
};
