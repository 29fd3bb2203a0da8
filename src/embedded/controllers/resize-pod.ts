import { restartContainer } from './advance-container.ts';
import { containerWorld, type PodWorld } from './advance-pod.ts';
import type { KubeletEffect, PodRuntime } from './container-runtime.ts';
import { needsRestart, objectionToResize, resizedContainers, resizeSummary } from './decide-resize.ts';
import { podEvent } from './kubelet-event.ts';
import type { Pod, ResourceRequirements } from './kubernetes-shapes.ts';
import type { NodeInfo } from './scheduling/node-info.ts';

/** How long a container runtime takes to change the limits of what runs. */
const resizeMs = 500;
/** A resize that had to wait is looked at again without any change of the pod after this time. */
export const deferredRetryMs = 10_000;

export interface ResizeStep {
  readonly runtime: PodRuntime;
  readonly effects: readonly KubeletEffect[];
}

/** Brings the pod's resources to what its spec asks for, as far as the node has room (KEP-1287). */
export function resizePod(pod: Pod, runtime: PodRuntime, node: NodeInfo, world: PodWorld): ResizeStep {
  if (resizedContainers(pod, runtime.allocated).length > 0) return allocate(pod, runtime, node, world);
  if (runtime.resize?.condition === 'PodResizePending')
    return { runtime: { ...runtime, resize: undefined }, effects: [] };
  if (runtime.resize === undefined || runtime.resize.doneAtMs > world.nowMs) return { runtime, effects: [] };
  return actuate(pod, runtime, world);
}

function allocate(pod: Pod, runtime: PodRuntime, node: NodeInfo, world: PodWorld): ResizeStep {
  const objection = objectionToResize(pod, node);
  if (objection !== undefined) {
    const isNews = runtime.resize?.message !== objection.message;
    const message = `Pod resize Deferred: ${resizeSummary(pod, objection.message)}`;
    return {
      runtime: { ...runtime, resize: { ...objection, doneAtMs: Number.POSITIVE_INFINITY } },
      effects: isNews ? [podEvent('Warning', 'ResizeDeferred', message)] : [],
    };
  }
  const allocated: Record<string, ResourceRequirements> = { ...runtime.allocated };
  for (const container of pod.spec.containers) allocated[container.name] = container.resources ?? {};
  const doneAtMs = world.nowMs + resizeMs / world.speed;
  return {
    runtime: { ...runtime, allocated, resize: { condition: 'PodResizeInProgress', doneAtMs } },
    effects: [podEvent('Normal', 'ResizeStarted', `Pod resize started: ${resizeSummary(pod)}`)],
  };
}

function actuate(pod: Pod, runtime: PodRuntime, world: PodWorld): ResizeStep {
  const effects: KubeletEffect[] = [];
  const main = runtime.main.map((container, index) => {
    const spec = pod.spec.containers[index];
    const before = runtime.actual[container.name];
    if (spec === undefined || before === undefined || container.phase !== 'running') return container;
    if (!needsRestart(spec, before)) return container;
    const about = containerWorld(pod, runtime, spec, 'main', world, world.hasImage(spec.image));
    // Made to restart by its owner, not by a fault of its own, it is not held up by a back-off.
    const calm = { ...container, crashes: 0 };
    const step = restartContainer(spec, calm, about, `Container ${spec.name} resize requires restart`);
    effects.push(...step.effects);
    return step.runtime;
  });
  effects.push(podEvent('Normal', 'ResizeCompleted', `Pod resize completed: ${resizeSummary(pod)}`));
  return { runtime: { ...runtime, main, actual: runtime.allocated, resize: undefined }, effects };
}
