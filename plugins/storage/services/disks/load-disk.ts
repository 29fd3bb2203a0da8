import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { loadOfKind, type MutationTarget, PreconditionError, type RequestContext } from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { isDisk } from './disk-facts.ts';

/** The disk that a mutation names by the id of its claim; not found for anything else that is not there for this caller. */
export async function loadDisk(
  id: string,
  context: RequestContext,
): Promise<MutationTarget<PersistentVolumeClaimObject>> {
  const target = await loadOfKind(id, persistentVolumeClaimKind, context);
  return { ...target, thing: 'DISK' };
}

/** What is done to disks is done to no other claim: throws `PreconditionError` NOT_A_DISK. */
export function requireDisk(claim: PersistentVolumeClaimObject): void {
  if (isDisk(claim)) return;
  throw new PreconditionError('NOT_A_DISK', `PersistentVolumeClaim '${claim.metadata.name}' is no cloud disk.`);
}
