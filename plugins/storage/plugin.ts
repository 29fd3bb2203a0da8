import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { definePlugin, subjectOf } from 'longshore/sdk';
import { persistentVolumeKind, storageClassKind, volumeSnapshotKind } from './api.ts';
import { storagePermissions } from './permissions.ts';
import { storageProfileKeys } from './profile-keys/storage-profile-keys.ts';
import { storageEnabled } from './profile-keys/volumes.ts';
import { registerClasses } from './schema/classes/register-classes.ts';
import { registerDiskArea } from './schema/disks/register-disks.ts';
import { registerSnapshots } from './schema/snapshots/register-snapshots.ts';
import { classKinds } from './services/classes/class-kinds.ts';
import { diskDeletionCheck } from './services/disks/disk-deletion-check.ts';
import { diskKindsRead } from './services/disks/disk-kinds-read.ts';
import { diskManifestCheck, snapshotManifestCheck } from './services/disks/disk-manifest-check.ts';
import { diskReasons } from './services/disks/disk-reasons.ts';
import { mountCheck } from './services/disks/mount-check.ts';
import { snapshotDeletionCheck } from './services/snapshots/snapshot-deletion-check.ts';

/** StorageClasses, volumes and claims to them. Without it volumes are mounted, but not made. */
export const storagePlugin = definePlugin({
  name: 'storage',
  version: '1.0.0',
  description: 'StorageClasses, PersistentVolumes and claims to them.',
  requires: { core: '^1', compute: '^1' },
  kinds: [...classKinds, ...diskKindsRead],
  permissions: storagePermissions,
  // Where a platform has no storage, what is there is only seen (STO-13).
  profileSwitches: [
    {
      actions: 'CHANGES',
      subjects: [storageClassKind, persistentVolumeKind, persistentVolumeClaimKind, volumeSnapshotKind].map(subjectOf),
      key: storageEnabled.name,
    },
  ],
  manifestChecks: [diskManifestCheck, snapshotManifestCheck, mountCheck],
  deletionChecks: [diskDeletionCheck, snapshotDeletionCheck],
  reasons: { ...diskReasons },
  profileKeys: storageProfileKeys,
  schema: [registerClasses, registerDiskArea, registerSnapshots],
  profiles: new URL('./profiles', import.meta.url).href,
});
