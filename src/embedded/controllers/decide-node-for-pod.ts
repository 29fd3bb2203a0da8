import type { Node, NodeSelectorTerm, Pod, Taint, Toleration } from './kubernetes-shapes.ts';
import { matchesLabels, matchesRequirement, matchesSelector } from './matches-selector.ts';
import { controllerOf } from './owner-reference.ts';
import { parseQuantity } from './parse-quantity.ts';
import { podRequests } from './pod-requests.ts';
import { findCondition } from './set-condition.ts';

export type Placement = { readonly node: string } | { readonly unschedulable: string };

/** A node and what runs on it: pods that have neither ended nor left. */
export interface OccupiedNode {
  readonly node: Node;
  readonly pods: readonly Pod[];
}

/**
 * Where the pod should run: of the nodes that can take it, the one where its siblings are fewest (per node, then per
 * zone), then the emptiest. If none can, says why in the scheduler's own words.
 */
export function decideNodeForPod(pod: Pod, nodes: readonly OccupiedNode[]): Placement {
  if (nodes.length === 0) return { unschedulable: 'no nodes available to schedule pods' };
  const refusals = new Map<string, number>();
  const feasible: OccupiedNode[] = [];
  for (const candidate of nodes) {
    const reasons = refusalsOf(pod, candidate, nodes);
    if (reasons.length === 0) feasible.push(candidate);
    for (const reason of reasons) refusals.set(reason, (refusals.get(reason) ?? 0) + 1);
  }
  const best = feasible
    .map((candidate) => ({ candidate, score: scoreOf(pod, candidate, nodes) }))
    .sort((left, right) => compareScores(left.score, right.score))[0];
  if (best !== undefined) return { node: best.candidate.node.metadata.name };
  return { unschedulable: describeRefusals(refusals, nodes.length) };
}

const insufficient = 'Insufficient ';
const tooManyPods = 'Too many pods';

/** All resources that are short count, but otherwise the first filter that refuses speaks alone, as in Kubernetes. */
function refusalsOf(pod: Pod, candidate: OccupiedNode, nodes: readonly OccupiedNode[]): string[] {
  const { node } = candidate;
  if (node.spec.unschedulable === true && !toleratesUnschedulable(pod)) return ['node(s) were unschedulable'];
  if (findCondition(node.status?.conditions, 'Ready')?.status !== 'True') return ['node(s) were not ready'];
  const taints = (node.spec.taints ?? []).filter((taint) => taint.effect !== 'PreferNoSchedule');
  if (!taints.every((taint) => tolerates(pod.spec.tolerations, taint))) return ['node(s) had untolerated taint(s)'];
  if (!matchesNodeSelection(pod, node)) return ["node(s) didn't match Pod's node affinity/selector"];
  const short = shortResources(pod, candidate);
  if (short.length > 0) return short;
  return violatesAntiAffinity(pod, candidate, nodes) ? ["node(s) didn't match pod anti-affinity rules"] : [];
}

/** Whether some toleration accepts the taint. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => {
    if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) return false;
    const exists = toleration.operator === 'Exists';
    if (toleration.key === undefined || toleration.key === '') return exists;
    return toleration.key === taint.key && (exists || (toleration.value ?? '') === (taint.value ?? ''));
  });
}

function toleratesUnschedulable(pod: Pod): boolean {
  return tolerates(pod.spec.tolerations, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' });
}

/** nodeSelector and required node affinity together. */
export function matchesNodeSelection(pod: Pod, node: Node): boolean {
  if (!matchesLabels(pod.spec.nodeSelector ?? {}, node.metadata.labels)) return false;
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

function matchesTerm(term: NodeSelectorTerm, node: Node): boolean {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  // An empty term selects nothing.
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every((requirement) => matchesRequirement(requirement, node.metadata.labels ?? {})) &&
    fields.every((requirement) => matchesRequirement(requirement, { 'metadata.name': node.metadata.name }))
  );
}

function shortResources(pod: Pod, candidate: OccupiedNode): string[] {
  const allocatable = candidate.node.status?.allocatable ?? {};
  const reasons: string[] = [];
  const podLimit = parseQuantity(allocatable.pods ?? 110);
  if (candidate.pods.length + 1 > podLimit) reasons.push(tooManyPods);
  for (const [resource, wanted] of Object.entries(podRequests(pod))) {
    const used = candidate.pods.reduce((sum, other) => sum + (podRequests(other)[resource] ?? 0), 0);
    // A tolerance below any real unit, because milli-units add up in floating point.
    const isShort = wanted > 0 && used + wanted > parseQuantity(allocatable[resource]) + 1e-9;
    if (isShort) reasons.push(`${insufficient}${resource}`);
  }
  return reasons;
}

function violatesAntiAffinity(pod: Pod, candidate: OccupiedNode, nodes: readonly OccupiedNode[]): boolean {
  const terms = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.some((term) => {
    const domain = candidate.node.metadata.labels?.[term.topologyKey];
    if (domain === undefined) return false;
    const namespaces = term.namespaces ?? [pod.metadata.namespace];
    return nodes.some(
      ({ node, pods }) =>
        node.metadata.labels?.[term.topologyKey] === domain &&
        pods.some(
          (other) =>
            namespaces.some((namespace) => namespace === other.metadata.namespace) &&
            matchesSelector(term.labelSelector, other.metadata.labels),
        ),
    );
  });
}

interface Score {
  readonly siblingsOnNode: number;
  readonly siblingsInZone: number;
  readonly usage: number;
  readonly name: string;
}

function scoreOf(pod: Pod, candidate: OccupiedNode, nodes: readonly OccupiedNode[]): Score {
  const owner = controllerOf(pod)?.uid;
  const siblings = ({ pods }: OccupiedNode): number =>
    owner === undefined ? 0 : pods.filter((other) => controllerOf(other)?.uid === owner).length;
  const zone = zoneOf(candidate.node);
  const cpu = candidate.pods.reduce((sum, other) => sum + (podRequests(other).cpu ?? 0), 0);
  return {
    siblingsOnNode: siblings(candidate),
    siblingsInZone: nodes.filter(({ node }) => zoneOf(node) === zone).reduce((sum, other) => sum + siblings(other), 0),
    usage: cpu / Math.max(1, parseQuantity(candidate.node.status?.allocatable?.cpu)) + candidate.pods.length / 1000,
    name: candidate.node.metadata.name,
  };
}

function compareScores(left: Score, right: Score): number {
  return (
    left.siblingsOnNode - right.siblingsOnNode ||
    left.siblingsInZone - right.siblingsInZone ||
    left.usage - right.usage ||
    (left.name < right.name ? -1 : 1)
  );
}

function zoneOf(node: Node): string | undefined {
  return node.metadata.labels?.['topology.kubernetes.io/zone'];
}

function describeRefusals(refusals: ReadonlyMap<string, number>, nodeCount: number): string {
  const entries = [...refusals].map(([reason, count]) => `${count} ${reason}`).sort();
  const mayPreempt = [...refusals.keys()].every((reason) => reason.startsWith(insufficient) || reason === tooManyPods);
  const preemption = mayPreempt
    ? 'No preemption victims found for incoming pod'
    : 'Preemption is not helpful for scheduling';
  return `0/${nodeCount} nodes are available: ${entries.join(', ')}. preemption: 0/${nodeCount} nodes are available: ${nodeCount} ${preemption}.`;
}
