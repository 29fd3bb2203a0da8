import {
  type DeletionCheck,
  idOfObject,
  type KubeObject,
  nameUsers,
  origin,
  PreconditionError,
  type RequestContext,
  systemPrincipal,
} from 'longshore/sdk';
import type { PersistentVolumeClaimObject } from '../../api.ts';
import { expansionOf } from '../classes/claim-facts.ts';
import { claimUsesOf } from '../classes/claim-users.ts';
import { isDisk, migrationOf } from './disk-facts.ts';
import { isFileBrowser } from './disk-state.ts';

/** Cloud disks stay while something mounts them, would mount them, or has their file browser open (STO-16), whatever the road. */
export const diskDeletionCheck: DeletionCheck = {
  subjects: ['core/PersistentVolumeClaim'],
  async check({ object, left, goesAlong }, context) {
    const disk = object as unknown as PersistentVolumeClaimObject;
    if (left !== undefined || !isDisk(disk)) return undefined;
    const users = (await everyUserOf(disk, context)).filter((user) => !goesAlong?.has(idOfObject(user)));
    if (users.length > 0) {
      const { words, references } = nameUsers(users, context);
      const message = users.every((user) => isFileBrowser(user))
        ? `The file browser of disk '${disk.metadata.name}' is open: close it first.`
        : `Disk '${disk.metadata.name}' is used by ${words}: it goes only after that was deleted or mounts it no more.`;
      return { isRefused: true, message, references };
    }
    if (migrationOf(disk) !== undefined) {
      const message = `Disk '${disk.metadata.name}' is being moved: it goes once that is done or cancelled.`;
      throw new PreconditionError('DISK_NOT_READY', message);
    }
    if (isGrowing(disk)) {
      const message = `Disk '${disk.metadata.name}' is being extended: it goes once that is done.`;
      throw new PreconditionError('DISK_NOT_READY', message);
    }
    return undefined;
  },
};

function isGrowing(disk: PersistentVolumeClaimObject): boolean {
  const state = expansionOf(disk)?.state;
  return state === 'WAITING' || state === 'RESIZING';
}

/** Also what this caller cannot see; the caller's own reader knows what the caller wrote a moment ago. */
async function everyUserOf(disk: PersistentVolumeClaimObject, context: RequestContext): Promise<readonly KubeObject[]> {
  const cluster = context.cluster(disk[origin].cluster);
  const found = await Promise.all(
    [context.principal, systemPrincipal].map(async (principal) =>
      claimUsesOf(cluster.reader(principal, context.signal), disk),
    ),
  );
  return [...new Map(found.flat().map(({ user }) => [idOfObject(user), user])).values()];
}
