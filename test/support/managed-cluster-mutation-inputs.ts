import { encodeGlobalId } from '../../src/graph/global-id.ts';
import type { MutationWorld } from './mutation-inputs.ts';

type Row = (world: MutationWorld) => Promise<object>;

/** Inputs for the mutations of managed clusters. */
export const managedClusterMutationInputs: Readonly<Record<string, Row>> = {
  createManagedCluster: async () => ({
    ...{ cluster: 'main', namespace: 'fleet', clusterClass: 'base', name: nextName() },
    kubernetesVersion: '1.35.2',
    controlPlane: { count: 1 },
  }),
  expandManagedCluster: async (world) => ({ id: (await makeCluster(world)).id, nodes: [{ count: 1 }] }),
  deleteManagedCluster: async (world) => {
    const { id, name } = await makeCluster(world);
    return { id, confirm: name };
  },
};

let made = 0;
function nextName(): string {
  made += 1;
  return `managed-${made}`;
}

async function makeCluster(world: MutationWorld) {
  const { store } = world.cluster;
  const name = nextName();
  store.create(store.resource('cluster.x-k8s.io', 'clusters'), {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name, namespace: 'fleet' },
    spec: {
      topology: { classRef: { name: 'base' }, version: 'v1.35.2', controlPlane: { replicas: 1 } },
    },
  } as never);
  const kind = { group: 'cluster.x-k8s.io', kind: 'Cluster', namespace: 'fleet' };
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', ...kind, name });
  await world.untilSeen(id);
  return { id, name };
}
