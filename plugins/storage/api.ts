/** What other plugins may hold of storage: its Kubernetes kinds and the GraphQL types they may extend. */

import type { V1PersistentVolume, V1PersistentVolumeClaim, V1StorageClass } from '@kubernetes/client-node';
import { type KubeObject, kindRef, type TypeRef, typeRef } from 'longshore/sdk';

export type StorageClassObject = KubeObject<V1StorageClass>;
export type PersistentVolumeObject = KubeObject<V1PersistentVolume>;
export type PersistentVolumeClaimObject = KubeObject<V1PersistentVolumeClaim>;

export const storageClassKind = kindRef<V1StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  isNamespaced: false,
});
/** Declares the indexes `storageClass` (its class) and `handle` (driver and handle, as `handleKey` writes them). */
export const persistentVolumeKind = kindRef<V1PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  isNamespaced: false,
});

export const storageClassTypeRef: TypeRef<StorageClassObject> = typeRef<StorageClassObject>('StorageClass');
export const persistentVolumeTypeRef: TypeRef<PersistentVolumeObject> =
  typeRef<PersistentVolumeObject>('PersistentVolume');
/** Its kind is compute's `persistentVolumeClaimKind`, declared here with the index `storageClass`. */
export const persistentVolumeClaimTypeRef: TypeRef<PersistentVolumeClaimObject> =
  typeRef<PersistentVolumeClaimObject>('PersistentVolumeClaim');
