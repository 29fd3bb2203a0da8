import { origin, PreconditionError, ValidationError } from 'longshore/sdk';
import type { VolumeSnapshotObject } from '../../api.ts';

/**
 * A volume is restored in the namespace of its snapshot alone, and from one that is whole (snapshot.storage.k8s.io/v1). Throws
 * `ValidationError`, and `PreconditionError` SNAPSHOT_NOT_READY.
 */
export function requireSnapshotHere(snapshot: VolumeSnapshotObject, cluster: string, namespace: string): void {
  const { metadata, status } = snapshot;
  if (snapshot[origin].cluster !== cluster || metadata.namespace !== namespace) {
    const message = `snapshotId must be of a snapshot in namespace '${namespace}' of cluster '${cluster}': '${metadata.name}' is in '${metadata.namespace}' of '${snapshot[origin].cluster}'`;
    throw new ValidationError([{ path: ['snapshotId'], code: 'other_place', message }]);
  }
  if (metadata.deletionTimestamp !== undefined) {
    throw new PreconditionError('SNAPSHOT_NOT_READY', `VolumeSnapshot '${metadata.name}' is being deleted.`);
  }
  if (status?.readyToUse === true) return;
  const why = status?.error?.message ? `: ${status.error.message}` : ' yet';
  throw new PreconditionError('SNAPSHOT_NOT_READY', `VolumeSnapshot '${metadata.name}' is not ready${why}.`);
}
