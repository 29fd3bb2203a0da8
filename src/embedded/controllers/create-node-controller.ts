import type { ClusterObject } from '../store/types.ts';
import { buildNodeStatus, podNetwork } from './build-node.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keysByResource, ownKey, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { Node, Taint } from './kubernetes-shapes.ts';
import { findCondition } from './set-condition.ts';
import { timestamp } from './timestamp.ts';

/** Kubelets say that they live in Lease objects, not in the node's status, so that an idle node is not news. */
const heartbeatMs = 10_000;
const leaseDurationSeconds = 40;
const leaseNamespace = 'kube-node-lease';
const unschedulableTaint = 'node.kubernetes.io/unschedulable';

/**
 * Brings every Node object to life: a node without conditions (ours at start, or one created over the API) gets a pod
 * network and the status of a healthy machine; heartbeats renew its Lease; cordoning shows as a taint.
 */
export function createNodeController(context: ClusterContext): Controller {
  const { store, clock } = context;
  const nodes = createKindClient<Node>(store, 'kubelet', '', 'nodes');
  const leases = createKindClient<ClusterObject>(store, 'kubelet', 'coordination.k8s.io', 'leases');

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

  return {
    name: 'node',
    keysOf: keysByResource({ nodes: ownKey }),
    reconcile(key) {
      const { name } = splitKey(key);
      let node = nodes.get(undefined, name);
      if (node === undefined || node.metadata.deletionTimestamp !== undefined) return undefined;
      const index = indexOf(node);
      const spec = { ...podNetwork(index), ...node.spec, ...taintsOf(node) };
      if (spec.podCIDR !== node.spec?.podCIDR || spec.taints !== node.spec?.taints) {
        node = nodes.update({ ...node, spec });
      }
      if (findCondition(node.status?.conditions, 'Ready') === undefined) {
        node = nodes.updateStatus(node, buildNodeStatus(node, index, clock.now()));
        context.events.record(node, {
          type: 'Normal',
          reason: 'RegisteredNode',
          message: `Node ${name} event: Registered Node ${name} in Controller`,
          component: 'node-controller',
        });
        context.events.record(node, {
          type: 'Normal',
          reason: 'NodeReady',
          message: `Node ${name} status is now: NodeReady`,
          component: 'kubelet',
          host: name,
        });
      }
      return heartbeat(node);
    },
  };

  /** Renews the lease when it is due, whatever change woke the loop, and says when it is due again. */
  function heartbeat(node: Node): number {
    const renewed = leases.get(leaseNamespace, node.metadata.name)?.spec as { renewTime?: string } | undefined;
    const age = renewed?.renewTime === undefined ? heartbeatMs : clock.now() - Date.parse(renewed.renewTime);
    if (age >= 0 && age < heartbeatMs) return heartbeatMs - age;
    renewLease(node);
    return heartbeatMs;
  }

  function taintsOf(node: Node): { readonly taints?: readonly Taint[] } {
    const taints = node.spec?.taints ?? [];
    const isTainted = taints.some((taint) => taint.key === unschedulableTaint);
    if (isTainted === (node.spec?.unschedulable === true)) return {};
    const others = taints.filter((taint) => taint.key !== unschedulableTaint);
    if (isTainted) return { taints: others };
    return {
      taints: [...others, { key: unschedulableTaint, effect: 'NoSchedule', timeAdded: timestamp(clock.now()) }],
    };
  }
}

function podNetworkIndex(node: Node): number | undefined {
  const match = /^10\.244\.(\d+)\.0\/24$/.exec(node.spec?.podCIDR ?? '');
  return match === null ? undefined : Number(match[1]);
}
