import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  encodeGlobalId,
  isOfKind,
  type LongshoreBuilder,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, persistentVolumeClaimTypeRef } from '../../api.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { capacityOf } from '../../services/classes/claim-facts.ts';
import { diskKindOf, fileSystemOf } from '../../services/disks/disk-facts.ts';
import { diskManifest } from '../../services/disks/disk-manifest.ts';
import { checkCopySize, checkDiskSize } from '../../services/disks/disk-size.ts';
import { requireBound, requireUnused } from '../../services/disks/disk-users.ts';
import { loadDisk, requireDisk } from '../../services/disks/load-disk.ts';
import { checkNaming, namingFields } from './new-disk-fields.ts';

/** A disk like another one, with what is on it now (STO-19). */
export function registerCloneDisk(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'cloneDisk',
    description:
      'Makes a cloud disk with the data of another one, beside it in its namespace and of its class and file system. Only of a disk that nothing uses: an `InUseError` with what does otherwise.',
    allow: { action: 'CREATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({
      id: t.id({ required: true, description: 'The id of the claim of the disk to copy.' }),
      ...namingFields(t, 'disk'),
      sizeGib: t.int({ description: 'Size in GiB, at least that of the original; the same where not given.' }),
    }),
    success: objectSuccess(
      'The copy is made; it is CREATING until its volume is there.',
      'claim',
      persistentVolumeClaimTypeRef,
    ),
    load: async ({ id, name }, context) => {
      const { value: disk } = await loadDisk(String(id), context);
      const { cluster } = disk[origin];
      const { namespace = '' } = disk.metadata;
      return {
        value: disk,
        instance: { subject: subjectOf(persistentVolumeClaimKind), cluster, namespace, name },
        thing: 'DISK',
        record: {
          plugin: 'storage',
          type: 'PersistentVolumeClaim',
          id: idOf(disk, name),
          cluster,
          namespace,
          kind: 'PersistentVolumeClaim',
          name,
        },
      };
    },
    check: async (input, disk, context) => {
      requireDisk(disk);
      const { cluster } = disk[origin];
      const profile = context.services.profiles.at({ cluster, namespace: disk.metadata.namespace });
      const { sizeGib } = input;
      const issues = [
        ...checkNaming(input, profile),
        ...(typeof sizeGib === 'number' ? checkDiskSize(sizeGib, profile) : []),
        ...(typeof sizeGib === 'number' ? checkCopySize(sizeGib, bytesOf(capacityOf(disk)), 'the original') : []),
      ];
      if (issues.length > 0) return issues;
      await requireUnused(disk, 'copied', context);
      requireBound(disk, 'copied');
      return [];
    },
    run: async ({ name, displayName, description, sizeGib }, disk, ticket, context) => {
      const fileSystem = fileSystemOf(disk);
      const manifest = diskManifest({
        namespace: disk.metadata.namespace ?? '',
        name,
        displayName: displayName ?? undefined,
        description: description ?? undefined,
        kind: diskKindOf(disk),
        fileSystem: fileSystem === 'UNKNOWN' ? undefined : fileSystem,
        size: typeof sizeGib === 'number' ? `${sizeGib}Gi` : (capacityOf(disk) ?? ''),
        storageClass: disk.spec?.storageClassName ?? '',
        source: { kind: 'PersistentVolumeClaim', name: disk.metadata.name },
      });
      const writer = context.cluster(disk[origin].cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, persistentVolumeClaimKind, manifest);
      return {
        value: object as PersistentVolumeClaimObject,
        resultId: idOf(disk, name),
        before: undefined,
        after: object,
        warnings,
      };
    },
    replay: (node): PersistentVolumeClaimObject | null => (isOfKind(node, persistentVolumeClaimKind) ? node : null),
  });
}

function idOf({ metadata, [origin]: { cluster } }: PersistentVolumeClaimObject, name: string): string {
  const { kind } = persistentVolumeClaimKind;
  return encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind, namespace: metadata.namespace, name });
}
