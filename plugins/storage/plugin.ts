import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { definePlugin, subjectOf } from 'longshore/sdk';
import { persistentVolumeKind, storageClassKind } from './api.ts';
import { storagePermissions } from './permissions.ts';
import { storageProfileKeys } from './profile-keys/storage-profile-keys.ts';
import { storageEnabled } from './profile-keys/volumes.ts';
import { registerClasses } from './schema/classes/register-classes.ts';
import { classKinds } from './services/classes/class-kinds.ts';

/** StorageClasses, volumes and claims to them. Without it volumes are mounted, but not made. */
export const storagePlugin = definePlugin({
  name: 'storage',
  version: '1.0.0',
  description: 'StorageClasses, PersistentVolumes and claims to them.',
  requires: { core: '^1', compute: '^1' },
  kinds: [...classKinds],
  permissions: storagePermissions,
  // Where a platform has no storage, what is there is only seen (STO-13).
  profileSwitches: [
    {
      actions: 'CHANGES',
      subjects: [storageClassKind, persistentVolumeKind, persistentVolumeClaimKind].map(subjectOf),
      key: storageEnabled.name,
    },
  ],
  profileKeys: storageProfileKeys,
  schema: [registerClasses],
  profiles: new URL('./profiles', import.meta.url).href,
});
