/** What other plugins may hold of storage: its Kubernetes kinds. */

import type { V1PersistentVolume, V1StorageClass } from '@kubernetes/client-node';
import { type KubeObject, kindRef } from 'longshore/sdk';

export type StorageClassObject = KubeObject<V1StorageClass>;
export type PersistentVolumeObject = KubeObject<V1PersistentVolume>;

export const storageClassKind = kindRef<V1StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  isNamespaced: false,
});
export const persistentVolumeKind = kindRef<V1PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  isNamespaced: false,
});
