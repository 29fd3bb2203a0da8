import type { ContainerRuntime, KubeletEffect, PodFailure, PodRuntime } from './container-runtime.ts';
import { containerEvent } from './kubelet-event.ts';
import type { Container, Pod } from './kubernetes-shapes.ts';
import { readSimulation } from './read-simulation.ts';
import { askToStop, closeLog, endContainer, hasten } from './stop-container.ts';

export interface StopWorld {
  readonly nowMs: number;
  readonly speed: number;
  /** Counted from the moment the pod was asked to end. */
  readonly graceMs: number;
}

export interface StopStep {
  readonly runtime: PodRuntime;
  readonly effects: readonly KubeletEffect[];
  /** When something ends next; undefined when nothing of the pod runs any more. */
  readonly nextAtMs: number | undefined;
}

/**
 * Ends a pod: all containers at once, and when they have gone the sidecars, the last one first (KEP-753). Each has its
 * preStop hook and the grace period, which may be shortened while it runs.
 */
export function stopPod(pod: Pod, runtime: PodRuntime, world: StopWorld): StopStep {
  const effects: KubeletEffect[] = [];
  const stoppedAtMs = runtime.stoppedAtMs ?? world.nowMs;
  const deadlineMs = stoppedAtMs + world.graceMs / world.speed;
  const leftMs = Math.max(0, deadlineMs - world.nowMs) * world.speed;
  const isServer = (pod.spec.restartPolicy ?? 'Always') === 'Always';
  // Servers end well when they are asked to; programs that were to run to their end have been interrupted.
  const end = isServer ? { exitCode: 0, reason: 'Completed' } : { exitCode: 143, reason: 'Error' };

  function stop(spec: Container | undefined, container: ContainerRuntime, role: 'init' | 'main'): ContainerRuntime {
    if (spec === undefined) return container;
    let current = container;
    if (current.phase === 'running') {
      effects.push(containerEvent(spec, role, 'Normal', 'Killing', `Stopping container ${spec.name}`));
      const request = { nowMs: world.nowMs, speed: world.speed, graceMs: leftMs, end };
      current = askToStop(spec, current, readSimulation(pod, spec, role), request);
    }
    current = hasten(current, deadlineMs);
    if (current.phase !== 'stopping' || current.dueAtMs > world.nowMs) return current;
    const how = current.stop ?? end;
    effects.push(closeLog(spec.name, how.exitCode));
    return endContainer(current, how, world.nowMs);
  }

  const main = runtime.main.map((container, index) => stop(pod.spec.containers[index], container, 'main'));
  const init = [...runtime.init];
  if (!main.some(isAlive)) {
    for (let index = init.length - 1; index >= 0; index -= 1) {
      const container = init[index];
      if (container === undefined) continue;
      const stopped = stop(pod.spec.initContainers?.[index], container, 'init');
      init[index] = stopped;
      if (isAlive(stopped)) break;
    }
  }
  const alive = [...main, ...init].filter(isAlive);
  const nextAtMs = alive.length === 0 ? undefined : Math.min(...alive.map(({ dueAtMs }) => dueAtMs));
  return { runtime: { ...runtime, main, init, stoppedAtMs }, effects, nextAtMs };
}

/** The pod has failed as a whole: what runs of it is killed, and nothing is started again. */
export function failPod(runtime: PodRuntime, failure: PodFailure, nowMs: number): StopStep {
  const effects: KubeletEffect[] = [];
  const kill = (container: ContainerRuntime): ContainerRuntime => {
    if (!isAlive(container)) return { ...container, dueAtMs: Number.POSITIVE_INFINITY };
    effects.push(closeLog(container.name, 137));
    return endContainer(container, { exitCode: 137, reason: 'Error' }, nowMs);
  };
  const { init, main, ephemeral } = runtime;
  return {
    runtime: { ...runtime, failure, init: init.map(kill), main: main.map(kill), ephemeral: ephemeral.map(kill) },
    effects,
    nextAtMs: undefined,
  };
}

function isAlive({ phase }: ContainerRuntime): boolean {
  return phase === 'running' || phase === 'stopping';
}
