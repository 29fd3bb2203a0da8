import { type ClusterClient, succeeded } from './cluster-client.ts';
import type { Json } from './json.ts';

/**
 * What not every cluster has: nodes that are ready, containers that really run on them, resource metrics, load
 * balancers, a default StorageClass with a provisioner, OpenKruise, and time that a case can steer (the embedded
 * cluster's only).
 */
export type Need = 'nodes' | 'containers' | 'metrics' | 'load-balancers' | 'volumes' | 'kruise' | 'embedded-time';

/** Asks a cluster what it lacks: the reason by need. */
export async function findMissing(admin: ClusterClient): Promise<ReadonlyMap<Need, string>> {
  const missing = new Map<Need, string>([['embedded-time', 'time can be steered in the embedded cluster only']]);
  if (!(await hasLivingNode(admin))) {
    missing.set('nodes', 'no node of this cluster is ready');
    missing.set('containers', 'no node of this cluster runs containers');
    missing.set('load-balancers', 'nobody in this cluster provides load balancers');
    missing.set('volumes', 'nobody in this cluster provisions volumes');
  } else {
    if (!(await hasDefaultStorageClass(admin))) missing.set('volumes', 'this cluster has no default StorageClass');
    missing.set('load-balancers', 'a cluster does not say whether somebody provides load balancers');
  }
  if ((await admin.get('/apis/metrics.k8s.io/v1beta1')).status !== 200) {
    missing.set('metrics', 'this cluster does not serve metrics.k8s.io');
  }
  if ((await admin.get('/apis/apps.kruise.io/v1alpha1')).status !== 200) {
    missing.set('kruise', 'this cluster does not serve apps.kruise.io/v1alpha1: OpenKruise is not installed');
  }
  return missing;
}

/** A Node object may be anybody's: a living one has a kubelet, which says so in its lease every ten seconds. */
async function hasLivingNode(admin: ClusterClient): Promise<boolean> {
  const leases = succeeded(await admin.get('/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases')).body
    .items;
  const renewed = new Set(
    leases
      .filter((lease: Json) => Date.now() - Date.parse(lease.spec?.renewTime ?? '') < 120_000)
      .map((lease: Json) => lease.metadata.name),
  );
  const nodes = succeeded(await admin.get('/api/v1/nodes')).body.items;
  return nodes.some(
    (node: Json) =>
      renewed.has(node.metadata.name) &&
      node.status?.conditions?.some((condition: Json) => condition.type === 'Ready' && condition.status === 'True'),
  );
}

async function hasDefaultStorageClass(admin: ClusterClient): Promise<boolean> {
  const classes = succeeded(await admin.get('/apis/storage.k8s.io/v1/storageclasses')).body.items;
  return classes.some(
    (one: Json) => one.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  );
}
