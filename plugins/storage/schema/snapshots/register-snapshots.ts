import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { volumeSnapshotKind, volumeSnapshotTypeRef } from '../../api.ts';
import { registerCreateVolumeSnapshot } from './create-volume-snapshot.ts';
import { registerVolumeSnapshotTypes } from './volume-snapshot.ts';
import { registerVolumeSnapshots } from './volume-snapshots.ts';

/** Snapshots of disks. */
export function registerSnapshots(builder: LongshoreBuilder): void {
  registerVolumeSnapshotTypes(builder);
  registerVolumeSnapshots(builder);
  registerCreateVolumeSnapshot(builder);
  registerDeletion(builder, {
    kind: volumeSnapshotKind,
    ref: volumeSnapshotTypeRef,
    description:
      'What the storage keeps goes with it, unless its class retains that. While disks are being made from it, the answer is an `InUseError` with those as `references`; disks that were made from it stay.',
  });
}
