import { AnswerError, type ClusterReader, type KubeObject } from 'longshore/sdk';
import { type VolumeSnapshotObject, volumeSnapshotKind } from '../../api.ts';

/** Snapshots that were taken of a claim, as far as the reader sees them; none where the cluster has no snapshots at all. */
export async function snapshotsOfClaim(
  reader: ClusterReader,
  { metadata }: Pick<KubeObject, 'metadata'>,
): Promise<readonly VolumeSnapshotObject[]> {
  try {
    return await reader.byIndex(volumeSnapshotKind, 'claim', `${metadata.namespace ?? ''}/${metadata.name}`);
  } catch (error) {
    if (error instanceof AnswerError && error.code === 'CAPABILITY_MISSING') return [];
    throw error;
  }
}
