import type { ClusterStore } from '../../src/embedded/store/types.ts';
import { podStatusOf } from './many-pods.ts';

export const workloads = 100;
export const podsPerWorkload = 10;

export interface WorkloadPods {
  readonly name: string;
  readonly namespace: string;
  readonly pods: readonly BenchPod[];
}

export interface BenchPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly creationTimestamp: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly nodeName: string; readonly containers: readonly { name: string; image: string }[] };
  readonly status: {
    readonly phase: string;
    readonly podIP: string;
    readonly containerStatuses: readonly { name: string; image: string; ready: boolean; restartCount: number }[];
  };
}

/** Deployments with a ReplicaSet and ten pods each. */
export function createWorkloads(store: ClusterStore, namespace: string, count: number): readonly WorkloadPods[] {
  store.create(store.resource('', 'namespaces'), {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
  });
  return Array.from({ length: count }, (_, index) => createWorkload(store, namespace, index));
}

function createWorkload(store: ClusterStore, namespace: string, index: number): WorkloadPods {
  const name = `shop-${String(index).padStart(3, '0')}`;
  const labels = { app: name };
  const containers = ['app', 'proxy'].map((container) => ({
    name: container,
    image: `registry.example/${container}:1.${index}`,
  }));
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { replicas: podsPerWorkload, selector: { matchLabels: labels }, template };
  const deployment = store.create(store.resource('apps', 'deployments'), {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace, labels },
    spec,
  });
  const set = store.create(store.resource('apps', 'replicasets'), {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `${name}-1`, namespace, labels, ownerReferences: [ownerOf('Deployment', deployment)] },
    spec,
  });
  const resource = store.resource('', 'pods');
  const pods = Array.from({ length: podsPerWorkload }, (_, number) => {
    const created = store.create(resource, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-1-${number}`, namespace, labels, ownerReferences: [ownerOf('ReplicaSet', set)] },
      spec: { nodeName: `node-${number}`, containers },
    });
    return store.updateStatus(resource, { ...created, status: podStatusOf(index * podsPerWorkload + number) });
  });
  return { name, namespace, pods: pods as unknown as readonly BenchPod[] };
}

function ownerOf(kind: string, { metadata }: { readonly metadata: { name: string; uid?: string } }): object {
  return { apiVersion: 'apps/v1', kind, name: metadata.name, uid: metadata.uid, controller: true };
}
