import type { PodResize } from './container-runtime.ts';
import type { Container, Pod, ResourceList, ResourceRequirements } from './kubernetes-shapes.ts';
import type { NodeInfo } from './scheduling/node-info.ts';
import { integers, podResources } from './scheduling/pod-resources.ts';

const resizable = ['cpu', 'memory'] as const;

/** Names of the containers whose spec asks for other resources than these. */
export function resizedContainers(
  pod: Pod,
  held: Readonly<Record<string, ResourceRequirements>>,
): readonly Container[] {
  return pod.spec.containers.filter((container) => {
    const before = held[container.name];
    return before !== undefined && !isSame(before, container.resources ?? {});
  });
}

/**
 * Why the node cannot give now what the resized pod asks for (KEP-1287); undefined when it can. What it could never
 * give, the API server refuses. `node` holds the pods of the node, this one among them.
 */
export function objectionToResize(pod: Pod, node: NodeInfo): Omit<PodResize, 'doneAtMs'> | undefined {
  const { status: _held, ...asked } = pod;
  const wanted = podResources(asked);
  const others = node.without(new Set([pod.metadata.uid ?? '']));
  for (const resource of resizable) {
    const requested = wanted[resource] ?? 0;
    const used = others.requested[resource] ?? 0;
    const capacity = node.allocatable[resource] ?? 0;
    if (requested === 0 || requested <= capacity - used) continue;
    const message = `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`;
    return { condition: 'PodResizePending', reason: 'Deferred', message };
  }
  return undefined;
}

/** Whether the container has to be restarted for its new resources. */
export function needsRestart(container: Container, before: ResourceRequirements): boolean {
  return (container.resizePolicy ?? []).some(({ resourceName, restartPolicy }) => {
    if (restartPolicy !== 'RestartContainer') return false;
    const part = (list: ResourceList | undefined): number => integers(list)[resourceName] ?? 0;
    const { requests, limits } = container.resources ?? {};
    return part(requests) !== part(before.requests) || part(limits) !== part(before.limits);
  });
}

/** What an event about a resize quotes: the resources that the spec asks for, as JSON. */
export function resizeSummary(pod: Pod, error?: string): string {
  const part = (containers: readonly Container[] | undefined) =>
    containers?.map(({ name, resources }) => ({ name, resources: resources ?? {} }));
  return JSON.stringify({
    initContainers: part(pod.spec.initContainers),
    containers: part(pod.spec.containers),
    generation: pod.metadata.generation ?? 0,
    error,
  });
}

function isSame(left: ResourceRequirements, right: ResourceRequirements): boolean {
  const equal = (one: ResourceList | undefined, other: ResourceList | undefined): boolean => {
    const [before, after] = [integers(one), integers(other)];
    return resizable.every((resource) => (before[resource] ?? 0) === (after[resource] ?? 0));
  };
  return equal(left.requests, right.requests) && equal(left.limits, right.limits);
}
