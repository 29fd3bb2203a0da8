import type { ManifestMisfit, Profile } from 'longshore/sdk';
import type { PersistentVolumeClaimObject, StorageClassObject } from '../../api.ts';
import { bytesOf } from './bytes-of.ts';
import { capacityOf, claimPhaseOf, requestedSizeOf } from './claim-facts.ts';
import { capabilitiesOf } from './class-capabilities.ts';

/** Why a claim cannot grow at all, by a reason of `PreconditionReason`; undefined where it can. */
export function obstacleToGrowth(
  claim: PersistentVolumeClaimObject,
  storageClass: StorageClassObject | undefined,
): { readonly reason: 'CLAIM_NOT_BOUND' | 'CLASS_NOT_EXPANDABLE'; readonly message: string } | undefined {
  const name = `PersistentVolumeClaim '${claim.metadata.name}'`;
  if (claimPhaseOf(claim) !== 'BOUND') {
    return { reason: 'CLAIM_NOT_BOUND', message: `${name} has no volume yet: only what is bound can grow` };
  }
  if (storageClass?.allowVolumeExpansion === true) return undefined;
  const what = storageClass
    ? `its class '${storageClass.metadata.name}' does not let claims grow`
    : 'its class is not there';
  return { reason: 'CLASS_NOT_EXPANDABLE', message: `${name} cannot grow: ${what}` };
}

/**
 * What is wrong with a size that a bound claim shall have. It only grows; a growth that is not finished can be taken back as far as
 * there is more than now (KEP-1790).
 */
export function judgeGrowth(
  claim: PersistentVolumeClaimObject,
  size: string,
  storageClass: StorageClassObject | undefined,
  profile: Profile,
): readonly Omit<ManifestMisfit, 'path'>[] {
  const wanted = bytesOf(size);
  if (wanted === undefined) return [];
  const requested = requestedSizeOf(claim);
  const capacity = capacityOf(claim) ?? requested;
  if (wanted === bytesOf(requested) && wanted !== bytesOf(capacity)) {
    return [{ code: 'same_size', message: `size is ${requested} already, and the growth is under way` }];
  }
  if (wanted <= (bytesOf(capacity) ?? 0)) {
    return [
      {
        code: 'not_larger',
        message: `size must be more than the ${capacity} that there are: a claim only grows, got ${size}`,
      },
    ];
  }
  const { maximumSize } = storageClass ? capabilitiesOf(storageClass, profile) : { maximumSize: undefined };
  const most = bytesOf(maximumSize);
  if (most === undefined || wanted <= most) return [];
  return [
    {
      code: 'too_big',
      message: `size must be ${maximumSize} at the most in the class '${storageClass?.metadata.name}', got ${size}`,
    },
  ];
}
