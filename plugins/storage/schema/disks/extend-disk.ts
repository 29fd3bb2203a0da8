import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, persistentVolumeClaimTypeRef } from '../../api.ts';
import { checkExtension, requireExtensible } from '../../services/disks/extend-disk.ts';
import { loadDisk, requireDisk } from '../../services/disks/load-disk.ts';

/** Making a disk larger (STO-17, CON-27, API-21). */
export function registerExtendDisk(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'extendDisk',
    description:
      'Makes a cloud disk larger, which cannot be taken back. Only while it is UNUSED, else an `InUseError` with what uses it; where the profile says `volume.onlineExtend`, also while it is in use. One whose growth failed may be asked for less, as long as that is more than it has.',
    allow: { action: 'UPDATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The id of the disk's claim." }),
      sizeGib: t.int({
        required: true,
        description: 'Size that it shall have, in GiB: more than it has now, up to `disk.sizeMaxGib` of the profile.',
      }),
    }),
    success: objectSuccess(
      'The larger size is asked for; the disk is EXTENDING until it is there.',
      'claim',
      persistentVolumeClaimTypeRef,
    ),
    load: ({ id }, context) => loadDisk(String(id), context),
    check: async ({ sizeGib }, disk, context) => {
      requireDisk(disk);
      const { cluster } = disk[origin];
      const profile = context.services.profiles.at({ cluster, namespace: disk.metadata.namespace });
      const issues = checkExtension(disk, sizeGib, profile);
      if (issues.length === 0) await requireExtensible(disk, profile, context);
      return issues;
    },
    run: async ({ sizeGib }, disk, ticket, context) => {
      const { namespace, name, uid, resourceVersion } = disk.metadata;
      const patch = { spec: { resources: { requests: { storage: `${sizeGib}Gi` } } } };
      // The version that was looked at: nothing may have changed of what was decided on.
      const { object, warnings } = await context
        .cluster(disk[origin].cluster)
        .writer(context.principal)
        .patch(ticket, persistentVolumeClaimKind, namespace, name, patch, { uid, resourceVersion });
      return { value: object, resultId: idOfObject(disk), before: disk, after: object, warnings };
    },
    replay: (node): PersistentVolumeClaimObject | null => (isOfKind(node, persistentVolumeClaimKind) ? node : null),
  });
}
