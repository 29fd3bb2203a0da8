import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  checkDeletion,
  type Deleted,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  origin,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, persistentVolumeClaimTypeRef } from '../../api.ts';
import { loadDisk, requireDisk } from '../../services/disks/load-disk.ts';
import { snapshotsOfClaim } from '../../services/snapshots/snapshots-of-claim.ts';

/** Deleting disks (STO-16, API-20). What any deletion of their claims is refused for refuses this one too. */
export function registerDeleteDisk(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteDisk',
    description:
      'Deletes a cloud disk, with its data where its class says so. Refused while it is in use or its file browser is open: an `InUseError` with what uses it as `references`, workloads that would mount it among them. Its snapshots stay; `warnings` names them.',
    allow: { action: 'DELETE', subject: subjectOf(persistentVolumeClaimKind) },
    mustConfirm: 'BY_PROFILE',
    consequence: 'The data on it is deleted with it, unless its StorageClass retains volumes. Its snapshots stay.',
    batch: { name: 'deleteDisks', description: 'Deletes several cloud disks, in whatever clusters.' },
    input: (t) => ({ id: t.id({ required: true, description: "The id of the disk's claim." }) }),
    success: {
      description: 'The disk is deleted, or will be when its finalizers are done.',
      fields: (t) => ({
        id: t.id({ description: 'Global id of its claim.', resolve: ({ value }) => value.id }),
        claim: t.field({
          type: persistentVolumeClaimTypeRef,
          nullable: true,
          description: 'Its claim while that is still there; null once it is gone.',
          resolve: ({ value }) => (value.object ?? null) as never,
        }),
      }),
    },
    load: ({ id }, context) => loadDisk(String(id), context),
    check: (_input, disk) => {
      requireDisk(disk);
      return [];
    },
    warn: {
      codes: ['IN_USE'],
      find: (_input, disk: PersistentVolumeClaimObject, context) => checkDeletion(disk as never, undefined, context),
    },
    run: async (_input, disk, ticket, context) => {
      const { cluster } = disk[origin];
      const { namespace, name, uid } = disk.metadata;
      const reader = context.kube(cluster);
      const snapshots = await snapshotsOfClaim(reader, disk);
      const writer = context.cluster(cluster).writer(context.principal);
      await writer.delete(ticket, persistentVolumeClaimKind, namespace, name, { uid });
      const now = ticket.isDryRun ? disk : await reader.get(persistentVolumeClaimKind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<PersistentVolumeClaimObject> = { id: idOfObject(disk), object: left };
      return {
        value,
        resultId: idOfOperation(ticket),
        recorded: [{ before: disk, after: left }],
        warnings: snapshots.length > 0 ? [tellSnapshots(snapshots.map(({ metadata }) => metadata.name))] : [],
      };
    },
    replay: replayDeletion<PersistentVolumeClaimObject>,
  });
}

function tellSnapshots(names: readonly string[]): string {
  const told = names.slice(0, 5).map((name) => `'${name}'`);
  const more = names.length > told.length ? ` and ${names.length - told.length} more` : '';
  return `Snapshots of it stay until they are deleted themselves: ${told.join(', ')}${more}.`;
}
