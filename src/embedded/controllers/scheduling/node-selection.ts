import type { Node, NodeSelectorTerm, Pod, SelectorRequirement } from '../kubernetes-shapes.ts';
import { matchesLabels, matchesRequirement } from '../matches-selector.ts';

/** nodeSelector and required node affinity together. */
export function matchesNodeSelection(pod: Pod, node: Node): boolean {
  if (!matchesLabels(pod.spec.nodeSelector ?? {}, node.metadata.labels)) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesNodeTerm(term, node));
}

/** An empty term selects nothing. */
export function matchesNodeTerm(term: NodeSelectorTerm, node: Node): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((requirement) => matchesNodeRequirement(requirement, node.metadata.labels ?? {})) &&
    fields.every((requirement) => matchesRequirement(requirement, { 'metadata.name': node.metadata.name }))
  );
}

/** Gt and Lt compare whole numbers only. */
function matchesNodeRequirement(requirement: SelectorRequirement, labels: Readonly<Record<string, string>>): boolean {
  const isComparison = requirement.operator === 'Gt' || requirement.operator === 'Lt';
  if (isComparison && !/^[+-]?\d+$/.test(labels[requirement.key] ?? '')) return false;
  return matchesRequirement(requirement, labels);
}

/**
 * The only nodes that can match, when every term of the required affinity names some by `metadata.name`; undefined when
 * any node may.
 */
export function namedNodes(pod: Pod): ReadonlySet<string> | undefined {
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const term of terms) {
    const lists = (term.matchFields ?? [])
      .filter(({ key, operator }) => key === 'metadata.name' && operator === 'In')
      .map(({ values }) => new Set(values ?? []));
    const [first, ...others] = lists;
    if (first === undefined) return undefined;
    for (const name of first) if (others.every((other) => other.has(name))) names.add(name);
  }
  return names;
}
