import { origin, PreconditionError, type RequestContext } from 'longshore/sdk';
import { type PersistentVolumeClaimObject, storageClassKind, volumeSnapshotClassKind } from '../../api.ts';
import { chooseSnapshotClass } from './choose-snapshot-class.ts';

/** The VolumeSnapshotClass for a disk: one of the driver that its StorageClass names. Throws as `chooseSnapshotClass` does. */
export async function snapshotClassFor(
  disk: PersistentVolumeClaimObject,
  asked: string | undefined,
  context: RequestContext,
): Promise<string> {
  const reader = context.kube(disk[origin].cluster);
  const name = disk.spec?.storageClassName ?? '';
  const storageClass = name === '' ? undefined : await reader.get(storageClassKind, undefined, name);
  if (!storageClass) {
    const message = `Whose driver would take a snapshot of '${disk.metadata.name}' is not known: its StorageClass '${name}' is gone.`;
    throw new PreconditionError('NO_SNAPSHOT_CLASS', message);
  }
  const { items } = await reader.list(volumeSnapshotClassKind);
  return chooseSnapshotClass(items, storageClass.provisioner, asked);
}
