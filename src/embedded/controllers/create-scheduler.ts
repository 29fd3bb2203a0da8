import { assignPod } from '../store/assign-pod.ts';
import type { ClusterObject, StoreEvent } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, PersistentVolumeClaim, Pod } from './kubernetes-shapes.ts';
import { isFinished } from './pod-state.ts';
import { createDefaultSelector } from './scheduling/create-default-selector.ts';
import { createNodeCache } from './scheduling/create-node-cache.ts';
import { createSchedulerEvents } from './scheduling/create-scheduler-events.ts';
import { type ClusterChange, createSchedulingQueue } from './scheduling/create-scheduling-queue.ts';
import { createVolumeView, selectedNodeAnnotation } from './scheduling/create-volume-view.ts';
import { decidePlacement, type Placement } from './scheduling/decide-placement.ts';
import { type Budget, decidePreemption } from './scheduling/decide-preemption.ts';
import { describeRefusals } from './scheduling/describe-refusals.ts';
import { isNodeChangeOfInterest } from './scheduling/is-node-change-of-interest.ts';
import type { SchedulingWorld } from './scheduling/scheduling-rules.ts';
import { setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const schedulerName = 'default-scheduler';
/** All of the scheduler's work hangs on one key; its own queue knows whose turn it is. */
const turn = 'pods';
/** So many pods are tried, or for so long, before others of the event loop have their turn. */
const podsPerTurn = 16;
const turnMs = 4;
/** A claim is usually made together with its pod and bound a moment later; that is nothing to complain of. */
const bindingPatienceMs = 2_000;
/** Told first of every pod that cannot be placed: no device claims could be taken back for it. */
const noDevices = 'no new claims to deallocate';

/** Gives every waiting pod a node, or says why it has none; room for the important is made at the cost of others. */
export function createScheduler(context: ClusterContext): Controller {
  const { store, clock } = context;
  const pods = createKindClient<Pod>(store, 'kube-scheduler', '', 'pods');
  const nodes = createKindClient<Node>(store, 'kube-scheduler', '', 'nodes');
  const claims = createKindClient<PersistentVolumeClaim>(store, 'kube-scheduler', '', 'persistentvolumeclaims');
  const budgets = createKindClient<Budget>(store, 'kube-scheduler', 'policy', 'poddisruptionbudgets');
  const namespaces = createKindClient<ClusterObject>(store, 'kube-scheduler', '', 'namespaces');
  const cache = createNodeCache();
  const queue = createSchedulingQueue(() => clock.now());
  const volumes = createVolumeView(store);
  const defaultSelector = createDefaultSelector(store);
  const events = createSchedulerEvents(context);
  /** Pods that were promised a node, by key: after a preemption, or while their volumes are being made. */
  const promises = new Map<string, string>();
  let hasNewTask = false;

  function world(): SchedulingWorld {
    return {
      nodes: cache.nodes(),
      namespaceLabels: (name) => namespaces.get(undefined, name)?.metadata.labels,
      defaultSelector,
      volumes,
    };
  }

  function nominations(): ReadonlyMap<string, readonly Pod[]> {
    const byNode = new Map<string, Pod[]>();
    for (const [key, node] of promises) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (pod === undefined || !isWaiting(pod)) promises.delete(key);
      else byNode.set(node, [...(byNode.get(node) ?? []), pod]);
    }
    return byNode;
  }

  function schedule(key: string): void {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (pod === undefined || !isSchedulable(pod)) {
      queue.remove(key);
      return;
    }
    if (cache.nodes().length === 0) {
      refuse(key, pod, 'no nodes available to schedule pods', new Set(['NoNodes']), undefined);
      return;
    }
    const placement = decidePlacement(pod, world(), nominations());
    if ('node' in placement) place(key, pod, placement.node);
    else if (placement.problem !== undefined && isYoungClaim(pod)) awaitVolumes(key, pod);
    else explain(key, pod, placement);
  }

  function awaitVolumes(key: string, pod: Pod): void {
    queue.park(key, pod.spec.priority ?? 0, new Set(['VolumeBinding']));
  }

  /** Claims that wait for the pod's node are told of it first; the pod follows when they are bound. */
  function place(key: string, pod: Pod, node: string): void {
    const delayed = volumes.delayedClaims(pod);
    for (const claim of delayed) {
      if (claim.metadata.annotations?.[selectedNodeAnnotation] === node) continue;
      const annotations = { ...claim.metadata.annotations, [selectedNodeAnnotation]: node };
      claims.update({ ...claim, metadata: { ...claim.metadata, annotations } });
    }
    if (delayed.length > 0) {
      promises.set(key, node);
      awaitVolumes(key, pod);
      return;
    }
    promises.delete(key);
    queue.remove(key);
    const nodeLabels = nodes.get(undefined, node)?.metadata.labels;
    const assignment = { node, now: timestamp(clock.now()), ...(nodeLabels === undefined ? {} : { nodeLabels }) };
    store.update(pods.resource, assignPod(pod, assignment), { fieldManager: 'kube-scheduler', subresource: 'binding' });
    const message = `Successfully assigned ${keyOf(pod)} to ${node}`;
    events.record(pod, { type: 'Normal', reason: 'Scheduled', action: 'Binding', message });
  }

  function explain(key: string, pod: Pod, placement: Exclude<Placement, { node: string }>): void {
    const all = cache.nodes().length;
    const reasons = [...placement.refusals.values()].map((refusal) => refusal.reasons);
    const refusal =
      placement.problem === undefined
        ? describeRefusals(all, reasons, placement.absent)
        : `0/${all} nodes are available: ${placement.problem}.`;
    const preemption = decidePreemption(pod, placement, world(), nominations(), budgets.list());
    if ('node' in preemption) {
      promises.set(key, preemption.node);
      refuse(key, pod, refusal, placement.plugins, preemption.node);
      for (const victim of preemption.victims) evict(victim, pod, preemption.node);
      return;
    }
    if (preemption.clears) promises.delete(key);
    const nominated = preemption.clears ? '' : undefined;
    refuse(key, pod, `${refusal} ${noDevices}, preemption: ${preemption.refused}`, placement.plugins, nominated);
  }

  function evict(victim: Pod, preemptor: Pod, node: string): void {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'PreemptionByScheduler',
      message: `${preemptor.spec.schedulerName ?? schedulerName}: preempting to accommodate a higher priority pod`,
      ...observed(victim),
    } as const;
    const conditions = setCondition(victim.status?.conditions ?? [], condition, timestamp(clock.now()));
    const current = pods.get(victim.metadata.namespace, victim.metadata.name);
    if (current === undefined || current.metadata.deletionTimestamp !== undefined) return;
    pods.delete(pods.updateStatus(current, { ...current.status, conditions }));
    events.record(victim, {
      type: 'Normal',
      reason: 'Preempted',
      action: 'Preempting',
      message: `Preempted by pod ${preemptor.metadata.uid ?? ''} on node ${node}`,
      related: preemptor,
    });
  }

  /** `nominated` is the node the pod was promised; empty takes an earlier promise back, undefined leaves it. */
  function refuse(
    key: string,
    pod: Pod,
    message: string,
    plugins: ReadonlySet<string>,
    nominated: string | undefined,
  ): void {
    queue.park(key, pod.spec.priority ?? 0, plugins);
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
      ...observed(pod),
    } as const;
    const conditions = setCondition(pod.status?.conditions ?? [], condition, timestamp(clock.now()));
    const { nominatedNodeName, ...status } = pod.status ?? {};
    const kept = nominated ?? nominatedNodeName ?? '';
    pods.updateStatus(pod, { ...status, ...(kept === '' ? {} : { nominatedNodeName: kept }), conditions });
    events.record(pod, { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message });
  }

  /** How long claims may still be on their way without a word about them. */
  function isYoungClaim(pod: Pod): boolean {
    const born = (pod.spec.volumes ?? []).flatMap((volume) => {
      const claim = claims.get(pod.metadata.namespace, volume.persistentVolumeClaim?.claimName ?? '');
      return Date.parse(claim?.metadata.creationTimestamp ?? '') || [];
    });
    return born.some((bornMs) => clock.now() - bornMs < bindingPatienceMs);
  }

  function observePod(change: StoreEvent): ClusterChange | undefined {
    const pod = change.object as Pod;
    const key = keyOf(pod);
    const before = change.previous as Pod | undefined;
    if (change.type === 'DELETED' || !isSchedulable(pod)) {
      queue.remove(key);
      promises.delete(key);
    } else if (isNewTask(before, pod)) {
      queue.add(key, pod.spec.priority ?? 0);
      hasNewTask = true;
    }
    const nominated = pod.status?.nominatedNodeName;
    if (nominated !== undefined && change.type !== 'DELETED' && isSchedulable(pod)) promises.set(key, nominated);
    if ((pod.spec.nodeName ?? '') === '') return undefined;
    if (change.type === 'DELETED' || (isFinished(pod) && before !== undefined && !isFinished(before)))
      return 'pod-gone';
    // A pod that was made smaller leaves room as well.
    if (before !== undefined && before.spec !== pod.spec && (before.spec.nodeName ?? '') !== '') return 'pod-gone';
    const isPlaced = (before?.spec.nodeName ?? '') === '' || before?.metadata.labels !== pod.metadata.labels;
    return isPlaced ? 'pod-placed' : undefined;
  }

  function changeOf(change: StoreEvent, plural: string): ClusterChange | undefined {
    switch (plural) {
      case 'pods':
        return observePod(change);
      case 'nodes':
        return isNodeChangeOfInterest(change) ? 'node' : undefined;
      case 'persistentvolumeclaims':
      case 'persistentvolumes':
      case 'storageclasses':
        return 'volume';
      case 'namespaces':
        return 'namespace';
      default:
        return undefined;
    }
  }

  return {
    name: 'scheduler',
    keysOf(change, resource) {
      cache.observe(change, resource);
      hasNewTask = false;
      const kind = changeOf(change, resource.plural);
      const isAwake = kind !== undefined && queue.wake(kind);
      return isAwake || hasNewTask ? [turn] : [];
    },
    reconcile() {
      const startedAt = clock.now();
      for (let count = 0; count < podsPerTurn; count += 1) {
        const key = queue.pop();
        if (key === undefined) break;
        attempt(key);
        if (clock.now() - startedAt >= turnMs) break;
      }
      return queue.nextInMs();
    },
  };

  /** One pod that cannot be handled must not keep the others from theirs. */
  function attempt(key: string): void {
    try {
      schedule(key);
    } catch (cause) {
      context.logger.warn({ controller: 'scheduler', key, err: cause }, 'a pod could not be scheduled');
      queue.park(key, 0, new Set(['NodeResourcesFit']));
    }
  }
}

function observed(pod: Pod): { readonly observedGeneration?: number } {
  const { generation } = pod.metadata;
  return generation === undefined ? {} : { observedGeneration: generation };
}

/** Waits for a node, and this scheduler is the one to find it. */
function isWaiting(pod: Pod): boolean {
  return (
    (pod.spec.nodeName ?? '') === '' &&
    pod.metadata.deletionTimestamp === undefined &&
    !isFinished(pod) &&
    (pod.spec.schedulerName ?? schedulerName) === schedulerName
  );
}

function isSchedulable(pod: Pod): boolean {
  return isWaiting(pod) && (pod.spec.schedulingGates ?? []).length === 0;
}

/** New, let through by its last gate, or changed in what it asks for. */
function isNewTask(before: Pod | undefined, pod: Pod): boolean {
  return before === undefined || before.spec !== pod.spec || before.metadata.labels !== pod.metadata.labels;
}
