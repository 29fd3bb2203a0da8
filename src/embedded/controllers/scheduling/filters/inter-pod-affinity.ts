import type { Pod, PodAffinityTerm } from '../../kubernetes-shapes.ts';
import { matchesTerm, requiredAffinity, requiredAntiAffinity } from '../affinity-terms.ts';
import type { NodeInfo } from '../node-info.ts';
import type { FilterRule, NodeFilter, Refusal, SchedulingWorld } from '../scheduling-rules.ts';

const refuse = (reason: string, mayBePreempted: boolean): Refusal => ({
  plugin: 'InterPodAffinity',
  reasons: [reason],
  mayBePreempted,
});
const unmetAffinity = refuse("node(s) didn't match pod affinity rules", false);
const unmetAntiAffinity = refuse("node(s) didn't match pod anti-affinity rules", true);
const unwelcome = refuse("node(s) didn't satisfy existing pods anti-affinity rules", true);

/** Required affinity and anti-affinity of the pod, and the anti-affinity of those that are there already. */
export const interPodAffinity: FilterRule = {
  plugin: 'InterPodAffinity',
  prepare(pod, world) {
    const affinity = requiredAffinity(pod);
    const antiAffinity = requiredAntiAffinity(pod);
    const forbidden = domainsClosedByOthers(pod, world);
    if (affinity.length + antiAffinity.length + forbidden.size === 0) return undefined;
    const wanted = affinityDomains(pod, affinity, world);
    const avoided = antiAffinity.map((term) => domainsOf(term, (other) => means(term, pod, other, world), world.nodes));
    const isFirstOfSeries =
      wanted.every((domains) => domains.size === 0) && affinity.every((term) => means(term, pod, pod, world));
    return firstOf([
      (node) => {
        const values = affinity.map(({ topologyKey }) => node.labels[topologyKey]);
        if (values.includes(undefined)) return unmetAffinity;
        const areThere = values.every((value, index) => wanted[index]?.has(value ?? '') === true);
        return areThere || isFirstOfSeries ? undefined : unmetAffinity;
      },
      (node) =>
        antiAffinity.some(({ topologyKey }, index) => avoided[index]?.has(node.labels[topologyKey] ?? '\0') === true)
          ? unmetAntiAffinity
          : undefined,
      (node) => ([...forbidden].some(([key, values]) => values.has(node.labels[key] ?? '\0')) ? unwelcome : undefined),
    ]);
  },
};

function means(term: PodAffinityTerm, owner: Pod, other: Pod, world: SchedulingWorld): boolean {
  return matchesTerm(term, owner, other, world.namespaceLabels);
}

/** Per term the domains with a pod that satisfies all terms at once, as the scheduler counts them. */
function affinityDomains(
  pod: Pod,
  terms: readonly PodAffinityTerm[],
  world: SchedulingWorld,
): readonly ReadonlySet<string>[] {
  if (terms.length === 0) return [];
  const satisfiesAll = (other: Pod): boolean => terms.every((term) => means(term, pod, other, world));
  return terms.map((term) => domainsOf(term, satisfiesAll, world.nodes));
}

function domainsOf(
  { topologyKey }: PodAffinityTerm,
  matches: (pod: Pod) => boolean,
  nodes: readonly NodeInfo[],
): ReadonlySet<string> {
  const domains = new Set<string>();
  for (const node of nodes) {
    const domain = node.labels[topologyKey];
    if (domain !== undefined && !domains.has(domain) && node.pods.some(matches)) domains.add(domain);
  }
  return domains;
}

/** By topology key, the domains in which some pod will not have this one near it. */
function domainsClosedByOthers(pod: Pod, world: SchedulingWorld): ReadonlyMap<string, ReadonlySet<string>> {
  const closed = new Map<string, Set<string>>();
  for (const node of world.nodes) {
    for (const other of node.podsWithRequiredAntiAffinity) {
      for (const term of requiredAntiAffinity(other)) {
        const domain = node.labels[term.topologyKey];
        if (domain === undefined || !means(term, other, pod, world)) continue;
        const domains = closed.get(term.topologyKey) ?? new Set<string>();
        closed.set(term.topologyKey, domains.add(domain));
      }
    }
  }
  return closed;
}

function firstOf(filters: readonly NodeFilter[]): NodeFilter {
  return (node) => {
    for (const filter of filters) {
      const refusal = filter(node);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };
}
