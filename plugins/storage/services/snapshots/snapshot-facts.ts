import type { VolumeSnapshotClassObject, VolumeSnapshotObject } from '../../api.ts';

/** How a snapshot stands, with what each says. Its status has no conditions (snapshot.storage.k8s.io/v1). */
export const snapshotStates = {
  CREATING: 'It is being taken.',
  READY: 'It is whole: disks can be made from it.',
  FAILING: 'The last attempt to take it failed, and it is tried again: `problem` says why.',
  DELETING: 'It goes, as soon as no disk is being made from it any more.',
} as const;
export type SnapshotState = keyof typeof snapshotStates;

type Snapshot = Pick<VolumeSnapshotObject, 'metadata' | 'status'>;

/** An error may pass by itself, and stays there until it has. Pure. */
export function snapshotStateOf({ metadata, status }: Snapshot): SnapshotState {
  if (metadata.deletionTimestamp !== undefined) return 'DELETING';
  if (status?.readyToUse === true) return 'READY';
  return status?.error === undefined ? 'CREATING' : 'FAILING';
}

export function snapshotProblemOf({ status }: Pick<Snapshot, 'status'>): string | undefined {
  if (status?.readyToUse === true || status?.error === undefined) return undefined;
  return status.error.message || 'Its driver does not say why.';
}

export const isDefaultSnapshotClass = ({ metadata }: Pick<VolumeSnapshotClassObject, 'metadata'>): boolean =>
  metadata.annotations?.['snapshot.storage.kubernetes.io/is-default-class'] === 'true';
