import { diskMigrationMark, fileSystemAnnotation, type PersistentVolumeClaimObject } from '../../api.ts';
import type { FileBrowserSettings } from '../../settings.ts';
import { browserPodOf } from '../files/browser-pod.ts';
import type { DiskMigration } from './disk-migrations.ts';

const zoneLabel = 'topology.kubernetes.io/zone';
const ours = ({ id }: DiskMigration) => ({ [diskMigrationMark]: id, 'app.kubernetes.io/managed-by': 'longshore' });

/** The snapshot of the disk as it is. Pure, as the others. */
export function snapshotOfDisk(row: DiskMigration): object {
  const { namespace, disk, plan } = row;
  const fileSystem = plan.claim.annotations[fileSystemAnnotation];
  return {
    metadata: {
      namespace,
      name: plan.helperName,
      labels: ours(row),
      ...(fileSystem === undefined ? {} : { annotations: { [fileSystemAnnotation]: fileSystem } }),
    },
    spec: { volumeSnapshotClassName: plan.snapshotClass, source: { persistentVolumeClaimName: disk } },
  };
}

/** A claim of the new class that is filled from the snapshot. It is no disk: only its volume is wanted. */
export function copyOfSnapshot(row: DiskMigration): object {
  const { namespace, plan } = row;
  return {
    metadata: { namespace, name: plan.helperName, labels: ours(row) },
    spec: {
      ...specOf(row),
      dataSource: { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: plan.helperName },
    },
  };
}

/** The disk's claim anew: its own name and all that was the user's, with the volume that was filled. */
export function diskOnVolume(row: DiskMigration): object {
  const { namespace, disk, plan, newVolume } = row;
  const { labels, annotations, ownerReferences } = plan.claim;
  return {
    metadata: {
      namespace,
      name: disk,
      labels,
      annotations: { ...annotations, [diskMigrationMark]: row.id },
      ...(ownerReferences.length > 0 ? { ownerReferences } : {}),
    },
    spec: { ...specOf(row), volumeName: newVolume },
  };
}

function specOf({ plan }: DiskMigration): object {
  const { accessModes, size, volumeMode } = plan.claim;
  return {
    accessModes,
    ...(volumeMode === undefined ? {} : { volumeMode }),
    resources: { requests: { storage: size } },
    storageClassName: plan.storageClass,
  };
}

/**
 * A pod that wants the claim's volume, in the zone where it shall lie: a class with WaitForFirstConsumer makes it for nobody else. It goes as soon as the
 * volume is there, whether it ever ran or not.
 */
export function placingPod(
  row: DiskMigration,
  copy: PersistentVolumeClaimObject,
  settings: FileBrowserSettings,
): object {
  const { userId } = settings;
  const user = { userId, groupId: userId, fsGroup: undefined };
  const pod = browserPodOf({ claim: copy, user, settings, deadlineSeconds: undefined });
  return {
    ...pod,
    metadata: { ...pod.metadata, name: row.plan.helperName, labels: ours(row) },
    spec: {
      ...pod.spec,
      ...(row.plan.zone === undefined ? {} : { nodeSelector: { [zoneLabel]: row.plan.zone } }),
      ...(row.plan.claim.volumeMode === 'Block' ? asDevice(pod.spec as never) : {}),
    },
  };
}

/** A raw device is given to a container, not mounted. */
function asDevice({ containers }: { readonly containers: readonly object[] }): object {
  return {
    containers: containers.map(({ volumeMounts: _mounts, ...container }: { readonly volumeMounts?: unknown }) => ({
      ...container,
      volumeDevices: [{ name: 'volume', devicePath: '/dev/volume' }],
    })),
  };
}
