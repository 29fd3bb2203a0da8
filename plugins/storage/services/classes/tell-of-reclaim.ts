import type { RequestContext } from 'longshore/sdk';
import { origin, systemPrincipal } from 'longshore/sdk';
import { type PersistentVolumeClaimObject, type PersistentVolumeObject, persistentVolumeKind } from '../../api.ts';

/** What becomes of a volume that is deleted itself (STO-03). Pure. */
export function tellOfVolume({ metadata, spec }: PersistentVolumeObject): readonly string[] {
  const disk = spec?.csi ? `'${spec.csi.volumeHandle}'` : 'behind it';
  return spec?.persistentVolumeReclaimPolicy === 'Delete'
    ? [
        `PersistentVolume '${metadata.name}' is one that goes with its claim (Delete): its driver may delete the disk ${disk} and the data on it.`,
      ]
    : [
        `The disk ${disk} of PersistentVolume '${metadata.name}' and the data on it stay (Retain): delete them where they are.`,
      ];
}

/** What becomes of the volume of a claim that is deleted (STO-03). Pure. */
export function tellOfClaimGone(
  { metadata }: PersistentVolumeClaimObject,
  volume: PersistentVolumeObject | undefined,
): readonly string[] {
  if (!volume) return [];
  const of = `of PersistentVolumeClaim '${metadata.name}'`;
  return volume.spec?.persistentVolumeReclaimPolicy === 'Delete'
    ? [`The volume '${volume.metadata.name}' ${of}, its disk and the data on it are deleted with it (Delete).`]
    : [
        `The volume '${volume.metadata.name}' ${of} and the data on it stay, released (Retain): no other claim gets it until an administrator frees it.`,
      ];
}

/** The same, with the volume as the platform sees it: what becomes of one's own data is no secret. */
export async function tellOfClaimDeletion(
  claim: PersistentVolumeClaimObject,
  context: RequestContext,
): Promise<readonly string[]> {
  const name = claim.spec?.volumeName;
  if (!name) return [];
  const reader = context.cluster(claim[origin].cluster).reader(systemPrincipal, context.signal);
  return tellOfClaimGone(claim, await reader.get(persistentVolumeKind, undefined, name));
}
