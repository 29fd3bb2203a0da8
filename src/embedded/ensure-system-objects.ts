import type { ObjectRegistry } from './store/object-registry.ts';
import { toDraft } from './store/to-draft.ts';

const namespaces = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const write = { fieldManager: 'kube-apiserver', isInternal: true };

/** The priorities of what a cluster cannot do without. */
const priorityClasses = [
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
];

interface SystemObject {
  readonly value?: number;
  readonly description?: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object };
  readonly spec?: object;
}

/** What every API server makes for itself: the system namespaces and the service clients inside find it by. */
export function ensureSystemObjects(registry: ObjectRegistry): void {
  for (const name of namespaces) ensure(registry, '', 'namespaces', { metadata: { name } });
  for (const { name, value, description } of priorityClasses) {
    ensure(registry, 'scheduling.k8s.io', 'priorityclasses', { metadata: { name }, value, description });
  }
  ensure(registry, '', 'services', {
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    },
  });
}

function ensure(registry: ObjectRegistry, group: string, plural: string, object: SystemObject): void {
  const resource = registry.catalog.find(group, plural);
  if (resource === undefined) return;
  const { namespace, name } = object.metadata;
  if (registry.storage.get(resource.definition, namespace, name) !== undefined) return;
  registry.create(resource, toDraft(resource.definition, object), write);
}
