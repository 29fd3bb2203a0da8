import type { ClusterObject } from '../store/types.ts';
import type { ClusterContext } from './cluster-context.ts';
import { type Controller, keyOf, keysByResource, ownKey, splitKey } from './controller.ts';
import { createKindClient } from './kind-client.ts';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from './kubernetes-shapes.ts';
import { parseQuantity } from './parse-quantity.ts';
import { claimsOf } from './pod-claims.ts';
import { isFinished } from './pod-state.ts';
import { timestamp } from './timestamp.ts';

const provisioner = 'disk.embedded.longshore.dev';
const defaultStorageClass = 'embedded-standard';
const defaultClassAnnotation = 'storageclass.kubernetes.io/is-default-class';
const protection = 'kubernetes.io/pvc-protection';

interface StorageClass extends ClusterObject {
  readonly provisioner: string;
  readonly reclaimPolicy?: string;
  readonly allowVolumeExpansion?: boolean;
}

/**
 * Binds volume claims: to a volume that fits, or to one provisioned by the class. A claim in use is protected from
 * deletion, a larger request grows the volume, and a released volume goes the way of its reclaim policy.
 */
export function createVolumeController(context: ClusterContext): Controller {
  const { store, events } = context;
  const manager = 'kube-controller-manager';
  const claims = createKindClient<PersistentVolumeClaim>(store, manager, '', 'persistentvolumeclaims');
  const volumes = createKindClient<PersistentVolume>(store, manager, '', 'persistentvolumes');
  const classes = createKindClient<StorageClass>(store, manager, 'storage.k8s.io', 'storageclasses');
  const pods = createKindClient<Pod>(store, manager, '', 'pods');

  function classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    const name = claim.spec.storageClassName;
    if (name === undefined) {
      return classes.list().find(({ metadata }) => metadata.annotations?.[defaultClassAnnotation] === 'true');
    }
    return classes.get(undefined, name);
  }

  function provision(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume {
    const { namespace, name, uid } = claim.metadata;
    const volumeName = `pvc-${uid ?? name}`;
    const existing = volumes.get(undefined, volumeName);
    if (existing !== undefined) return existing;
    const volume = volumes.create({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volumeName, annotations: { 'pv.kubernetes.io/provisioned-by': storageClass.provisioner } },
      spec: {
        accessModes: claim.spec.accessModes ?? ['ReadWriteOnce'],
        capacity: { storage: requestOf(claim) },
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid },
        csi: { driver: storageClass.provisioner, volumeHandle: volumeName, fsType: 'ext4' },
        persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
        storageClassName: storageClass.metadata.name,
        volumeMode: claim.spec.volumeMode ?? 'Filesystem',
      },
    });
    const message = `Successfully provisioned volume ${volumeName}`;
    events.record(claim, { type: 'Normal', reason: 'ProvisioningSucceeded', message, component: provisioner });
    return volume;
  }

  /** The smallest available volume of the claim's class that is large enough and allows what the claim asks. */
  function findVolume(claim: PersistentVolumeClaim): PersistentVolume | undefined {
    const wanted = parseQuantity(requestOf(claim));
    return volumes
      .list()
      .filter(({ spec }) => spec.claimRef === undefined || isClaimOf(spec.claimRef, claim))
      .filter(
        ({ spec, metadata }) =>
          claim.spec.volumeName === undefined || metadata.name === claim.spec.volumeName || spec.claimRef !== undefined,
      )
      .filter(({ spec }) => (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? ''))
      .filter(({ spec }) => sizeOf(spec.capacity) >= wanted)
      .filter(({ spec }) => {
        const modes = (spec.accessModes ?? []) as readonly string[];
        return (claim.spec.accessModes ?? []).every((mode) => modes.includes(mode));
      })
      .sort((left, right) => sizeOf(left.spec.capacity) - sizeOf(right.spec.capacity))[0];
  }

  function bind(claim: PersistentVolumeClaim, volume: PersistentVolume): void {
    const { namespace, name, uid } = claim.metadata;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name, uid };
    let bound = volume;
    if (volume.spec.claimRef?.uid !== uid) bound = volumes.update({ ...volume, spec: { ...volume.spec, claimRef } });
    volumes.updateStatus(bound, { ...bound.status, phase: 'Bound' });
    const annotations = { ...claim.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' };
    const finalizers = [...new Set([...(claim.metadata.finalizers ?? []), protection])];
    const spec = { ...claim.spec, volumeName: volume.metadata.name };
    const updated = claims.update({ ...claim, metadata: { ...claim.metadata, annotations, finalizers }, spec });
    claims.updateStatus(updated, {
      ...updated.status,
      phase: 'Bound',
      accessModes: claim.spec.accessModes ?? [],
      capacity: volume.spec.capacity ?? {},
    });
  }

  function place(claim: PersistentVolumeClaim): void {
    const storageClass = classOf(claim);
    const named =
      claim.spec.storageClassName === undefined && storageClass !== undefined
        ? claims.update({ ...claim, spec: { ...claim.spec, storageClassName: storageClass.metadata.name } })
        : claim;
    const volume = findVolume(named);
    if (volume !== undefined) bind(named, volume);
    else if (storageClass?.provisioner === provisioner) bind(named, provision(named, storageClass));
    else if (named.status?.phase !== 'Pending') claims.updateStatus(named, { ...named.status, phase: 'Pending' });
  }

  function grow(claim: PersistentVolumeClaim): void {
    const volume = volumes.get(undefined, claim.spec.volumeName ?? '');
    const wanted = requestOf(claim);
    if (volume === undefined || parseQuantity(wanted) <= sizeOf(claim.status?.capacity)) return;
    if (classOf(claim)?.allowVolumeExpansion !== true) return;
    const capacity = { ...volume.spec.capacity, storage: wanted };
    volumes.update({ ...volume, spec: { ...volume.spec, capacity } });
    claims.updateStatus(claim, { ...claim.status, capacity: { ...claim.status?.capacity, storage: wanted } });
    const message = 'MountVolume.NodeExpandVolume succeeded for volume';
    events.record(claim, { type: 'Normal', reason: 'FileSystemResizeSuccessful', message, component: 'kubelet' });
  }

  /** A claim that is being deleted goes when no pod uses it any more. */
  function release(claim: PersistentVolumeClaim): void {
    const { namespace, name, finalizers = [] } = claim.metadata;
    const isUsed = pods.list(namespace).some((pod) => !isFinished(pod) && claimsOf(pod).includes(name));
    if (isUsed || !finalizers.includes(protection)) return;
    const rest = finalizers.filter((finalizer) => finalizer !== protection);
    claims.update({ ...claim, metadata: { ...claim.metadata, finalizers: rest } });
  }

  /** Volumes whose claim has gone are deleted, or kept as released. */
  function reclaim(key: string): void {
    const { namespace, name } = splitKey(key);
    for (const volume of volumes.list()) {
      const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
      if (claimRef?.namespace !== namespace || claimRef.name !== name || claimRef.uid === undefined) continue;
      if (claims.get(namespace, name)?.metadata.uid === claimRef.uid) continue;
      if (persistentVolumeReclaimPolicy === 'Delete') {
        if (volume.metadata.deletionTimestamp === undefined) volumes.delete(volume);
      } else if (volume.status?.phase !== 'Released') {
        volumes.updateStatus(volume, { ...volume.status, phase: 'Released' });
      }
    }
  }

  function pendingKeys(): string[] {
    return claims
      .list()
      .filter(({ status }) => status?.phase !== 'Bound')
      .map(keyOf);
  }

  return {
    name: 'volumes',
    keysOf: keysByResource({
      persistentvolumeclaims: ownKey,
      persistentvolumes: pendingKeys,
      'storageclasses.storage.k8s.io': pendingKeys,
      pods: (object, change) => {
        const pod = object as Pod;
        if (change.type !== 'DELETED' && !isFinished(pod)) return [];
        return claimsOf(pod).map((name) => `${pod.metadata.namespace ?? ''}/${name}`);
      },
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      reclaim(key);
      const claim = claims.get(namespace, name);
      if (claim === undefined) return undefined;
      if (claim.metadata.deletionTimestamp !== undefined) release(claim);
      else if (claim.status?.phase === 'Bound') grow(claim);
      else place(claim);
      return undefined;
    },
  };
}

/** The class that claims get which name none. */
export function ensureStorageClass(context: ClusterContext): void {
  const classes = createKindClient<StorageClass>(
    context.store,
    'kube-controller-manager',
    'storage.k8s.io',
    'storageclasses',
  );
  if (classes.get(undefined, defaultStorageClass) !== undefined) return;
  classes.create({
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: defaultStorageClass,
      annotations: { [defaultClassAnnotation]: 'true' },
      creationTimestamp: timestamp(context.clock.now()),
    },
    provisioner,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'Immediate',
    allowVolumeExpansion: true,
  });
}

function isClaimOf(
  reference: NonNullable<PersistentVolume['spec']['claimRef']>,
  claim: PersistentVolumeClaim,
): boolean {
  const { namespace, name, uid } = claim.metadata;
  return (
    reference.namespace === namespace &&
    reference.name === name &&
    (reference.uid === undefined || reference.uid === uid)
  );
}

function requestOf(claim: PersistentVolumeClaim): string {
  return String(claim.spec.resources?.requests?.storage ?? '1Gi');
}

function sizeOf(capacity: PersistentVolume['spec']['capacity']): number {
  return parseQuantity(capacity?.storage);
}
