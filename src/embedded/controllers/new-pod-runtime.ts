import { newContainerRuntime, type PodRuntime } from './container-runtime.ts';
import type { Node, Pod, ResourceRequirements } from './kubernetes-shapes.ts';

const sandboxMs = 300;

/** Where a pod stands when its kubelet first sees it. What it ran before, on a kubelet that is gone, counts as restarts. */
export function newPodRuntime(pod: Pod, node: Node, nowMs: number, speed: number): PodRuntime {
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  const restarts = new Map(
    [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].map((status) => [
      status.name,
      status.restartCount,
    ]),
  );
  const resources: Record<string, ResourceRequirements> = {};
  for (const container of pod.spec.containers) resources[container.name] = container.resources ?? {};
  return {
    uid: pod.metadata.uid ?? '',
    startedAtMs: nowMs,
    sandboxAtMs: nowMs + sandboxMs / speed,
    failedMounts: 0,
    mountAtMs: 0,
    podIP: '',
    hostIP: node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
    init: (pod.spec.initContainers ?? []).map(({ name, image }) =>
      newContainerRuntime(name, image, 'PodInitializing', restarts.get(name) ?? 0),
    ),
    main: pod.spec.containers.map(({ name, image }) =>
      newContainerRuntime(name, image, hasInit ? 'PodInitializing' : 'ContainerCreating', restarts.get(name) ?? 0),
    ),
    ephemeral: [],
    failure: undefined,
    allocated: resources,
    actual: resources,
    resize: undefined,
    stoppedAtMs: undefined,
  };
}

/** The runtime with the ephemeral containers that were added to the pod in the meantime. */
export function withNewEphemeralContainers(pod: Pod, runtime: PodRuntime): PodRuntime {
  const specs = pod.spec.ephemeralContainers ?? [];
  if (specs.length === runtime.ephemeral.length) return runtime;
  const added = specs
    .slice(runtime.ephemeral.length)
    .map(({ name, image }) => newContainerRuntime(name, image, 'ContainerCreating', 0));
  return { ...runtime, ephemeral: [...runtime.ephemeral, ...added] };
}
