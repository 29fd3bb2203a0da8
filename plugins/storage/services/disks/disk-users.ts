import type { PodObject } from 'longshore/plugins/compute';
import {
  InUseError,
  nameUsers,
  origin,
  PreconditionError,
  type RequestContext,
  readEveryUser,
  systemPrincipal,
} from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { podsOfClaim } from '../classes/claim-users.ts';
import { type DiskState, isFileBrowser } from './disk-state.ts';
import { diskStateOf } from './read-disk.ts';

/** What is done to a disk that nothing uses. */
export type DiskDeed = 'extended' | 'snapshotted' | 'copied' | 'moved';

/**
 * Throws unless a disk is UNUSED (STO-16): `InUseError` with the pods that hold it as references, `PreconditionError` DISK_NOT_READY for any
 * other state. Counts pods that the caller may not see, without naming them.
 */
export async function requireUnused(
  disk: PersistentVolumeClaimObject,
  deed: DiskDeed,
  context: RequestContext,
  allowed: readonly DiskState[] = ['UNUSED'],
): Promise<void> {
  const pods = await everyPodOf(disk, context);
  if (pods.length > 0) throw inUse(disk, deed, pods, context);
  const state = await diskStateOf(context.cluster(disk[origin].cluster).reader(systemPrincipal, context.signal), disk);
  if (!allowed.includes(state)) throw new PreconditionError('DISK_NOT_READY', notReady(disk, deed, state));
}

/** Throws `PreconditionError` DISK_NOT_READY where there is no volume behind a disk that could be worked on. */
export function requireBound({ metadata, status }: PersistentVolumeClaimObject, deed: DiskDeed): void {
  if (status?.phase === 'Bound') return;
  const message = `Disk '${metadata.name}' can only be ${deed} once its volume is made, with the first pod that mounts it.`;
  throw new PreconditionError('DISK_NOT_READY', message);
}

/** Also those that this caller cannot see. */
export const everyPodOf = (disk: PersistentVolumeClaimObject, context: RequestContext): Promise<readonly PodObject[]> =>
  readEveryUser(disk, context, (reader) => podsOfClaim(reader, disk));

function inUse(
  { metadata }: PersistentVolumeClaimObject,
  deed: DiskDeed,
  pods: readonly PodObject[],
  context: RequestContext,
): InUseError {
  const { words, references } = nameUsers(pods, context);
  const isOpen = pods.every((pod) => isFileBrowser(pod));
  const how = isOpen ? 'while its file browser is open: close it first.' : `while it is used by ${words}.`;
  return new InUseError(`Disk '${metadata.name}' cannot be ${deed} ${how}`, references);
}

function notReady({ metadata }: PersistentVolumeClaimObject, deed: DiskDeed, state: DiskState): string {
  return `Disk '${metadata.name}' can only be ${deed} while it is UNUSED, and it is ${state}.`;
}
