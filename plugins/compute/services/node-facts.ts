import type { NodeObject } from '../api.ts';

const rolePrefix = 'node-role.kubernetes.io/';

/** Roles as kubectl shows them: labels `node-role.kubernetes.io/<role>` and `kubernetes.io/role=<role>`, sorted. */
export function rolesOf(node: NodeObject): string[] {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) roles.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role' && value !== '') roles.add(value);
  }
  return [...roles].sort();
}

export const nodeTypes = {
  MASTER: 'It runs components of the control plane.',
  WORKER: 'It runs containers: a container runtime, kubelet and kube-proxy.',
} as const;
export type NodeType = keyof typeof nodeTypes;

/** By its roles; `master` is what kubeadm wrote before Kubernetes 1.24 (CMP-19). */
export function nodeTypeOf(node: NodeObject): NodeType {
  return rolesOf(node).some((role) => role === 'control-plane' || role === 'master') ? 'MASTER' : 'WORKER';
}

export const nodeStates = {
  READY: 'Its kubelet says that it can run pods.',
  NOT_READY: 'Its kubelet says that it cannot.',
  UNKNOWN: 'Its kubelet has not been heard for a while, or has not said yet.',
} as const;
export type NodeState = keyof typeof nodeStates;

export function nodeStateOf({ status }: NodeObject): NodeState {
  const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status;
  if (ready === 'True') return 'READY';
  return ready === 'False' ? 'NOT_READY' : 'UNKNOWN';
}

/** The first address inside the network of the nodes. */
export function internalIPOf({ status }: NodeObject): string | undefined {
  return status?.addresses?.find(({ type }) => type === 'InternalIP')?.address;
}

export function isNodeReady(node: NodeObject): boolean {
  return (
    node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
  );
}

/** Whether the scheduler may put new pods there: not cordoned. Taints are another matter. */
export function isNodeSchedulable(node: NodeObject): boolean {
  return node.spec?.unschedulable !== true;
}

export function zoneOf(node: NodeObject): string | undefined {
  return topologyOf(node, 'zone');
}

export function regionOf(node: NodeObject): string | undefined {
  return topologyOf(node, 'region');
}

export function instanceTypeOf(node: NodeObject): string | undefined {
  const { labels } = node.metadata;
  return labels?.['node.kubernetes.io/instance-type'] ?? labels?.['beta.kubernetes.io/instance-type'];
}

/** The second label is the one used before Kubernetes 1.17; old nodes still carry it. */
function topologyOf(node: NodeObject, what: 'zone' | 'region'): string | undefined {
  const { labels } = node.metadata;
  return labels?.[`topology.kubernetes.io/${what}`] ?? labels?.[`failure-domain.beta.kubernetes.io/${what}`];
}
