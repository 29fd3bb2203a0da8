import { advanceContainer, type ContainerWorld } from './advance-container.ts';
import type { ContainerRuntime, KubeletEffect, PodRuntime } from './container-runtime.ts';
import type { Container, Pod } from './kubernetes-shapes.ts';
import { readSimulation } from './read-simulation.ts';

export interface PodWorld {
  readonly nowMs: number;
  readonly speed: number;
  readonly hasImage: (image: string) => boolean;
  readonly missingConfig: (container: Container) => string | undefined;
  /** What is missing of the pod's volumes; containers wait for it. */
  readonly missingVolume: string | undefined;
  readonly newContainerId: () => string;
}

export interface PodStep {
  readonly runtime: PodRuntime;
  readonly effects: readonly KubeletEffect[];
  /** When the pod wants another look, in milliseconds of the clock; infinity: only after a change. */
  readonly nextAtMs: number;
}

const firstMountRetryMs = 1_000;
const longestMountRetryMs = 120_000;
/** Phases of a container last some time, so that this many steps in one look can only be a mistake. */
const stepLimit = 1_000;

/**
 * Everything that has become due in the life of a simulated pod: sandbox, then init containers one after the other,
 * then all containers at once; when they have ended for good, the sidecars end too.
 */
export function advancePod(pod: Pod, runtime: PodRuntime, world: PodWorld): PodStep {
  if (runtime.sandboxAtMs > world.nowMs) return { runtime, effects: [], nextAtMs: runtime.sandboxAtMs };
  if (world.missingVolume !== undefined && isUntouched(runtime)) return retryMount(runtime, world, world.missingVolume);
  const effects: KubeletEffect[] = [];
  const images = new Set<string>();

  function settle(spec: Container, container: ContainerRuntime, role: 'init' | 'main'): ContainerRuntime {
    let current = container;
    for (let count = 0; count < stepLimit; count += 1) {
      const step = advanceContainer(spec, current, containerWorld(spec, role));
      if (step.runtime === current) return current;
      current = step.runtime;
      for (const effect of step.effects) {
        if (effect.do === 'keep-image') images.add(effect.image);
        effects.push(effect);
      }
    }
    return current;
  }

  function containerWorld(spec: Container, role: 'init' | 'main'): ContainerWorld {
    return {
      nowMs: world.nowMs,
      speed: world.speed,
      podLabel: `${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${runtime.uid})`,
      role,
      restartPolicy: pod.spec.restartPolicy ?? 'Always',
      program: readSimulation(pod, spec, role),
      hasImage: images.has(spec.image) || world.hasImage(spec.image),
      missingConfig: world.missingConfig(spec),
      newContainerId: world.newContainerId,
    };
  }

  const init = [...runtime.init];
  const main = [...runtime.main];
  let isInitialized = true;
  for (const [index, spec] of (pod.spec.initContainers ?? []).entries()) {
    const container = init[index];
    if (container === undefined) continue;
    const settled = settle(spec, container, 'init');
    init[index] = settled;
    isInitialized = letsPass(spec, settled);
    if (!isInitialized) break;
  }
  if (isInitialized) {
    for (const [index, spec] of pod.spec.containers.entries()) {
      const container = main[index];
      if (container !== undefined) main[index] = settle(spec, container, 'main');
    }
  }
  const isOver = main.length > 0 && main.every((container) => container.phase === 'ended');
  const next = { ...runtime, init: isOver ? init.map((container) => endSidecar(container, effects)) : init, main };
  return { runtime: next, effects, nextAtMs: nextLook([...next.init, ...next.main], world.nowMs) };
}

/** Tells of the failure when its time has come; the delay doubles. What is missing may come at any time between. */
function retryMount(runtime: PodRuntime, world: PodWorld, message: string): PodStep {
  if (runtime.mountAtMs > world.nowMs) return { runtime, effects: [], nextAtMs: runtime.mountAtMs };
  const delayMs = Math.min(longestMountRetryMs, firstMountRetryMs * 2 ** Math.min(runtime.failedMounts, 20));
  const mountAtMs = world.nowMs + delayMs / world.speed;
  return {
    runtime: { ...runtime, failedMounts: runtime.failedMounts + 1, mountAtMs },
    effects: [{ do: 'record-event', type: 'Warning', reason: 'FailedMount', message, fieldPath: undefined }],
    nextAtMs: mountAtMs,
  };
}

function isUntouched(runtime: PodRuntime): boolean {
  return [...runtime.init, ...runtime.main].every((container) => container.phase === 'idle');
}

/** Whether the next init container may begin: this one has succeeded, or as a sidecar has started. */
export function letsPass(spec: Container, container: ContainerRuntime): boolean {
  if (spec.restartPolicy === 'Always') return container.state.running !== undefined || container.restartCount > 0;
  return container.phase === 'ended' && container.state.terminated?.exitCode === 0;
}

function endSidecar(container: ContainerRuntime, effects: KubeletEffect[]): ContainerRuntime {
  if (container.phase === 'ended') return container;
  effects.push({ do: 'close-log', container: container.name, exitCode: 0 });
  const started = container.state.running?.startedAt;
  return {
    ...container,
    phase: 'ended',
    dueAtMs: Number.POSITIVE_INFINITY,
    readyAtMs: Number.POSITIVE_INFINITY,
    state: {
      terminated: { exitCode: 0, reason: 'Completed', ...(started === undefined ? {} : { startedAt: started }) },
    },
  };
}

function nextLook(containers: readonly ContainerRuntime[], nowMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { phase, dueAtMs, readyAtMs } of containers) {
    // An idle container is begun by its predecessors, not by time.
    if (phase !== 'idle' && dueAtMs > nowMs) next = Math.min(next, dueAtMs);
    if (readyAtMs > nowMs) next = Math.min(next, readyAtMs);
  }
  return next;
}
