import { origin, PreconditionError, type Profile, type RequestContext, type ValidationIssue } from 'longshore/sdk';
import { type PersistentVolumeClaimObject, storageClassKind } from '../../api.ts';
import { volumeOnlineExtend } from '../../profile-keys/disks.ts';
import { bytesOf } from '../classes/bytes-of.ts';
import { capacityOf, expansionOf, requestedSizeOf } from '../classes/claim-facts.ts';
import { bytesPerGib } from './disk-facts.ts';
import { checkDiskSize } from './disk-size.ts';
import { requireBound, requireUnused } from './disk-users.ts';

type Claim = Pick<PersistentVolumeClaimObject, 'metadata' | 'spec' | 'status'>;

/** A disk only ever grows (STO-17). Pure. */
export function checkExtension(disk: Claim, sizeGib: number, profile: Profile): ValidationIssue[] {
  const least = leastBytesOf(disk);
  if (sizeGib * bytesPerGib > least) return checkDiskSize(sizeGib, profile);
  const has = Math.floor(least / bytesPerGib);
  const message = `sizeGib must be more than the ${has} that '${disk.metadata.name}' has, got ${sizeGib}`;
  return [{ path: ['sizeGib'], code: 'too_small', message }];
}

/** What must be exceeded: what was asked for, or where that cannot be had what there is (KEP-1790). */
function leastBytesOf(disk: Claim): number {
  const has = bytesOf(capacityOf(disk)) ?? 0;
  return hasFailed(disk) ? has : Math.max(has, bytesOf(requestedSizeOf(disk)) ?? 0);
}

function hasFailed(disk: Claim): boolean {
  const state = expansionOf(disk)?.state;
  return state === 'FAILED' || state === 'INFEASIBLE';
}

/**
 * Throws unless a disk may be made larger now: bound, of a class that lets it grow, and unused or, by the profile, not (CON-27). `InUseError`,
 * `PreconditionError` DISK_NOT_READY, NOT_EXTENSIBLE.
 */
export async function requireExtensible(
  disk: PersistentVolumeClaimObject,
  profile: Profile,
  context: RequestContext,
): Promise<void> {
  requireBound(disk, 'extended');
  const name = disk.spec?.storageClassName;
  const found = name ? await context.kube(disk[origin].cluster).get(storageClassKind, undefined, name) : undefined;
  if (!found?.allowVolumeExpansion) {
    const message = `Disks of StorageClass '${name ?? ''}' keep their size: it does not say allowVolumeExpansion.`;
    throw new PreconditionError('NOT_EXTENSIBLE', message);
  }
  if (profile.get(volumeOnlineExtend)) return;
  await requireUnused(disk, 'extended', context, hasFailed(disk) ? ['UNUSED', 'ERROR'] : ['UNUSED']);
}
