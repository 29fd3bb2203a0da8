import { nanosPerMilli, nanosPerUnit, stepsOf } from '../../machinery/quantity.ts';
import type { Container, Pod, PodSpec, ResourceList } from '../kubernetes-shapes.ts';

/** Whole numbers per resource: thousandths of a core for `cpu`, units (bytes, devices) for all others. */
export type Resources = Readonly<Record<string, number>>;

const milliCpuWithoutRequest = 100;
const memoryWithoutRequest = 200 * 1024 * 1024;

/** Specs are never changed in place, so that what was reckoned once holds as long as the spec is there. */
const requestsOfSpecs = new WeakMap<PodSpec, Resources>();
const scoredRequestsOfSpecs = new WeakMap<PodSpec, Resources>();

/**
 * What the pod takes of its node. Sidecars run beside the containers, init containers one after the other beside the
 * sidecars before them, so that the larger of both moments counts; pod-level requests stand in their place; the runtime
 * class's overhead comes on top. While a resize is under way, the larger of the old and the new counts (KEP-1287).
 */
export function podResources(pod: Pod): Resources {
  const known = requestsOfSpecs.get(pod.spec) ?? sum(pod.spec, (container) => integers(container.resources?.requests));
  requestsOfSpecs.set(pod.spec, known);
  // Only a pod whose spec was changed can be asked for something else than it was given.
  if ((pod.metadata.generation ?? 0) === 1) return known;
  const allocated = (pod.status?.containerStatuses ?? []).filter((status) => status.allocatedResources !== undefined);
  if (allocated.length === 0) return known;
  const perContainer = new Map(allocated.map((status) => [status.name, integers(status.allocatedResources)]));
  const isResizing = pod.spec.containers.some((container) => {
    const held = perContainer.get(container.name);
    return held !== undefined && !isSame(held, integers(container.resources?.requests));
  });
  if (!isResizing) return known;
  return sum(pod.spec, (container) =>
    largest(integers(container.resources?.requests), perContainer.get(container.name) ?? {}),
  );
}

/** The same for scores, where a container that asks for nothing counts as a small one. */
export function scoredPodResources(pod: Pod): Resources {
  const known =
    scoredRequestsOfSpecs.get(pod.spec) ??
    sum(pod.spec, (container) => ({
      cpu: milliCpuWithoutRequest,
      memory: memoryWithoutRequest,
      ...integers(container.resources?.requests),
    }));
  scoredRequestsOfSpecs.set(pod.spec, known);
  return known;
}

/** Quantities as whole numbers, rounded up. What is no quantity counts as nothing. */
export function integers(list: ResourceList | undefined): Resources {
  const whole: Record<string, number> = {};
  for (const [resource, quantity] of Object.entries(list ?? {})) {
    whole[resource] = Number(stepsOf(quantity, resource === 'cpu' ? nanosPerMilli : nanosPerUnit));
  }
  return whole;
}

/** The sum of all, reckoned in one go. */
export function sumResources(parts: Iterable<Resources>): Resources {
  const total: Record<string, number> = {};
  for (const part of parts) {
    for (const resource in part) total[resource] = (total[resource] ?? 0) + (part[resource] ?? 0);
  }
  return total;
}

function addResources(left: Resources, right: Resources): Resources {
  const total: Record<string, number> = { ...left };
  for (const [resource, amount] of Object.entries(right)) total[resource] = (total[resource] ?? 0) + amount;
  return total;
}

function sum(spec: PodSpec, requestsOf: (container: Container) => Resources): Resources {
  let running: Resources = {};
  for (const container of spec.containers) running = addResources(running, requestsOf(container));
  let sidecars: Resources = {};
  let starting: Resources = {};
  for (const container of spec.initContainers ?? []) {
    const own = requestsOf(container);
    if (container.restartPolicy === 'Always') {
      running = addResources(running, own);
      sidecars = addResources(sidecars, own);
      starting = largest(starting, sidecars);
    } else starting = largest(starting, addResources(sidecars, own));
  }
  const pod = integers(spec.resources?.requests);
  return addResources({ ...largest(running, starting), ...pod }, integers(spec.overhead));
}

function largest(left: Resources, right: Resources): Resources {
  const most: Record<string, number> = { ...left };
  for (const [resource, amount] of Object.entries(right)) most[resource] = Math.max(most[resource] ?? 0, amount);
  return most;
}

function isSame(left: Resources, right: Resources): boolean {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => (left[key] ?? 0) === (right[key] ?? 0));
}
