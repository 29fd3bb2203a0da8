import type { Pod, WeightedPodAffinityTerm } from '../../kubernetes-shapes.ts';
import { matchesTerm, requiredAffinity } from '../affinity-terms.ts';
import type { NodeInfo } from '../node-info.ts';
import { highestScore, type SchedulingWorld, type ScoreRule } from '../scheduling-rules.ts';

const hardAffinityWeight = 1;

type Domains = Map<string, Map<string, number>>;

/** Preferred pod affinity and anti-affinity, of the pod and of those that are there already. */
export const preferredPodAffinity: ScoreRule = {
  plugin: 'InterPodAffinity',
  weight: 2,
  prepare(pod, world) {
    const domains = weighDomains(pod, world);
    if (domains.size === 0) return undefined;
    return (nodes) => {
      const sums = nodes.map(({ labels }) => {
        let sum = 0;
        for (const [key, values] of domains) sum += values.get(labels[key] ?? '\0') ?? 0;
        return sum;
      });
      const most = Math.max(...sums);
      const least = Math.min(...sums);
      return sums.map((sum) => (most === least ? 0 : Math.floor((highestScore * (sum - least)) / (most - least))));
    };
  },
};

function weighDomains(pod: Pod, world: SchedulingWorld): Domains {
  const domains: Domains = new Map();
  const liked = preferred(pod, 'podAffinity');
  const disliked = preferred(pod, 'podAntiAffinity');
  const hasOwn = liked.length + disliked.length > 0;
  for (const node of world.nodes) {
    for (const other of hasOwn ? node.pods : node.podsWithAffinity) {
      addTerms(domains, node, liked, 1, pod, other, world);
      addTerms(domains, node, disliked, -1, pod, other, world);
      const required = requiredAffinity(other).map((term) => ({ weight: hardAffinityWeight, podAffinityTerm: term }));
      addTerms(domains, node, required, 1, other, pod, world);
      addTerms(domains, node, preferred(other, 'podAffinity'), 1, other, pod, world);
      addTerms(domains, node, preferred(other, 'podAntiAffinity'), -1, other, pod, world);
    }
  }
  return domains;
}

function addTerms(
  domains: Domains,
  { labels }: NodeInfo,
  terms: readonly WeightedPodAffinityTerm[],
  sign: 1 | -1,
  owner: Pod,
  other: Pod,
  world: SchedulingWorld,
): void {
  for (const { weight, podAffinityTerm } of terms) {
    const domain = labels[podAffinityTerm.topologyKey];
    if (domain === undefined || !matchesTerm(podAffinityTerm, owner, other, world.namespaceLabels)) continue;
    const values = domains.get(podAffinityTerm.topologyKey) ?? new Map<string, number>();
    values.set(domain, (values.get(domain) ?? 0) + sign * weight);
    domains.set(podAffinityTerm.topologyKey, values);
  }
}

function preferred(pod: Pod, kind: 'podAffinity' | 'podAntiAffinity'): readonly WeightedPodAffinityTerm[] {
  return pod.spec.affinity?.[kind]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
}
