import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { definePlugin, subjectOf } from 'longshore/sdk';
import { persistentVolumeKind, storageClassKind, volumeSnapshotKind } from './api.ts';
import { diskMigration, diskMigrationLoopRef } from './long-operations/disk-migration.ts';
import { storagePermissions } from './permissions.ts';
import { storageProfileKeys } from './profile-keys/storage-profile-keys.ts';
import { storageEnabled } from './profile-keys/volumes.ts';
import { fileBrowserReconciler } from './reconcilers/file-browser-reconciler.ts';
import { registerClasses } from './schema/classes/register-classes.ts';
import { registerDiskArea } from './schema/disks/register-disks.ts';
import { volumeDownload, volumeUpload } from './schema/files/file-transfers.ts';
import { registerFiles } from './schema/files/register-files.ts';
import { registerSnapshots } from './schema/snapshots/register-snapshots.ts';
import { claimManifestCheck } from './services/classes/claim-manifest-check.ts';
import { classKinds } from './services/classes/class-kinds.ts';
import { classManifestCheck } from './services/classes/class-manifest-check.ts';
import { classNameChecks } from './services/classes/class-name-checks.ts';
import {
  claimDeletionCheck,
  classDeletionCheck,
  volumeDeletionCheck,
} from './services/classes/storage-deletion-checks.ts';
import { volumeManifestCheck } from './services/classes/volume-manifest-check.ts';
import { workloadStorageCheck } from './services/classes/workload-storage-check.ts';
import { diskDeletionCheck } from './services/disks/disk-deletion-check.ts';
import { diskKindsRead } from './services/disks/disk-kinds-read.ts';
import { diskManifestCheck, snapshotManifestCheck } from './services/disks/disk-manifest-check.ts';
import { diskReasons } from './services/disks/disk-reasons.ts';
import { mountCheck } from './services/disks/mount-check.ts';
import { browserLoopRef } from './services/files/browser-loop.ts';
import { fileBrowserReasons } from './services/files/browser-reasons.ts';
import { fileBrowserSettingsRef } from './services/files/browser-settings.ts';
import { browserUsesRef, createBrowserUses } from './services/files/browser-uses.ts';
import { wakeBrowsers } from './services/files/wake-browsers.ts';
import { createDiskMigrations, diskMigrationsRef } from './services/migrations/disk-migrations.ts';
import { copiedClaimDeletionCheck, snapshotDeletionCheck } from './services/snapshots/snapshot-deletion-check.ts';
import { storageSettings } from './settings.ts';
import * as tables from './tables.ts';

/** StorageClasses, volumes and claims to them. Without it volumes are mounted, but not made. */
export const storagePlugin = definePlugin({
  name: 'storage',
  version: '1.0.0',
  description: 'StorageClasses, PersistentVolumes and claims to them.',
  requires: { core: '^1', compute: '^1' },
  kinds: [...classKinds, ...diskKindsRead],
  actions: ['BROWSE'],
  services: [browserUsesRef, browserLoopRef, fileBrowserSettingsRef, diskMigrationsRef, diskMigrationLoopRef],
  config: storageSettings,
  tables: { ...tables },
  reconcilers: [fileBrowserReconciler],
  longOperations: [diskMigration],
  downloads: [volumeDownload],
  uploads: [volumeUpload],
  permissions: storagePermissions,
  // Where a platform has no storage, what is there is only seen (STO-13).
  profileSwitches: [
    {
      actions: 'CHANGES',
      subjects: [storageClassKind, persistentVolumeKind, persistentVolumeClaimKind, volumeSnapshotKind].map(subjectOf),
      key: storageEnabled.name,
    },
  ],
  manifestChecks: [
    claimManifestCheck,
    classManifestCheck,
    volumeManifestCheck,
    workloadStorageCheck,
    diskManifestCheck,
    snapshotManifestCheck,
    mountCheck,
  ],
  deletionChecks: [
    claimDeletionCheck,
    volumeDeletionCheck,
    classDeletionCheck,
    diskDeletionCheck,
    snapshotDeletionCheck,
    copiedClaimDeletionCheck,
  ],
  nameChecks: [...classNameChecks],
  reasons: {
    ...diskReasons,
    ...fileBrowserReasons,
    CLAIM_NOT_BOUND: 'The claim has no volume yet.',
    CLASS_NOT_EXPANDABLE: 'The class of the claim does not let claims grow.',
  },
  profileKeys: storageProfileKeys,
  schema: [registerClasses, registerDiskArea, registerSnapshots, registerFiles],
  profiles: new URL('./profiles', import.meta.url).href,
  setup(env) {
    const { clusters, operations, profiles, queue, logger, signal } = env;
    env.provide(browserUsesRef, createBrowserUses(env.database, env.clock));
    env.provide(browserLoopRef, { clusters, operations, profiles });
    env.provide(fileBrowserSettingsRef, env.config.fileBrowser);
    const migrations = { database: env.database, clock: env.clock, operations, queue, operation: diskMigration };
    env.provide(diskMigrationsRef, createDiskMigrations(migrations));
    env.provide(diskMigrationLoopRef, { clusters, podSettings: env.config.fileBrowser });
    wakeBrowsers({ clusters, queue, logger, signal });
  },
});
