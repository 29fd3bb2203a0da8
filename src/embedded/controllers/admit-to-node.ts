import type { PodFailure } from './container-runtime.ts';
import type { Pod } from './kubernetes-shapes.ts';
import { nodePorts } from './scheduling/filters/node-ports.ts';
import type { NodeInfo } from './scheduling/node-info.ts';
import { matchesNodeSelection } from './scheduling/node-selection.ts';
import { podResources } from './scheduling/pod-resources.ts';

/**
 * Why the kubelet turns a pod away that was given to its node past the scheduler; undefined when it takes it. `node`
 * holds the other pods of the node.
 */
export function objectionToPod(pod: Pod, node: NodeInfo): PodFailure | undefined {
  const wanted = podResources(pod);
  const lacking = (resource: string, requested: number, used: number, capacity: number): PodFailure => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  });
  const podLimit = node.allocatable.pods ?? 0;
  if (node.pods.length + 1 > podLimit) return lacking('pods', 1, node.pods.length, podLimit);
  for (const [resource, requested] of Object.entries(wanted)) {
    const used = node.requested[resource] ?? 0;
    const capacity = node.allocatable[resource];
    // Extended resources that the node does not know are not its business.
    if (capacity === undefined || requested === 0 || requested <= capacity - used) continue;
    return lacking(resource, requested, used, capacity);
  }
  if (!matchesNodeSelection(pod, node.node)) {
    const message = "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector";
    return { reason: 'NodeAffinity', message };
  }
  const world = {
    nodes: [node],
    namespaceLabels: () => undefined,
    defaultSelector: () => undefined,
    volumes: { problem: () => undefined, nodeProblem: () => undefined, exclusiveClaims: () => [] },
  };
  const [port] = nodePorts.prepare(pod, world)?.(node)?.reasons ?? [];
  return port === undefined ? undefined : { reason: 'NodePorts', message: `Predicate NodePorts failed: ${port}` };
}
