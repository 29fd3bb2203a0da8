import { persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  type Instance,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  origin,
  type RequestContext,
  registerMutation,
  subjectOf,
  ValidationError,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, volumeSnapshotKind } from '../../api.ts';
import { requireBound, requireUnused } from '../../services/disks/disk-users.ts';
import { loadDisk, requireDisk } from '../../services/disks/load-disk.ts';
import { diskMigrationsRef } from '../../services/migrations/disk-migrations.ts';
import { planMigration } from '../../services/migrations/plan-migration.ts';
import { requireSnapshots } from '../../services/snapshots/require-snapshots.ts';
import { claimId } from './claim-id.ts';

/** Moving a disk to another class or zone (STO-15, STO-19). */
export function registerMigrateDisk(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'migrateDisk',
    description:
      'Begins to move a cloud disk that nothing uses to another StorageClass or zone of its cluster: a snapshot of it is taken, a volume filled from that, and the disk given that volume. It keeps its name, id, project, description and labels, so that what would mount it need not be changed; its data are on the earlier volume until the new one is ready. Follow its steps by `operationRecordChanges`; the disk is MIGRATING meanwhile, and gone from lists for a moment while its claim is made anew. Something that mounts it before that moment undoes the move. Refused with IN_USE while something uses it. Needs UPDATE and DELETE on the claim, CREATE on claims and snapshots of its namespace, and on pods where the class waits for a first consumer.',
    allow: { action: 'UPDATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The id of the disk's claim." }),
      storageClass: t.string({
        required: true,
        description:
          'Name of the StorageClass that it shall be of: of the same driver, and with the same file system. Its own to go to another zone.',
      }),
      zone: t.string({
        description:
          'Zone that it shall lie in (`topology.kubernetes.io/zone`), of a class with WaitForFirstConsumer; whatever the class does where not given.',
      }),
      snapshotClass: t.string({
        description:
          "Name of a VolumeSnapshotClass of the disk's driver; where not given the driver's default or only one.",
      }),
    }),
    success: { description: 'The move has begun.', fields: claimId },
    load: async ({ id }, context) => {
      const target = await loadDisk(String(id), context);
      // UPDATE is asked for by the maker: a refusal of it has a record.
      if (context.access.allowed('UPDATE', target.instance)) requireRights(target.value, context);
      return target;
    },
    check: async (input, disk, context) => {
      requireDisk(disk);
      requireSnapshots(context.cluster(disk[origin].cluster));
      await requireUnused(disk, 'moved', context);
      requireBound(disk, 'moved');
      const planned = await planMigration(disk, input, context);
      if ('issues' in planned) return planned.issues;
      if (planned.waitsForPod) context.access.requireAllowed('CREATE', instanceIn(disk, subjectOf(podKind)));
      return [];
    },
    run: async (input, disk, ticket, context) => {
      const planned = await planMigration(disk, input, context);
      if ('issues' in planned) throw new ValidationError(planned.issues);
      const resultId = idOfObject(disk);
      const { namespace = '', name } = disk.metadata;
      const place = { cluster: disk[origin].cluster, namespace, disk: name };
      const result = { type: 'migrateDisk', id: resultId };
      await context.service(diskMigrationsRef).begin({ ...place, planOf: planned.planOf }, ticket, result);
      return { value: resultId, resultId };
    },
    replay: (node) => (isOfKind(node, persistentVolumeClaimKind) ? idOfObject(node) : null),
  });
}

function requireRights(disk: PersistentVolumeClaimObject, { access }: RequestContext): void {
  const subject = subjectOf(persistentVolumeClaimKind);
  access.requireAllowed('DELETE', disk as Instance);
  for (const each of [subject, subjectOf(volumeSnapshotKind)]) access.requireAllowed('CREATE', instanceIn(disk, each));
}

const instanceIn = ({ metadata: { namespace }, [origin]: { cluster } }: PersistentVolumeClaimObject, subject: string) =>
  ({ subject, cluster, namespace }) as Instance;
