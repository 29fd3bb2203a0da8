import { restartContainer } from './advance-container.ts';
import { containerWorld, type PodWorld } from './advance-pod.ts';
import type { KubeletEffect, PodRuntime } from './container-runtime.ts';
import { keyOf } from './controller.ts';
import type { Pod } from './kubernetes-shapes.ts';

/** A container that somebody on the pod's node wants to end, past the kubelet. */
export interface KillRequest {
  readonly container: string;
  readonly graceMs: number;
  /** Told in the Event `Killing`. */
  readonly message: string;
}

/** What daemons on the nodes do to containers: an engine asks, the kubelet of the pod's node finds it done. */
export interface ContainerKills {
  request(pod: Pod, kill: KillRequest): void;
  /** Everything asked for by now, which is forgotten. */
  take(uid: string): readonly KillRequest[];
  /** Hears the key of each pod that something was asked of. */
  onRequest(listener: (key: string) => void): void;
}

export function createContainerKills(): ContainerKills {
  const waiting = new Map<string, KillRequest[]>();
  const listeners: ((key: string) => void)[] = [];
  return {
    request(pod, kill) {
      const uid = pod.metadata.uid ?? '';
      waiting.set(uid, [...(waiting.get(uid) ?? []), kill]);
      for (const listener of listeners) listener(keyOf(pod));
    },
    take(uid) {
      const kills = waiting.get(uid) ?? [];
      waiting.delete(uid);
      return kills;
    },
    onRequest: (listener) => void listeners.push(listener),
  };
}

/** Ends the containers that run; the pod's restart policy starts them again. */
export function killContainers(
  pod: Pod,
  runtime: PodRuntime,
  kills: readonly KillRequest[],
  world: PodWorld,
): { readonly runtime: PodRuntime; readonly effects: readonly KubeletEffect[] } {
  if (kills.length === 0) return { runtime, effects: [] };
  const effects: KubeletEffect[] = [];
  const main = runtime.main.map((container, index) => {
    const spec = pod.spec.containers[index];
    const kill = kills.find((each) => each.container === container.name);
    if (spec === undefined || kill === undefined || container.phase !== 'running') return container;
    const about = containerWorld(pod, runtime, spec, 'main', world, world.hasImage(spec.image));
    const step = restartContainer(spec, container, { ...about, graceMs: kill.graceMs }, kill.message);
    effects.push(...step.effects);
    return step.runtime;
  });
  return { runtime: { ...runtime, main }, effects };
}
