import type { FilterRule, NodeFilter, Refusal } from '../scheduling-rules.ts';
import { countMatching, spreadConstraints } from '../spread-constraints.ts';

const refusal = (reason: string, mayBePreempted: boolean): Refusal => ({
  plugin: 'PodTopologySpread',
  reasons: [reason],
  mayBePreempted,
});
const mismatch = "node(s) didn't match pod topology spread constraints";

/** No domain may hold more than `maxSkew` pods above the emptiest one. */
export const podTopologySpread: FilterRule = {
  plugin: 'PodTopologySpread',
  prepare(pod, { nodes }) {
    const constraints = spreadConstraints(pod, 'DoNotSchedule');
    if (constraints.length === 0) return undefined;
    // Only nodes that have all the keys make up domains.
    const eligible = nodes.filter(({ labels }) =>
      constraints.every(({ topologyKey }) => labels[topologyKey] !== undefined),
    );
    const filters = constraints.map((constraint): NodeFilter => {
      const domains = new Map<string, number>();
      for (const node of eligible) {
        if (!constraint.includes(node)) continue;
        const domain = node.labels[constraint.topologyKey] ?? '';
        domains.set(domain, (domains.get(domain) ?? 0) + countMatching(node, constraint.matcher));
      }
      const fewest = domains.size < constraint.minDomains ? 0 : Math.min(...domains.values());
      const own = Number(constraint.matcher.matches(pod));
      return ({ labels }) => {
        const domain = labels[constraint.topologyKey];
        if (domain === undefined) return refusal(`${mismatch} (missing required label)`, false);
        return (domains.get(domain) ?? 0) + own - fewest > constraint.maxSkew ? refusal(mismatch, true) : undefined;
      };
    });
    return (node) => {
      for (const filter of filters) {
        const refused = filter(node);
        if (refused !== undefined) return refused;
      }
      return undefined;
    };
  },
};
