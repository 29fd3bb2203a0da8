import { canonicalJson } from '../canonical-json.ts';
import type { Pod, TopologySpreadConstraint } from '../kubernetes-shapes.ts';
import { matchesLabels, matchesSelector } from '../matches-selector.ts';
import type { NodeInfo } from './node-info.ts';
import { matchesNodeSelection } from './node-selection.ts';
import type { PodMatcher } from './scheduling-rules.ts';
import { tolerates } from './tolerates.ts';

/** A topologySpreadConstraint of one pod, ready for counting. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly minDomains: number;
  readonly matcher: PodMatcher;
  /** Whether the node's pods count, by the constraint's policies for affinity and taints. */
  readonly includes: (node: NodeInfo) => boolean;
}

/** The pod's own constraints of this kind. */
export function spreadConstraints(pod: Pod, whenUnsatisfiable: string): readonly SpreadConstraint[] {
  return (pod.spec.topologySpreadConstraints ?? [])
    .filter((constraint) => constraint.whenUnsatisfiable === whenUnsatisfiable)
    .map((constraint) => prepareConstraint(pod, constraint, matcherOf(pod, constraint)));
}

export function prepareConstraint(
  pod: Pod,
  constraint: Omit<TopologySpreadConstraint, 'whenUnsatisfiable'>,
  matcher: PodMatcher,
): SpreadConstraint {
  const honorsAffinity = constraint.nodeAffinityPolicy !== 'Ignore';
  const honorsTaints = constraint.nodeTaintsPolicy === 'Honor';
  return {
    maxSkew: constraint.maxSkew,
    topologyKey: constraint.topologyKey,
    minDomains: constraint.minDomains ?? 1,
    matcher,
    includes: ({ node }) =>
      (!honorsAffinity || matchesNodeSelection(pod, node)) &&
      (!honorsTaints ||
        (node.spec?.taints ?? []).every(
          (taint) => taint.effect === 'PreferNoSchedule' || tolerates(pod.spec.tolerations, taint),
        )),
  };
}

export function countMatching(node: NodeInfo, { key, matches }: PodMatcher): number {
  return node.count(key, (pod) => pod.metadata.deletionTimestamp === undefined && matches(pod));
}

function matcherOf(pod: Pod, constraint: TopologySpreadConstraint): PodMatcher {
  const same: Record<string, string> = {};
  for (const key of constraint.matchLabelKeys ?? []) {
    const value = pod.metadata.labels?.[key];
    if (value !== undefined) same[key] = value;
  }
  const { namespace } = pod.metadata;
  const selector = constraint.labelSelector;
  return {
    key: canonicalJson(['spread', namespace, selector, same]),
    matches: (other) =>
      other.metadata.namespace === namespace &&
      matchesLabels(same, other.metadata.labels) &&
      matchesSelector(selector, other.metadata.labels),
  };
}
