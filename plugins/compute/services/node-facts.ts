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
