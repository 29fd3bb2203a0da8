import { advanceContainer, type ContainerWorld } from './advance-container.ts';
import type { ContainerRole, ContainerRuntime, KubeletEffect, PodRuntime } from './container-runtime.ts';
import { containerEvent, podEvent } from './kubelet-event.ts';
import type { Container, Pod } from './kubernetes-shapes.ts';
import { failsSandbox, readSimulation } from './read-simulation.ts';
import { closeLog, endContainer } from './stop-container.ts';

export interface PodWorld {
  readonly nowMs: number;
  readonly speed: number;
  readonly hasImage: (image: string) => boolean;
  readonly missingConfig: (container: Container) => string | undefined;
  /** What is missing of the pod's volumes; containers wait for it. */
  readonly missingVolume: string | undefined;
  /** Why the network plugin gives the pod no address. */
  readonly networkProblem?: string | undefined;
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
const sandboxRetryMs = 15_000;
/** Phases of a container last some time, so that this many steps in one look can only be a mistake. */
const stepLimit = 1_000;

/**
 * Everything that has become due in the life of a simulated pod: sandbox, then init containers one after the other,
 * then all containers at once; when they have ended for good, the sidecars end too.
 */
export function advancePod(pod: Pod, runtime: PodRuntime, world: PodWorld): PodStep {
  if (runtime.sandboxAtMs > world.nowMs) return { runtime, effects: [], nextAtMs: runtime.sandboxAtMs };
  if (failsSandbox(pod) && isUntouched(runtime)) {
    const name = `${pod.metadata.name}_${pod.metadata.namespace ?? ''}`;
    return retrySandbox(runtime, world, `plugin type="embedded" failed (add): no route for pod ${name}`);
  }
  if (world.networkProblem !== undefined && isUntouched(runtime)) {
    return retrySandbox(runtime, world, world.networkProblem);
  }
  if (world.missingVolume !== undefined && isUntouched(runtime)) return retryMount(runtime, world, world.missingVolume);
  const effects: KubeletEffect[] = [];
  const images = new Set<string>();

  function settle(spec: Container, container: ContainerRuntime, role: ContainerRole): ContainerRuntime {
    let current = container;
    for (let count = 0; count < stepLimit; count += 1) {
      const hasImage = images.has(spec.image) || world.hasImage(spec.image);
      const step = advanceContainer(spec, current, containerWorld(pod, runtime, spec, role, world, hasImage));
      if (step.runtime === current) return current;
      current = step.runtime;
      for (const effect of step.effects) {
        if (effect.do === 'keep-image') images.add(effect.image);
        effects.push(effect);
      }
    }
    return current;
  }

  const init = [...runtime.init];
  const main = [...runtime.main];
  let isInitialized = true;
  for (const [index, spec] of (pod.spec.initContainers ?? []).entries()) {
    const container = init[index];
    if (container === undefined) continue;
    const settled = settle(spec, container, 'init');
    init[index] = settled;
    // A sidecar that restarts later does not hold up those that run already.
    if (hasBegun(main)) continue;
    isInitialized = letsPass(spec, settled);
    if (!isInitialized) break;
  }
  if (isInitialized) {
    for (const [index, spec] of pod.spec.containers.entries()) {
      const container = main[index];
      if (container !== undefined) main[index] = settle(spec, container, 'main');
    }
  }
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((spec, index) => {
    const container = runtime.ephemeral[index];
    return container === undefined ? undefined : settle(spec, container, 'ephemeral');
  });
  const isOver = main.length > 0 && main.every((container) => container.phase === 'ended');
  const specs = pod.spec.initContainers ?? [];
  const next = {
    ...runtime,
    init: isOver ? init.map((container, index) => endSidecar(specs[index], container, effects, world.nowMs)) : init,
    main,
    ephemeral: ephemeral.filter((container) => container !== undefined),
  };
  const all = [...next.init, ...next.main, ...next.ephemeral];
  return { runtime: next, effects, nextAtMs: nextLook(all, world.nowMs) };
}

/** What one container of the pod depends on. */
export function containerWorld(
  pod: Pod,
  runtime: PodRuntime,
  spec: Container,
  role: ContainerRole,
  world: PodWorld,
  hasImage: boolean,
): ContainerWorld {
  return {
    nowMs: world.nowMs,
    speed: world.speed,
    podLabel: `${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${runtime.uid})`,
    role,
    restartPolicy: pod.spec.restartPolicy ?? 'Always',
    graceMs: (pod.spec.terminationGracePeriodSeconds ?? 30) * 1000,
    program: readSimulation(pod, spec, role),
    hasImage,
    missingConfig: world.missingConfig(spec),
    newContainerId: world.newContainerId,
  };
}

/** Tells of the failure when its time has come; the delay doubles. What is missing may come at any time between. */
function retryMount(runtime: PodRuntime, world: PodWorld, message: string): PodStep {
  if (runtime.mountAtMs > world.nowMs) return { runtime, effects: [], nextAtMs: runtime.mountAtMs };
  const delayMs = Math.min(longestMountRetryMs, firstMountRetryMs * 2 ** Math.min(runtime.failedMounts, 20));
  const mountAtMs = world.nowMs + delayMs / world.speed;
  return {
    runtime: { ...runtime, failedMounts: runtime.failedMounts + 1, mountAtMs },
    effects: [podEvent('Warning', 'FailedMount', message)],
    nextAtMs: mountAtMs,
  };
}

function retrySandbox(runtime: PodRuntime, world: PodWorld, problem: string): PodStep {
  const sandboxAtMs = world.nowMs + sandboxRetryMs / world.speed;
  const message = `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox: ${problem}`;
  return {
    runtime: { ...runtime, sandboxAtMs },
    effects: [podEvent('Warning', 'FailedCreatePodSandBox', message)],
    nextAtMs: sandboxAtMs,
  };
}

function isUntouched(runtime: PodRuntime): boolean {
  return [...runtime.init, ...runtime.main].every((container) => container.phase === 'idle');
}

function hasBegun(main: readonly ContainerRuntime[]): boolean {
  return main.some((container) => container.phase !== 'idle');
}

/** Whether the next init container may begin: this one has succeeded, or as a sidecar has started up. */
export function letsPass(spec: Container, container: ContainerRuntime): boolean {
  if (spec.restartPolicy === 'Always') return container.hasStartedUp || container.restartCount > 0;
  return container.phase === 'ended' && container.state.terminated?.exitCode === 0;
}

function endSidecar(
  spec: Container | undefined,
  container: ContainerRuntime,
  effects: KubeletEffect[],
  nowMs: number,
): ContainerRuntime {
  if (spec === undefined || container.phase === 'ended') return container;
  if (container.phase === 'running') {
    effects.push(containerEvent(spec, 'init', 'Normal', 'Killing', `Stopping container ${spec.name}`));
  }
  effects.push(closeLog(container.name, 0));
  return endContainer(container, { exitCode: 0, reason: 'Completed' }, nowMs);
}

function nextLook(containers: readonly ContainerRuntime[], nowMs: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const { phase, dueAtMs } of containers) {
    // An idle container is begun by its predecessors, not by time.
    if (phase !== 'idle' && dueAtMs > nowMs) next = Math.min(next, dueAtMs);
  }
  return next;
}
