/** What stands against mutations of disks and snapshots, for the enum `PreconditionReason`. */
export const diskReasons = {
  NOT_A_DISK: 'The PersistentVolumeClaim is no cloud disk.',
  DISK_NOT_READY:
    'The disk is not in a state in which this can be done, by itself: nothing that uses it is in the way.',
  NOT_EXTENSIBLE: 'The StorageClass of the disk does not let its volumes grow.',
  SNAPSHOT_NOT_READY: 'The snapshot is not ready to be used.',
  NOT_MIGRATING: 'The disk is not being moved, or that cannot be undone any more.',
  DISK_MIGRATION: 'What stands in the way of moving a disk: `message` says it.',
  NO_SNAPSHOT_CLASS: 'No VolumeSnapshotClass says how snapshots of such a disk are taken.',
} as const;
