import { encodeGlobalId } from '../../src/graph/global-id.ts';
import type { MutationWorld } from './mutation-inputs.ts';

type Row = (world: MutationWorld) => Promise<object>;

/** Inputs for the mutations of StorageClasses, volumes and claims. */
export const classMutationInputs: Readonly<Record<string, Row>> = {
  createStorageClass: async () => ({ cluster: 'main', name: nextName('class'), provisioner: 'disk.example.com' }),
  updateStorageClass: async (world) => ({ id: await makeClass(world), allowsExpansion: false }),
  deleteStorageClass: async (world) => ({ id: await makeClass(world) }),
  deleteStorageClasses: async (world) => ({ ids: [await makeClass(world), await makeClass(world)], confirm: '2' }),
  createPersistentVolume: async (world) => {
    const name = nextName('volume');
    await makeClass(world, name);
    return { cluster: 'main', name, storageClass: name, capacity: '1Gi', volumeHandle: name };
  },
  updatePersistentVolume: async (world) => ({ id: await makeVolume(world), description: 'Made for a test' }),
  deletePersistentVolume: async (world) => ({ id: await makeVolume(world) }),
  deletePersistentVolumes: async (world) => ({ ids: [await makeVolume(world), await makeVolume(world)], confirm: '2' }),
  createPersistentVolumeClaim: async (world) => {
    const name = nextName('claim');
    await makeClass(world, name);
    return { cluster: 'main', namespace: 'default', name, storageClass: name, size: '1Gi' };
  },
  expandPersistentVolumeClaim: async (world) => ({ id: await makeClaim(world), size: '2Gi' }),
  updatePersistentVolumeClaim: async (world) => ({ id: await makeClaim(world), description: 'Made for a test' }),
  deletePersistentVolumeClaim: async (world) => ({ id: await makeClaim(world) }),
  deletePersistentVolumeClaims: async (world) => ({
    ids: [await makeClaim(world), await makeClaim(world)],
    confirm: '2',
  }),
};

let made = 0;
function nextName(word: string): string {
  made += 1;
  return `stored-${word}-${made}`;
}

async function makeClass(world: MutationWorld, name = nextName('class')): Promise<string> {
  const { store } = world.cluster;
  store.create(store.resource('storage.k8s.io', 'storageclasses'), {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name },
    provisioner: 'disk.example.com',
    allowVolumeExpansion: true,
  } as never);
  return seen(world, 'storage.k8s.io', 'StorageClass', undefined, name);
}

async function makeVolume(world: MutationWorld): Promise<string> {
  const { store } = world.cluster;
  const name = nextName('volume');
  store.create(store.resource('', 'persistentvolumes'), {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      csi: { driver: 'disk.example.com', volumeHandle: name },
    },
  } as never);
  return seen(world, '', 'PersistentVolume', undefined, name);
}

/** A claim that has its volume, as its binder would have left it. */
async function makeClaim(world: MutationWorld): Promise<string> {
  const { store } = world.cluster;
  const name = nextName('claim');
  await makeClass(world, name);
  const claims = store.resource('', 'persistentvolumeclaims');
  const claim = store.create(claims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  } as never);
  store.updateStatus(claims, { ...claim, status: { phase: 'Bound', capacity: { storage: '1Gi' } } } as never);
  return seen(world, '', 'PersistentVolumeClaim', 'default', name);
}

async function seen(
  world: MutationWorld,
  group: string,
  kind: string,
  namespace: string | undefined,
  name: string,
): Promise<string> {
  const id = encodeGlobalId({ of: 'kubernetes', cluster: 'main', group, kind, namespace, name });
  await world.untilSeen(id);
  return id;
}
