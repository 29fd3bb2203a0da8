import type { StoreEvent } from '../store/types.ts';
import { objectionToPod } from './admit-to-node.ts';
import { imageSize } from './advance-container.ts';
import { advancePod, type PodWorld } from './advance-pod.ts';
import { buildPodStatus, imageDigest } from './build-pod-status.ts';
import type { ClusterContext } from './cluster-context.ts';
import { killContainers } from './container-kills.ts';
import type { KubeletEffect, PodFailure, PodRuntime } from './container-runtime.ts';
import { type Controller, keyOf, keysByResource, splitKey } from './controller.ts';
import { createAddressPool } from './create-address-pool.ts';
import { decideEviction, evictionFailure } from './decide-eviction.ts';
import { createConfigFinder } from './find-missing-config.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, Pod } from './kubernetes-shapes.ts';
import type { ContainerLogs } from './logs/create-container-logs.ts';
import { newPodRuntime, withNewEphemeralContainers } from './new-pod-runtime.ts';
import { isNodeLost, nodeSimulations } from './node-simulation.ts';
import { isFinished } from './pod-state.ts';
import { randomHex } from './random-suffix.ts';
import { simulationMistakes } from './read-simulation.ts';
import { deferredRetryMs, resizePod } from './resize-pod.ts';
import { NodeInfo } from './scheduling/node-info.ts';
import { failPod, stopPod } from './stop-pod.ts';

/** Key of a node's own work; no pod has a slash in front of its name without a namespace. */
const nodeKeyPrefix = '/';
/** A kubelet under pressure ends one pod at a time and then looks whether it has helped. */
const evictionPauseMs = 10_000;
/** A node's status names so many images at most, the largest. */
const imagesTold = 50;

/** The kubelets of all nodes: runs the pods bound to them in simulation and reports their status and events. */
export function createKubelet(context: ClusterContext, logs: ContainerLogs): Controller {
  const { store, clock, speed } = context;
  const pods = createKindClient<Pod>(store, 'kubelet', '', 'pods');
  const nodes = createKindClient<Node>(store, 'kubelet', '', 'nodes');
  const config = createConfigFinder(store);
  const addresses = createAddressPool();
  /** What runs, by key of the pod. */
  const running = new Map<string, PodRuntime>();
  const images = new Map<string, Set<string>>();

  /** The node with the pods that have not ended, without this one. */
  function nodeWithout(node: Node, pod: Pod): NodeInfo {
    const others = context.podIndex
      .onNode(node.metadata.name)
      .filter((other) => !isFinished(other) && other.metadata.uid !== pod.metadata.uid);
    return new NodeInfo(node, others);
  }

  /** The address is given when the sandbox stands, as the network plugin does. */
  function withAddress(pod: Pod, node: Node, runtime: PodRuntime): PodRuntime {
    if (runtime.podIP !== '' || runtime.sandboxAtMs > clock.now()) return runtime;
    if (pod.spec.hostNetwork === true) return { ...runtime, podIP: runtime.hostIP };
    const given = context.podNetwork.addressing?.(pod);
    if (given !== undefined) return 'address' in given ? { ...runtime, podIP: given.address } : runtime;
    return { ...runtime, podIP: addresses.take(node.spec.podCIDR ?? '10.244.255.0/24') ?? '' };
  }

  /** Why a pod without an address gets none; undefined when it has one, or gets it. */
  function networkProblem(pod: Pod): string | undefined {
    if (pod.spec.hostNetwork === true || (running.get(keyOf(pod))?.podIP ?? '') !== '') return undefined;
    const given = context.podNetwork.addressing?.(pod);
    return given !== undefined && 'problem' in given ? given.problem : undefined;
  }

  function forget(key: string): void {
    const runtime = running.get(key);
    if (runtime === undefined) return;
    running.delete(key);
    if (runtime.podIP !== runtime.hostIP) addresses.release(runtime.podIP);
    logs.forgetPod(runtime.uid);
    context.containerKills.take(runtime.uid);
  }

  function imagesOf(node: string): Set<string> {
    const known = images.get(node) ?? new Set<string>();
    images.set(node, known);
    return known;
  }

  /** The node tells which images it holds, so that the scheduler may prefer it for them. */
  function keepImage(name: string, image: string): void {
    const known = imagesOf(name);
    const node = nodes.get(undefined, name);
    if (known.has(image) || node === undefined) return;
    known.add(image);
    const list = [...known]
      .map((each) => ({ names: [`${withoutTag(each)}@sha256:${imageDigest(each)}`, each], sizeBytes: imageSize(each) }))
      .sort((left, right) => right.sizeBytes - left.sizeBytes)
      .slice(0, imagesTold);
    nodes.updateStatus(node, { ...node.status, images: list });
  }

  function carryOut(pod: Pod, effect: KubeletEffect): void {
    switch (effect.do) {
      case 'keep-image':
        keepImage(pod.spec.nodeName ?? '', effect.image);
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

  /** A pod that came past the scheduler is turned away when the node has no room for it. */
  function admit(key: string, pod: Pod, node: Node): PodRuntime | undefined {
    // A pod that already ran, before the kubelet was started anew, has been admitted.
    const objection = pod.status?.startTime === undefined ? objectionToPod(pod, nodeWithout(node, pod)) : undefined;
    if (objection === undefined) {
      for (const mistake of simulationMistakes(pod)) record(pod, 'Warning', 'UnknownSimulation', mistake);
      return newPodRuntime(pod, node, clock.now(), speed);
    }
    record(pod, 'Warning', objection.reason, objection.message);
    const message = `Pod was rejected: ${objection.message}`;
    pods.updateStatus(pod, { ...pod.status, phase: 'Failed', reason: objection.reason, message });
    running.delete(key);
    return undefined;
  }

  function worldOf(pod: Pod, node: Node): PodWorld {
    const namespace = pod.metadata.namespace ?? '';
    return {
      nowMs: clock.now(),
      speed,
      hasImage: (image) => imagesOf(node.metadata.name).has(image),
      missingConfig: (container) => config.missingConfig(namespace, container),
      missingVolume: config.missingVolume(pod),
      networkProblem: networkProblem(pod),
      newContainerId: () => randomHex(context.random, 64),
    };
  }

  function run(key: string, pod: Pod, node: Node): number | undefined {
    const known = running.get(key) ?? admit(key, pod, node);
    if (known === undefined) return undefined;
    const expired = pastDeadline(pod, known, clock.now());
    if (expired === 0) return fail(key, pod, known, deadlineFailure);
    const world = worldOf(pod, node);
    const current = withNewEphemeralContainers(pod, known);
    const needsResize = pod.metadata.generation !== 1 || current.resize !== undefined;
    const resized = needsResize
      ? resizePod(
          pod,
          current,
          new NodeInfo(
            node,
            context.podIndex.onNode(node.metadata.name).filter((each) => !isFinished(each)),
          ),
          world,
        )
      : { runtime: current, effects: [] };
    const killed = killContainers(pod, resized.runtime, context.containerKills.take(current.uid), world);
    const step = advancePod(pod, killed.runtime, world);
    const runtime = withAddress(pod, node, step.runtime);
    running.set(key, runtime);
    for (const effect of [...resized.effects, ...killed.effects, ...step.effects]) carryOut(pod, effect);
    pods.updateStatus(pod, buildPodStatus(pod, runtime, world.nowMs));
    const resizeInMs = nextResizeMs(runtime, world.nowMs);
    const next = Math.min(step.nextAtMs - world.nowMs, resizeInMs, expired ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(next) ? Math.max(0, next) : undefined;
  }

  /** Ends everything of the pod at once; the object stays and says why. */
  function fail(key: string, pod: Pod, runtime: PodRuntime, failure: PodFailure): undefined {
    const step = failPod(runtime, failure, clock.now());
    running.set(key, step.runtime);
    for (const effect of step.effects) carryOut(pod, effect);
    record(pod, 'Warning', failure.reason, failure.message);
    pods.updateStatus(pod, buildPodStatus(pod, step.runtime, clock.now()));
    return undefined;
  }

  /** Stops what runs, then gives the object back to the registry, which removes it. */
  function terminate(key: string, pod: Pod): number | undefined {
    const known = running.get(key);
    let last = pod;
    if (known !== undefined) {
      const graceMs = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
      const step = stopPod(pod, known, { nowMs: clock.now(), speed, graceMs });
      running.set(key, step.runtime);
      for (const effect of step.effects) carryOut(pod, effect);
      last = isFinished(pod) ? pod : pods.updateStatus(pod, buildPodStatus(pod, step.runtime, clock.now()));
      if (step.nextAtMs !== undefined) return Math.max(0, step.nextAtMs - clock.now());
      for (const { name } of [...step.runtime.init, ...step.runtime.main, ...step.runtime.ephemeral]) {
        logs.close(pod.metadata.uid ?? '', name, 0);
      }
    }
    const isHeldByGrace =
      (last.metadata.deletionGracePeriodSeconds ?? 0) > 0 || (last.metadata.finalizers ?? []).length === 0;
    if (isHeldByGrace) pods.delete(last, { gracePeriodSeconds: 0 });
    return undefined;
  }

  /** Under pressure a kubelet ends its pods one by one, the least important first. */
  function relieve(name: string): number | undefined {
    const node = nodes.get(undefined, name);
    const simulations = nodeSimulations(node);
    const pressure = (['memory-pressure', 'disk-pressure'] as const).find((each) => simulations.has(each));
    if (pressure === undefined || simulations.has('lost')) return undefined;
    const candidates = context.podIndex.onNode(name).filter((pod) => !isFinished(pod) && running.has(keyOf(pod)));
    const victim = decideEviction(candidates);
    const runtime = victim === undefined ? undefined : running.get(keyOf(victim));
    if (victim === undefined || runtime === undefined) return evictionPauseMs;
    fail(keyOf(victim), victim, runtime, evictionFailure(victim, pressure));
    return evictionPauseMs / speed;
  }

  function observePod(pod: Pod, { type }: StoreEvent): readonly string[] {
    const key = keyOf(pod);
    const isMine = (pod.spec.nodeName ?? '') !== '' || running.has(key) || type === 'DELETED';
    return isMine ? [key] : [];
  }

  /** Most news of a node is nothing to its pods. */
  function observeNode(node: Node, { type, previous }: StoreEvent): readonly string[] {
    const { name } = node.metadata;
    const before = previous as Node | undefined;
    const isNews =
      type !== 'MODIFIED' ||
      before?.metadata.annotations !== node.metadata.annotations ||
      (before?.status === undefined && node.status !== undefined);
    if (!isNews) return [];
    if (type === 'DELETED') images.delete(name);
    return [`${nodeKeyPrefix}${name}`, ...context.podIndex.onNode(name).map(keyOf)];
  }

  function reconcilePod(key: string): number | undefined {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (running.get(key)?.uid !== pod?.metadata.uid) forget(key);
    if (pod === undefined) return undefined;
    const bound = pod.spec.nodeName ?? '';
    const node = nodes.get(undefined, bound);
    // A kubelet that nobody can reach says nothing and hears of nothing; a pod of no node waits for its collector.
    if (bound !== '' && (node === undefined || isNodeLost(node))) return undefined;
    if (pod.metadata.deletionTimestamp !== undefined) return terminate(key, pod);
    if (node === undefined || findAllocatable(node) === undefined) return undefined;
    // An ended pod keeps its logs until it is deleted, but nothing of it runs.
    return isFinished(pod) ? undefined : run(key, pod, node);
  }

  return {
    name: 'kubelet',
    connect: (enqueue) => context.containerKills.onRequest(enqueue),
    keysOf: keysByResource({
      pods: (object, change) => observePod(object as Pod, change),
      // A claim that was bound lets the pods begin that wait for it.
      persistentvolumeclaims: (object) =>
        context.podIndex
          .claiming(object.metadata.namespace, object.metadata.name)
          .filter((pod) => pod.spec.nodeName !== undefined)
          .map(keyOf),
      nodes: (object, change) => observeNode(object as Node, change),
    }),
    reconcile: (key) => (key.startsWith(nodeKeyPrefix) ? relieve(key.slice(nodeKeyPrefix.length)) : reconcilePod(key)),
  };
}

const deadlineFailure: PodFailure = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

/** Milliseconds until the pod has been active for too long, 0 when it has; undefined without a deadline. */
function pastDeadline(pod: Pod, { startedAtMs }: PodRuntime, nowMs: number): number | undefined {
  const seconds = pod.spec.activeDeadlineSeconds;
  return seconds === undefined ? undefined : Math.max(0, startedAtMs + seconds * 1000 - nowMs);
}

function nextResizeMs({ resize }: PodRuntime, nowMs: number): number {
  if (resize === undefined) return Number.POSITIVE_INFINITY;
  return Number.isFinite(resize.doneAtMs) ? Math.max(0, resize.doneAtMs - nowMs) : deferredRetryMs;
}

/** A node that has just been registered does not know yet what it has. */
function findAllocatable(node: Node): unknown {
  return node.status?.allocatable ?? node.status?.capacity;
}

function withoutTag(image: string): string {
  return image.replace(/@.*$/, '').replace(/:[^/:]*$/, '');
}
