import type { ClusterObject, ClusterStore, ResourceDefinition } from '../store/types.ts';
import { createKindClient } from './kind-client.ts';

/** All resources the cluster may hold objects of, for loops that concern every kind (namespaces, garbage). */
export interface ResourceCatalog {
  /** Every resource known by now, each once, whatever its version. */
  all(): readonly ResourceDefinition[];
  /** The resource an ownerReference speaks of; undefined when the cluster does not know the kind. */
  ofKind(group: string, kind: string): ResourceDefinition | undefined;
  /** Must be called for the resource of every change: what nobody announced is learned from its first object. */
  learn(resource: ResourceDefinition): void;
}

const builtIn: Readonly<Record<string, readonly string[]>> = {
  '': [
    'namespaces',
    'nodes',
    'pods',
    'services',
    'endpoints',
    'configmaps',
    'secrets',
    'serviceaccounts',
    'persistentvolumeclaims',
    'persistentvolumes',
    'events',
    'limitranges',
    'resourcequotas',
    'replicationcontrollers',
    'podtemplates',
  ],
  apps: ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions'],
  batch: ['jobs', 'cronjobs'],
  autoscaling: ['horizontalpodautoscalers'],
  policy: ['poddisruptionbudgets'],
  'networking.k8s.io': ['ingresses', 'networkpolicies', 'ingressclasses'],
  'discovery.k8s.io': ['endpointslices'],
  'coordination.k8s.io': ['leases'],
  'rbac.authorization.k8s.io': ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  'storage.k8s.io': ['storageclasses', 'volumeattachments', 'csidrivers', 'csinodes', 'csistoragecapacities'],
  'scheduling.k8s.io': ['priorityclasses'],
  'node.k8s.io': ['runtimeclasses'],
  'apiextensions.k8s.io': ['customresourcedefinitions'],
};

export function createResourceCatalog(store: ClusterStore): ResourceCatalog {
  const byName = new Map<string, ResourceDefinition>();
  const byKind = new Map<string, ResourceDefinition>();

  function learn(resource: ResourceDefinition): void {
    const name = `${resource.group}/${resource.plural}`;
    if (byName.has(name)) return;
    byName.set(name, resource);
    byKind.set(`${resource.group}/${resource.kind}`, resource);
  }

  function find(group: string, plural: string): ResourceDefinition | undefined {
    try {
      return store.resource(group, plural);
    } catch {
      // Not served by this cluster.
      return undefined;
    }
  }

  function learnCustomResources(): void {
    const definitions = find('apiextensions.k8s.io', 'customresourcedefinitions');
    if (definitions === undefined) return;
    for (const definition of createKindClient<CustomResourceDefinition>(
      store,
      '',
      definitions.group,
      definitions.plural,
    ).list()) {
      const resource = find(definition.spec.group, definition.spec.names.plural);
      if (resource !== undefined) learn(resource);
    }
  }

  for (const [group, plurals] of Object.entries(builtIn)) {
    for (const plural of plurals) {
      const resource = find(group, plural);
      if (resource !== undefined) learn(resource);
    }
  }

  return {
    all() {
      learnCustomResources();
      // A resource whose definition was deleted is no longer served.
      return [...byName.values()].filter(({ group, plural }) => find(group, plural) !== undefined);
    },
    ofKind(group, kind) {
      const known = byKind.get(`${group}/${kind}`);
      if (known !== undefined) return known;
      learnCustomResources();
      return byKind.get(`${group}/${kind}`);
    },
    learn,
  };
}

interface CustomResourceDefinition extends ClusterObject {
  readonly spec: { readonly group: string; readonly names: { readonly plural: string } };
}
