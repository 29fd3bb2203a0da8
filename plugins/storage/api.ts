/** What other plugins may hold of storage: its Kubernetes kinds and the GraphQL types they may extend. */

import type {
  V1ObjectMeta,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1StorageClass,
} from '@kubernetes/client-node';
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

export { diskLabel } from 'longshore/plugins/compute';

/** Annotation of a disk and of its snapshots: what it is formatted with, `ext4` or `xfs`. */
export const fileSystemAnnotation = 'longshore.dev/file-system';
/** Annotation of a disk that is being moved: the UUID of the operation that does it. The same as a label marks what helps it, and volumes that it holds. */
export const diskMigrationMark = 'longshore.dev/disk-migration';
/** Label of the helper pod that has a claim's file browser open; its value is the claim's name. */
export const fileBrowserLabel = 'longshore.dev/file-browser';

/** `snapshot.storage.k8s.io/v1` VolumeSnapshot: a request for a copy of a claim's volume as it is now; its status has no conditions. */
export interface V1VolumeSnapshot {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
  readonly spec?: {
    readonly source: { readonly persistentVolumeClaimName?: string; readonly volumeSnapshotContentName?: string };
    readonly volumeSnapshotClassName?: string;
  };
  readonly status?: {
    readonly boundVolumeSnapshotContentName?: string;
    readonly creationTime?: string;
    readonly readyToUse?: boolean;
    readonly restoreSize?: string;
    readonly error?: { readonly message?: string; readonly time?: string };
  };
}

/** `snapshot.storage.k8s.io/v1` VolumeSnapshotClass. */
export interface V1VolumeSnapshotClass {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: V1ObjectMeta;
  readonly driver: string;
  readonly deletionPolicy: string;
  readonly parameters?: Readonly<Record<string, string>>;
}

export type VolumeSnapshotObject = KubeObject<V1VolumeSnapshot>;
export type VolumeSnapshotClassObject = KubeObject<V1VolumeSnapshotClass>;

/** Only where the snapshot controller is installed. Declares the index `claim`: the claim it was taken of, as `namespace/name`. */
export const volumeSnapshotKind = kindRef<V1VolumeSnapshot>({
  group: 'snapshot.storage.k8s.io',
  version: 'v1',
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  isNamespaced: true,
});
export const volumeSnapshotClassKind = kindRef<V1VolumeSnapshotClass>({
  group: 'snapshot.storage.k8s.io',
  version: 'v1',
  kind: 'VolumeSnapshotClass',
  plural: 'volumesnapshotclasses',
  isNamespaced: false,
});

export const volumeSnapshotTypeRef: TypeRef<VolumeSnapshotObject> = typeRef<VolumeSnapshotObject>('VolumeSnapshot');
export const volumeSnapshotClassTypeRef: TypeRef<VolumeSnapshotClassObject> =
  typeRef<VolumeSnapshotClassObject>('VolumeSnapshotClass');
