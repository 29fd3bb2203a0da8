import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  origin,
  PreconditionError,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { loadDisk } from '../../services/disks/load-disk.ts';
import { diskMigrationsRef } from '../../services/migrations/disk-migrations.ts';
import { claimId } from './claim-id.ts';

/** Leaving a disk where it is (STO-15). */
export function registerCancelDiskMigration(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'cancelDiskMigration',
    description:
      'Stops moving a cloud disk, also where a step of that has failed: what was made for it is removed, and the disk is as it was. Its operation ends as FAILED and says who cancelled it. Refused with NOT_MIGRATING once its old claim is being deleted: from then on the move only goes on.',
    allow: { action: 'UPDATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({ id: t.id({ required: true, description: "The id of the disk's claim." }) }),
    success: { description: 'It is being undone; the disk is MIGRATING until that is done.', fields: claimId },
    load: ({ id }, context) => loadDisk(String(id), context),
    run: async (_input, disk, ticket, context) => {
      const { name, namespace = '' } = disk.metadata;
      const migrations = context.service(diskMigrationsRef);
      const id = await migrations.openOf({ cluster: disk[origin].cluster, namespace, disk: name });
      if (id === undefined) throw new PreconditionError('NOT_MIGRATING', `Disk '${name}' is not being moved.`);
      await migrations.cancel(id, ticket, context.principal);
      const resultId = idOfObject(disk);
      return { value: resultId, resultId };
    },
    replay: (node) => (isOfKind(node, persistentVolumeClaimKind) ? idOfObject(node) : null),
  });
}
