import { matchesNodeTerm } from '../node-selection.ts';
import { normalize, type ScoreRule } from '../scheduling-rules.ts';

/** The weights of the preferred node affinity terms that match. */
export const preferredNodeAffinity: ScoreRule = {
  plugin: 'NodeAffinity',
  weight: 2,
  prepare(pod) {
    const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (terms.length === 0) return undefined;
    return (nodes) =>
      normalize(
        nodes.map(({ node }) =>
          terms.reduce((sum, { weight, preference }) => sum + (matchesNodeTerm(preference, node) ? weight : 0), 0),
        ),
        false,
      );
  },
};
