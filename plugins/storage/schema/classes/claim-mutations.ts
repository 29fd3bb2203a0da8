import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { type LongshoreBuilder, registerDeletion } from 'longshore/sdk';
import { persistentVolumeClaimTypeRef } from '../../api.ts';
import { tellOfClaimDeletion } from '../../services/classes/tell-of-reclaim.ts';
import { registerCreateClaim } from './create-claim.ts';
import { registerExpandClaim } from './expand-claim.ts';
import { registerUpdateMetadata } from './update-metadata.ts';

const object = { kind: persistentVolumeClaimKind, ref: persistentVolumeClaimTypeRef };

export function registerClaimMutations(builder: LongshoreBuilder): void {
  registerCreateClaim(builder);
  registerExpandClaim(builder);
  registerUpdateMetadata(builder, {
    ...object,
    description:
      'Changes labels, annotations and description of a claim; `expandPersistentVolumeClaim` changes its size, and the rest of it never changes.',
  });
  registerDeletion(builder, {
    ...object,
    description:
      'While pods or workloads mount it (`usedBy`) the answer is an `InUseError` with what the caller may see of them as `references` (STO-12). What becomes of its volume is told in `warnings` (STO-03).',
    tell: tellOfClaimDeletion,
  });
}
