import type { ClusterObject } from '../store/types.ts';
import { buildNodeStatus, podNetwork } from './build-node.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Node } from './kubernetes-shapes.ts';
import { reportConditions } from './node-conditions.ts';
import { isNodeLost, nodeSimulationMistake } from './node-simulation.ts';

/** Kubelets say that they live in Lease objects, not in the node's status, so that an idle node is not news. */
const heartbeatMs = 10_000;
const leaseDurationSeconds = 40;
const leaseNamespace = 'kube-node-lease';

/**
 * Brings every Node object to life: a node without a status (ours at start, or one created over the API) gets a pod
 * network and the status of a healthy machine; heartbeats renew its Lease. A lost node's kubelet does nothing.
 */
export function createNodeController(context: ClusterContext): Controller {
  const { store, clock } = context;
  const nodes = createKindClient<Node>(store, 'kubelet', '', 'nodes');
  const leases = createKindClient<ClusterObject>(store, 'kubelet', 'coordination.k8s.io', 'leases');
  /** Whether the node was schedulable when its kubelet last looked, by uid. */
  const wasSchedulable = new Map<string, boolean>();

  function tell(node: Node, reason: string, message = `Node ${node.metadata.name} status is now: ${reason}`): void {
    const { name } = node.metadata;
    const type = reason === 'UnknownSimulation' ? 'Warning' : 'Normal';
    context.events.record(node, { type, reason, message, component: 'kubelet', host: name });
  }

  function renewLease(node: Node): void {
    const { name, uid } = node.metadata;
    const lease = leases.get(leaseNamespace, name);
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds,
      renewTime: `${new Date(clock.now()).toISOString().slice(0, 23)}000Z`,
    };
    if (lease !== undefined) {
      leases.update({ ...lease, spec });
      return;
    }
    leases.create({
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace: leaseNamespace, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid }] },
      spec,
    });
  }

  /** The first free index, so that every node has a pod network and an address of its own. */
  function indexOf(node: Node): number {
    const own = podNetworkIndex(node);
    if (own !== undefined) return own;
    const taken = new Set(nodes.list().map(podNetworkIndex));
    let index = 0;
    while (taken.has(index)) index += 1;
    return index;
  }

  /** A node that nobody has described is a machine like all others; one with resources of its own keeps them. */
  function report(node: Node, index: number): Node {
    const isNew = node.status?.conditions?.some(({ type }) => type === 'Ready') !== true;
    const { conditions, events } = reportConditions(node, clock.now());
    if (events.length === 0) return node;
    const status = isNew ? describeNew(node, index) : node.status;
    const reported = nodes.updateStatus(node, { ...status, conditions });
    if (isNew) {
      tell(node, 'Starting', 'Starting kubelet.');
      tell(node, 'NodeAllocatableEnforced', 'Updated Node Allocatable limit across pods');
    }
    for (const reason of events) tell(node, reason);
    return reported;
  }

  function describeNew(node: Node, index: number): NonNullable<Node['status']> {
    const described = buildNodeStatus(node, index, clock.now());
    const nodeInfo = { ...described.nodeInfo, ...(node.status?.nodeInfo as object | undefined) };
    return { ...described, ...ownResources(node), nodeInfo };
  }

  function tellSchedulable(node: Node): void {
    const uid = node.metadata.uid ?? '';
    const isSchedulable = node.spec?.unschedulable !== true;
    const before = wasSchedulable.get(uid);
    wasSchedulable.set(uid, isSchedulable);
    if (before === undefined || before === isSchedulable) return;
    tell(node, isSchedulable ? 'NodeSchedulable' : 'NodeNotSchedulable');
  }

  /** Renews the lease when it is due, whatever change woke the loop, and says when it is due again. */
  function heartbeat(node: Node): number {
    const renewed = leases.get(leaseNamespace, node.metadata.name)?.spec as { renewTime?: string } | undefined;
    const age = renewed?.renewTime === undefined ? heartbeatMs : clock.now() - Date.parse(renewed.renewTime);
    if (age >= 0 && age < heartbeatMs) return heartbeatMs - age;
    renewLease(node);
    return heartbeatMs;
  }

  return {
    name: 'node',
    keysOf: keysByResource({
      nodes: (object, { type }) => {
        if (type === 'DELETED') wasSchedulable.delete(object.metadata.uid ?? '');
        return ownKey(object);
      },
    }),
    reconcile(key) {
      const { name } = splitKey(key);
      const node = nodes.get(undefined, name);
      if (node === undefined || node.metadata.deletionTimestamp !== undefined) return undefined;
      const mistake = nodeSimulationMistake(node);
      if (mistake !== undefined) tell(node, 'UnknownSimulation', mistake);
      const index = indexOf(node);
      const spec = { ...podNetwork(index), ...node.spec };
      const connected = spec.podCIDR === node.spec?.podCIDR ? node : nodes.update({ ...node, spec });
      if (isNodeLost(connected)) return undefined;
      tellSchedulable(connected);
      return heartbeat(report(connected, index));
    },
  };
}

function ownResources({ status }: Node): object {
  return {
    ...(status?.capacity === undefined ? {} : { capacity: status.capacity }),
    ...(status?.allocatable === undefined ? {} : { allocatable: status.allocatable }),
    ...(status?.addresses === undefined ? {} : { addresses: status.addresses }),
  };
}

function podNetworkIndex(node: Node): number | undefined {
  const match = /^10\.244\.(\d+)\.0\/24$/.exec(node.spec?.podCIDR ?? '');
  return match === null ? undefined : Number(match[1]);
}
