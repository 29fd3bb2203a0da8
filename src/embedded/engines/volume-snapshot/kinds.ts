import type { KindClient } from '../../controllers/kind-client.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';

export const group = 'snapshot.storage.k8s.io';
export const defaultClassAnnotation = 'snapshot.storage.kubernetes.io/is-default-class';

/** On a content whose snapshot is on the way out: `yes`. */
export const beingDeletedAnnotation = 'snapshot.storage.kubernetes.io/volumesnapshot-being-deleted';

/** Finalizers, as the real snapshot controller sets them. */
export const finalizers = {
  claimAsSource: 'snapshot.storage.kubernetes.io/pvc-as-source-protection',
  snapshotAsSource: 'snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection',
  snapshotBound: 'snapshot.storage.kubernetes.io/volumesnapshot-bound-protection',
  contentBound: 'snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection',
} as const;

export interface SnapshotError {
  readonly message: string;
  readonly time: string;
}

export interface VolumeSnapshot extends ClusterObject {
  readonly spec: {
    readonly source: { readonly persistentVolumeClaimName?: string; readonly volumeSnapshotContentName?: string };
    readonly volumeSnapshotClassName?: string;
  };
  readonly status?: {
    readonly boundVolumeSnapshotContentName?: string;
    readonly creationTime?: string;
    readonly readyToUse?: boolean;
    readonly restoreSize?: string;
    readonly error?: SnapshotError;
  };
}

export interface VolumeSnapshotContent extends ClusterObject {
  readonly spec: {
    readonly deletionPolicy: 'Delete' | 'Retain';
    readonly driver: string;
    readonly source: { readonly volumeHandle?: string; readonly snapshotHandle?: string };
    readonly sourceVolumeMode?: string;
    readonly volumeSnapshotClassName?: string;
    readonly volumeSnapshotRef: { readonly name?: string; readonly namespace?: string; readonly uid?: string };
  };
  readonly status?: {
    /** Nanoseconds since 1970. */
    readonly creationTime?: number;
    readonly readyToUse?: boolean;
    /** Bytes. */
    readonly restoreSize?: number;
    readonly snapshotHandle?: string;
    readonly error?: SnapshotError;
  };
}

export interface VolumeSnapshotClass extends ClusterObject {
  readonly driver: string;
  readonly deletionPolicy: 'Delete' | 'Retain';
  readonly parameters?: Readonly<Record<string, string>>;
}

export interface SnapshotKinds {
  readonly snapshots: KindClient<VolumeSnapshot>;
  readonly contents: KindClient<VolumeSnapshotContent>;
  readonly classes: KindClient<VolumeSnapshotClass>;
}

export function snapshotKinds(context: EngineContext, fieldManager: string): SnapshotKinds {
  return {
    snapshots: context.kind(group, 'volumesnapshots', fieldManager),
    contents: context.kind(group, 'volumesnapshotcontents', fieldManager),
    classes: context.kind(group, 'volumesnapshotclasses', fieldManager),
  };
}

/** The object with the finalizer added, or taken away; the same object where nothing changes. */
export function withFinalizer<T extends ClusterObject>(object: T, finalizer: string, isWanted: boolean): T {
  const present = object.metadata.finalizers ?? [];
  if (present.includes(finalizer) === isWanted) return object;
  const changed = isWanted ? [...present, finalizer] : present.filter((each) => each !== finalizer);
  return { ...object, metadata: { ...object.metadata, finalizers: changed } };
}
