import { advancePod } from './advance-pod.ts';
import { buildPodStatus } from './build-pod-status.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type KubeletEffect, newContainerRuntime, type PodRuntime } from './container-runtime.ts';
import { type Controller, keyOf, keysByResource, splitKey } from './controller.ts';
import { createAddressPool } from './create-address-pool.ts';
import { createConfigFinder } from './find-missing-config.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, Pod } from './kubernetes-shapes.ts';
import type { ContainerLogs } from './logs/create-container-logs.ts';
import { claimsOf } from './pod-claims.ts';
import { isFinished } from './pod-state.ts';
import { randomHex } from './random-suffix.ts';
import { timestamp } from './timestamp.ts';

const sandboxMs = 300;
/** However long the grace period, simulated processes obey SIGTERM within this time. */
const longestTerminationMs = 1_000;
/** An unready container tells of its failing probe this often, not at every probe, to keep the cluster quiet. */
const unhealthyEventMs = 300_000;

/** The kubelets of all nodes: runs the pods bound to them in simulation and reports their status and events. */
export function createKubelet(context: ClusterContext, logs: ContainerLogs): Controller {
  const { store, clock, speed } = context;
  const pods = createKindClient<Pod>(store, 'kubelet', '', 'pods');
  const nodes = createKindClient<Node>(store, 'kubelet', '', 'nodes');
  const config = createConfigFinder(store);
  const addresses = createAddressPool();
  /** What runs, by key of the pod. */
  const running = new Map<string, PodRuntime>();
  /** When the processes of a pod being deleted are gone, by its uid. */
  const terminations = new Map<string, number>();
  const images = new Map<string, Set<string>>();
  const unhealthyToldAt = new Map<string, number>();

  function admit(pod: Pod, node: Node): PodRuntime {
    const now = clock.now();
    const hasInit = (pod.spec.initContainers ?? []).length > 0;
    const restarts = new Map(
      [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].map((status) => [
        status.name,
        status.restartCount,
      ]),
    );
    return {
      uid: pod.metadata.uid ?? '',
      startedAtMs: now,
      sandboxAtMs: now + sandboxMs / speed,
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
    };
  }

  /** The address is given when the sandbox stands, as the network plugin does. */
  function withAddress(pod: Pod, node: Node, runtime: PodRuntime): PodRuntime {
    if (runtime.podIP !== '' || runtime.sandboxAtMs > clock.now()) return runtime;
    const own = pod.spec.hostNetwork === true ? runtime.hostIP : addresses.take(node.spec.podCIDR ?? '10.244.255.0/24');
    return { ...runtime, podIP: own ?? '' };
  }

  function forget(key: string): void {
    const runtime = running.get(key);
    if (runtime === undefined) return;
    running.delete(key);
    terminations.delete(runtime.uid);
    unhealthyToldAt.delete(runtime.uid);
    if (runtime.podIP !== runtime.hostIP) addresses.release(runtime.podIP);
    logs.forgetPod(runtime.uid);
  }

  function imagesOf(node: string): Set<string> {
    const known = images.get(node) ?? new Set<string>();
    images.set(node, known);
    return known;
  }

  function carryOut(pod: Pod, effect: KubeletEffect): void {
    const node = pod.spec.nodeName ?? '';
    switch (effect.do) {
      case 'keep-image':
        imagesOf(node).add(effect.image);
        return;
      case 'open-log':
        logs.open(pod, effect.container);
        return;
      case 'close-log':
        logs.close(pod.metadata.uid ?? '', effect.container, effect.exitCode);
        return;
      case 'record-event':
        record(pod, effect.type, effect.reason, effect.message, effect.fieldPath);
    }
  }

  function record(pod: Pod, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath?: string): void {
    context.events.record(pod, {
      type,
      reason,
      message,
      component: 'kubelet',
      host: pod.spec.nodeName ?? '',
      ...(fieldPath === undefined ? {} : { fieldPath }),
    });
  }

  function run(key: string, pod: Pod, node: Node): number | undefined {
    const nowMs = clock.now();
    const namespace = pod.metadata.namespace ?? '';
    const admitted = running.get(key) ?? admit(pod, node);
    const step = advancePod(pod, admitted, {
      nowMs,
      speed,
      hasImage: (image) => imagesOf(node.metadata.name).has(image),
      missingConfig: (container) => config.missingConfig(namespace, container),
      missingVolume: config.missingVolume(pod),
      newContainerId: () => randomHex(context.random, 64),
    });
    const runtime = withAddress(pod, node, step.runtime);
    running.set(key, runtime);
    for (const effect of step.effects) carryOut(pod, effect);
    const tellAgainMs = tellUnhealthy(pod, runtime);
    pods.updateStatus(pod, buildPodStatus(pod, runtime, nowMs));
    const next = Math.min(step.nextAtMs - nowMs, tellAgainMs);
    return Number.isFinite(next) ? Math.max(0, next) : undefined;
  }

  /** Returns after how long the probe's failure is told again; infinity when no container fails its probe for ever. */
  function tellUnhealthy(pod: Pod, runtime: PodRuntime): number {
    const index = runtime.main.findIndex(({ phase, readyAtMs }) => phase === 'running' && !Number.isFinite(readyAtMs));
    const spec = pod.spec.containers[index];
    if (spec === undefined) return Number.POSITIVE_INFINITY;
    const toldAt = unhealthyToldAt.get(runtime.uid);
    const waited = toldAt === undefined ? unhealthyEventMs : clock.now() - toldAt;
    if (waited < unhealthyEventMs) return unhealthyEventMs - waited;
    unhealthyToldAt.set(runtime.uid, clock.now());
    const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
    record(pod, 'Warning', 'Unhealthy', message, `spec.containers{${spec.name}}`);
    return unhealthyEventMs;
  }

  /** Stops what runs, then gives the object back to the registry, which removes it. */
  function terminate(key: string, pod: Pod): number | undefined {
    const uid = pod.metadata.uid ?? '';
    const runtime = running.get(key);
    const nowMs = clock.now();
    const known = terminations.get(uid);
    if (known === undefined && runtime !== undefined) {
      const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
      const delayMs = Math.min(graceMs, longestTerminationMs) / speed;
      terminations.set(uid, nowMs + delayMs);
      for (const container of runtime.main.filter(({ phase }) => phase === 'running')) {
        record(pod, 'Normal', 'Killing', `Stopping container ${container.name}`, `spec.containers{${container.name}}`);
      }
      if (delayMs > 0) return delayMs;
    } else if (known !== undefined && known > nowMs) {
      return known - nowMs;
    }
    let last = pod;
    if (runtime !== undefined) {
      const stopped = stopAll(pod, runtime, timestamp(nowMs));
      for (const { name } of [...runtime.init, ...runtime.main]) logs.close(uid, name, 0);
      last = pods.updateStatus(pod, buildPodStatus(pod, stopped, nowMs));
      running.set(key, stopped);
    }
    const isHeldByGrace =
      (last.metadata.deletionGracePeriodSeconds ?? 0) > 0 || (last.metadata.finalizers ?? []).length === 0;
    if (isHeldByGrace) pods.delete(last, { gracePeriodSeconds: 0 });
    return undefined;
  }

  return {
    name: 'kubelet',
    keysOf: keysByResource({
      pods: (object) => [keyOf(object)],
      // A claim that was bound lets the pods begin that wait for it.
      persistentvolumeclaims: (object) =>
        pods
          .list(object.metadata.namespace)
          .filter((pod) => pod.spec.nodeName !== undefined && claimsOf(pod).includes(object.metadata.name))
          .map(keyOf),
      nodes: (object) =>
        pods
          .list()
          .filter((pod) => pod.spec.nodeName === object.metadata.name)
          .map(keyOf),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (running.get(key)?.uid !== pod?.metadata.uid) forget(key);
      if (pod === undefined) return undefined;
      const node = nodes.get(undefined, pod.spec.nodeName ?? '');
      if (pod.metadata.deletionTimestamp !== undefined) return terminate(key, pod);
      if ((pod.spec.nodeName ?? '') === '') return undefined;
      // A pod whose node has gone is collected; one that never ran waits for its node to come.
      if (node === undefined) {
        if (running.has(key)) pods.delete(pod, { gracePeriodSeconds: 0 });
        return undefined;
      }
      // An ended pod keeps its logs until it is deleted, but nothing of it runs.
      if (isFinished(pod)) return undefined;
      return run(key, pod, node);
    },
  };
}

/** Servers end well when they are asked to; programs that were to run to their end have been interrupted. */
function stopAll(pod: Pod, runtime: PodRuntime, now: string): PodRuntime {
  const isServer = (pod.spec.restartPolicy ?? 'Always') === 'Always';
  const end = isServer ? { exitCode: 0, reason: 'Completed' } : { exitCode: 143, reason: 'Error' };
  const stop = (container: PodRuntime['main'][number]): PodRuntime['main'][number] =>
    container.phase !== 'running'
      ? { ...container, readyAtMs: Number.POSITIVE_INFINITY }
      : {
          ...container,
          phase: 'ended',
          readyAtMs: Number.POSITIVE_INFINITY,
          dueAtMs: Number.POSITIVE_INFINITY,
          state: {
            terminated: {
              ...end,
              startedAt: container.state.running?.startedAt ?? now,
              finishedAt: now,
              containerID: container.containerId,
            },
          },
        };
  return { ...runtime, init: runtime.init.map(stop), main: runtime.main.map(stop) };
}
