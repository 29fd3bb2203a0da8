import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { persistentVolumeKind, persistentVolumeTypeRef } from '../../api.ts';
import { tellOfVolume } from '../../services/classes/tell-of-reclaim.ts';
import { registerCreateVolume } from './create-volume.ts';
import { registerUpdateMetadata } from './update-metadata.ts';

const object = { kind: persistentVolumeKind, ref: persistentVolumeTypeRef };

export function registerVolumeMutations(builder: LongshoreBuilder): void {
  registerCreateVolume(builder);
  registerUpdateMetadata(builder, {
    ...object,
    description: 'Changes labels, annotations and description of a volume; its YAML is edited by `updateManifest`.',
  });
  registerDeletion(builder, {
    ...object,
    description:
      'While a claim has it the answer is an `InUseError` with the claim as `references`. What becomes of the disk is told in `warnings` (STO-03).',
    tell: tellOfVolume,
  });
}
