import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, keysByResource, splitKey } from './controller.ts';
import { decideNodeForPod, type OccupiedNode } from './decide-node-for-pod.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, PersistentVolumeClaim, Pod } from './kubernetes-shapes.ts';
import { claimsOf } from './pod-claims.ts';
import { isFinished } from './pod-state.ts';
import { findCondition, setCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

const schedulerName = 'default-scheduler';
/** Without any change in the cluster an unschedulable pod is looked at again after this time, as the scheduler does. */
const retryMs = 300_000;
/** A claim is usually made together with its pod and bound a moment later; that is nothing to complain of. */
const bindingPatienceMs = 2_000;

/** Gives every waiting pod a node, or says why it has none. */
export function createScheduler(context: ClusterContext): Controller {
  const pods = createKindClient<Pod>(context.store, 'kube-scheduler', '', 'pods');
  const nodes = createKindClient<Node>(context.store, 'kube-scheduler', '', 'nodes');

  const claims = createKindClient<PersistentVolumeClaim>(context.store, 'kube-scheduler', '', 'persistentvolumeclaims');

  /** A pod waits for its volumes before any node is looked at. */
  function claimProblem(pod: Pod, nodeCount: number): string | undefined {
    for (const name of claimsOf(pod)) {
      const claim = claims.get(pod.metadata.namespace, name);
      const reason =
        claim === undefined
          ? `persistentvolumeclaim "${name}" not found`
          : claim.status?.phase === 'Bound'
            ? undefined
            : 'pod has unbound immediate PersistentVolumeClaims';
      if (reason === undefined) continue;
      const preemption = `preemption: 0/${nodeCount} nodes are available: ${nodeCount} Preemption is not helpful for scheduling.`;
      return `0/${nodeCount} nodes are available: ${reason}. ${preemption}`;
    }
    return undefined;
  }

  /** How long to wait quietly for claims that are about to be bound. */
  function patienceMs(pod: Pod): number {
    const pending = claimsOf(pod)
      .map((name) => claims.get(pod.metadata.namespace, name))
      .filter((claim) => claim !== undefined && claim.status?.phase !== 'Bound');
    const youngest = Math.max(0, ...pending.map((claim) => Date.parse(claim?.metadata.creationTimestamp ?? '') || 0));
    return youngest + bindingPatienceMs - context.clock.now();
  }

  function waitingKeys(): string[] {
    return pods.list().filter(isWaiting).map(keyOf);
  }

  function occupiedNodes(): OccupiedNode[] {
    const byNode = Map.groupBy(
      pods.list().filter((pod) => !isFinished(pod)),
      (pod) => pod.spec.nodeName ?? '',
    );
    return nodes.list().map((node) => ({ node, pods: byNode.get(node.metadata.name) ?? [] }));
  }

  function bind(pod: Pod, node: string): void {
    const bound = pods.update({ ...pod, spec: { ...pod.spec, nodeName: node } });
    const condition = { type: 'PodScheduled', status: 'True', lastProbeTime: null } as const;
    const now = timestamp(context.clock.now());
    pods.updateStatus(bound, {
      ...bound.status,
      conditions: setCondition(bound.status?.conditions ?? [], condition, now),
    });
    context.events.record(bound, {
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${keyOf(pod)} to ${node}`,
      component: schedulerName,
    });
  }

  /** The event is written when the reason is new or the retry came round, so that waiting is not noisy. */
  function refuse(pod: Pod, message: string): void {
    const known = findCondition(pod.status?.conditions, 'PodScheduled');
    const nowMs = context.clock.now();
    const lastTold = lastRefusals.get(keyOf(pod));
    const isNews = known?.message !== message || lastTold === undefined || nowMs - lastTold >= retryMs;
    const condition = {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message,
      lastProbeTime: null,
    } as const;
    const conditions = setCondition(pod.status?.conditions ?? [], condition, timestamp(nowMs));
    pods.updateStatus(pod, { ...pod.status, conditions });
    if (!isNews) return;
    lastRefusals.set(keyOf(pod), nowMs);
    context.events.record(pod, { type: 'Warning', reason: 'FailedScheduling', message, component: schedulerName });
  }
  const lastRefusals = new Map<string, number>();

  return {
    name: 'scheduler',
    keysOf: keysByResource({
      // A pod that leaves or ends makes room for those that wait.
      pods: (object, change) => {
        const pod = object as Pod;
        if (change.type === 'DELETED') lastRefusals.delete(keyOf(pod));
        if (change.type === 'DELETED' || isFinished(pod)) return waitingKeys();
        return isWaiting(pod) ? [keyOf(pod)] : [];
      },
      nodes: waitingKeys,
      persistentvolumeclaims: waitingKeys,
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const pod = pods.get(namespace, name);
      if (pod === undefined || !isWaiting(pod)) return undefined;
      if ((pod.spec.schedulingGates ?? []).length > 0) return undefined;
      const patience = patienceMs(pod);
      if (patience > 0) return patience;
      const candidates = occupiedNodes();
      const problem = claimProblem(pod, candidates.length);
      const placement = problem === undefined ? decideNodeForPod(pod, candidates) : { unschedulable: problem };
      if ('node' in placement) {
        lastRefusals.delete(key);
        bind(pod, placement.node);
        return undefined;
      }
      refuse(pod, placement.unschedulable);
      return retryMs;
    },
  };
}

function isWaiting(pod: Pod): boolean {
  return (
    (pod.spec.nodeName ?? '') === '' &&
    pod.metadata.deletionTimestamp === undefined &&
    !isFinished(pod) &&
    (pod.spec.schedulerName ?? schedulerName) === schedulerName
  );
}
