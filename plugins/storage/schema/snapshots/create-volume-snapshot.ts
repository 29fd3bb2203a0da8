import { descriptionAnnotation, displayNameAnnotation } from 'longshore/plugins/core';
import {
  encodeGlobalId,
  isOfKind,
  type LongshoreBuilder,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import {
  fileSystemAnnotation,
  type PersistentVolumeClaimObject,
  type VolumeSnapshotObject,
  volumeSnapshotKind,
  volumeSnapshotTypeRef,
} from '../../api.ts';
import { requireBound, requireUnused } from '../../services/disks/disk-users.ts';
import { loadDisk, requireDisk } from '../../services/disks/load-disk.ts';
import { requireSnapshots } from '../../services/snapshots/require-snapshots.ts';
import { snapshotClassFor } from '../../services/snapshots/snapshot-class-for.ts';
import { checkNaming, namingFields } from '../disks/new-disk-fields.ts';

/** Taking a snapshot of a disk (STO-20). */
export function registerCreateVolumeSnapshot(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createVolumeSnapshot',
    description:
      'Takes a snapshot of a cloud disk that nothing uses: an `InUseError` with what does otherwise. It stays when the disk goes; `createDisk` with its id makes a disk from it.',
    allow: { action: 'CREATE', subject: subjectOf(volumeSnapshotKind) },
    input: (t) => ({
      diskId: t.id({ required: true, description: "The id of the disk's claim." }),
      ...namingFields(t, 'snapshot'),
      snapshotClass: t.string({
        description:
          "Name of a VolumeSnapshotClass of the disk's driver; where not given the driver's default or only one.",
      }),
    }),
    success: objectSuccess('The snapshot is being taken.', 'volumeSnapshot', volumeSnapshotTypeRef),
    load: async ({ diskId, name }, context) => {
      const { value: disk } = await loadDisk(String(diskId), context);
      const { cluster } = disk[origin];
      const { namespace = '' } = disk.metadata;
      return {
        value: disk,
        instance: { subject: subjectOf(volumeSnapshotKind), cluster, namespace, name },
        record: {
          plugin: 'storage',
          type: 'VolumeSnapshot',
          id: idOf(disk, name),
          cluster,
          namespace,
          kind: subjectOf(volumeSnapshotKind),
          name,
        },
      };
    },
    check: async (input, disk, context) => {
      requireDisk(disk);
      const { cluster } = disk[origin];
      requireSnapshots(context.cluster(cluster));
      const profile = context.services.profiles.at({ cluster, namespace: disk.metadata.namespace });
      const issues = checkNaming(input, profile);
      if (issues.length > 0) return issues;
      await requireUnused(disk, 'snapshotted', context);
      requireBound(disk, 'snapshotted');
      await snapshotClassFor(disk, input.snapshotClass ?? undefined, context);
      return [];
    },
    run: async (input, disk, ticket, context) => {
      const { name, displayName, description } = input;
      const fileSystem = disk.metadata.annotations?.[fileSystemAnnotation];
      const annotations = {
        ...(displayName ? { [displayNameAnnotation]: displayName } : {}),
        ...(description ? { [descriptionAnnotation]: description } : {}),
        ...(fileSystem ? { [fileSystemAnnotation]: fileSystem } : {}),
      };
      const manifest = {
        metadata: { namespace: disk.metadata.namespace, name, annotations },
        spec: {
          volumeSnapshotClassName: await snapshotClassFor(disk, input.snapshotClass ?? undefined, context),
          source: { persistentVolumeClaimName: disk.metadata.name },
        },
      };
      const writer = context.cluster(disk[origin].cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, volumeSnapshotKind, manifest);
      return {
        value: object as VolumeSnapshotObject,
        resultId: idOf(disk, name),
        before: undefined,
        after: object,
        warnings,
      };
    },
    replay: (node): VolumeSnapshotObject | null => (isOfKind(node, volumeSnapshotKind) ? node : null),
  });
}

function idOf({ metadata, [origin]: { cluster } }: PersistentVolumeClaimObject, name: string): string {
  const { group, kind } = volumeSnapshotKind;
  return encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace: metadata.namespace, name });
}
