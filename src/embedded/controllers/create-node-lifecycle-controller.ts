import type { ClusterObject } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from './controller.ts';
import { decideNodeTaints, mayEvictFrom, type ZoneHealth } from './decide-node-taints.ts';
import { createKindClient } from './kind-client.ts';
import type { Condition, Node, Pod } from './kubernetes-shapes.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

/** A node that was heard of before is given up after this time, one that never reported after the longer one. */
const gracePeriodMs = 50_000;
const startupGracePeriodMs = 60_000;
const leaseNamespace = 'kube-node-lease';
/** What a silent kubelet cannot vouch for any more. */
const reportedTypes = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

interface Health {
  /** The heartbeat that was last seen, whatever its own clock says. */
  readonly heartbeat: string;
  readonly seenAtMs: number;
}

/** Watches over the nodes: who falls silent is unknown, its pods are not ready, and taints say so (`node-lifecycle`). */
export function createNodeLifecycleController(context: ClusterContext): Controller {
  const { store, clock } = context;
  const manager = 'kube-controller-manager';
  const nodes = createKindClient<Node>(store, manager, '', 'nodes');
  const leases = createKindClient<ClusterObject>(store, manager, 'coordination.k8s.io', 'leases');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');
  const health = new Map<string, Health>();
  /** Uids of nodes whose arrival has been told. */
  const known = new Map<string, Node>();

  function tell(node: Node, reason: string, message: string): void {
    context.events.record(node, { type: 'Normal', reason, message, component: 'node-controller' });
  }

  function greet(node: Node): void {
    const { name, uid } = node.metadata;
    if (known.get(name)?.metadata.uid === uid) return;
    known.set(name, node);
    health.delete(name);
    tell(node, 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
  }

  function farewell(name: string): void {
    const node = known.get(name);
    if (node === undefined) return;
    known.delete(name);
    health.delete(name);
    tell(node, 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
  }

  /** How long the node may stay silent from now on; negative when it has been silent for too long. */
  function patienceMs(node: Node): number {
    const { name } = node.metadata;
    const ready = findCondition(node.status?.conditions, 'Ready');
    const lease = leases.get(leaseNamespace, name)?.spec as { readonly renewTime?: string } | undefined;
    // Its own word alone counts: a condition that we have set ourselves is no sign of life.
    const heartbeat = `${ready?.lastHeartbeatTime ?? ''} ${lease?.renewTime ?? ''}`;
    const before = health.get(name);
    if (before?.heartbeat !== heartbeat) health.set(name, { heartbeat, seenAtMs: clock.now() });
    const seenAtMs = health.get(name)?.seenAtMs ?? clock.now();
    return seenAtMs + (ready === undefined ? startupGracePeriodMs : gracePeriodMs) - clock.now();
  }

  /** Returns the node as it is after its silence was noted. */
  function giveUp(node: Node): Node {
    const now = timestamp(clock.now());
    const wasReady = findCondition(node.status?.conditions, 'Ready')?.status === 'True';
    const conditions = node.status?.conditions ?? [];
    const silent = conditions.map((condition) =>
      reportedTypes.includes(condition.type) ? unknown(condition, now) : condition,
    );
    const never = reportedTypes
      .filter((type) => !conditions.some((condition) => condition.type === type))
      .map(
        (type): Condition => ({
          type,
          status: 'Unknown',
          reason: 'NodeStatusNeverUpdated',
          message: 'Kubelet never posted node status.',
          ...(node.metadata.creationTimestamp === undefined
            ? {}
            : { lastHeartbeatTime: node.metadata.creationTimestamp }),
          lastTransitionTime: now,
        }),
      );
    const noted = nodes.updateStatus(node, { ...node.status, conditions: [...silent, ...never] });
    if (wasReady) loseReadiness(noted);
    return noted;
  }

  function loseReadiness(node: Node): void {
    const { name } = node.metadata;
    tell(node, 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    const now = timestamp(clock.now());
    for (const pod of context.podIndex.onNode(name)) {
      const conditions = pod.status?.conditions ?? [];
      const ready = findCondition(conditions, 'Ready');
      if (ready?.status !== 'True') continue;
      const unready = { ...ready, status: 'False', lastTransitionTime: now } as const;
      pods.updateStatus(pod, {
        ...pod.status,
        conditions: conditions.map((condition) => (condition === ready ? unready : condition)),
      });
      const details = { type: 'Warning', reason: 'NodeNotReady', message: 'Node is not ready' } as const;
      context.events.record(pod, { ...details, component: 'node-controller' });
    }
  }

  function zonesOf(all: readonly Node[]): ReadonlyMap<string, ZoneHealth> {
    const zones = new Map<string, ZoneHealth>();
    for (const node of all) {
      const isReady = findCondition(node.status?.conditions, 'Ready')?.status === 'True';
      const zone = zones.get(zoneOf(node)) ?? { ready: 0, notReady: 0 };
      zones.set(zoneOf(node), {
        ready: zone.ready + Number(isReady),
        notReady: zone.notReady + Number(!isReady),
      });
    }
    return zones;
  }

  function taint(node: Node): void {
    const ready = findCondition(node.status?.conditions, 'Ready');
    // Only nodes that are not ready depend on how the others are.
    const zones = ready?.status === 'True' ? undefined : zonesOf(nodes.list());
    const zone = zones?.get(zoneOf(node));
    const mayEvict = zones === undefined || zone === undefined || mayEvictFrom(zone, [...zones.values()]);
    const taints = decideNodeTaints(node, mayEvict, timestamp(clock.now()));
    if (taints === node.spec?.taints || (taints.length === 0 && node.spec?.taints === undefined)) return;
    const { taints: _before, ...spec } = node.spec ?? {};
    nodes.update({ ...node, spec: taints.length === 0 ? spec : { ...spec, taints } });
  }

  /** When a node comes or goes, those that are gone already may or may no longer be evicted from. */
  function neighbours(node: Node, before: Node | undefined): readonly string[] {
    const readiness = (version: Node | undefined): string | undefined =>
      findCondition(version?.status?.conditions, 'Ready')?.status;
    if (readiness(node) === readiness(before)) return ownKey(node);
    const silent = nodes.list().filter((other) => readiness(other) !== 'True');
    return [...new Set([...ownKey(node), ...silent.flatMap(ownKey)])];
  }

  return {
    name: 'node-lifecycle',
    keysOf: keysByResource({
      nodes: (object, { previous }) => neighbours(object as Node, previous as Node | undefined),
    }),
    reconcile(key) {
      const { name } = splitKey(key);
      const node = nodes.get(undefined, name);
      if (node === undefined) {
        farewell(name);
        return undefined;
      }
      greet(node);
      const leftMs = patienceMs(node);
      const isSilent = leftMs <= 0;
      const isNoted = findCondition(node.status?.conditions, 'Ready')?.status === 'Unknown';
      taint(isSilent && !isNoted ? giveUp(node) : node);
      if (isSilent) return undefined;
      return leftMs;
    },
  };
}

function unknown(condition: Condition, now: string): Condition {
  if (condition.status === 'Unknown') return condition;
  return {
    ...condition,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
    lastTransitionTime: now,
  };
}

function zoneOf(node: Node): string {
  const labels = node.metadata.labels ?? {};
  return `${labels['topology.kubernetes.io/region'] ?? ''}:${labels['topology.kubernetes.io/zone'] ?? ''}`;
}
