import { projectTypeRef, tenancyServiceRef } from 'longshore/plugins/core';
import {
  DataLoader,
  encodeGlobalId,
  type LongshoreBuilder,
  mapMaybe,
  named,
  operationRecordRef,
  origin,
  type RequestContext,
  registerEnum,
  resolveNodes,
  typeRef,
} from 'longshore/sdk';
import { type PersistentVolumeClaimObject, persistentVolumeClaimTypeRef } from '../../api.ts';
import {
  diskKindOf,
  displayNameOf,
  fileSystemOf,
  isBuiltIn,
  isDisk,
  migrationOf,
} from '../../services/disks/disk-facts.ts';
import { diskStates } from '../../services/disks/disk-state.ts';
import { diskProblemOf, diskStateOf } from '../../services/disks/read-disk.ts';

const diskRef = typeRef<PersistentVolumeClaimObject>('Disk');

/** What makes a claim a cloud disk: one object of the cluster, with one id, whichever way one came to it (STO-14 to STO-16). */
export function registerDiskType(builder: LongshoreBuilder): void {
  registerEnum(builder, 'DiskState', 'How a cloud disk stands.', diskStates);
  registerEnum(builder, 'DiskKind', 'Who may mount a cloud disk.', {
    EXCLUSIVE: 'One instance at a time.',
    SHARED: 'Many instances at once.',
  });
  registerEnum(builder, 'DiskFileSystem', 'What a cloud disk is formatted with.', {
    EXT4: 'ext4.',
    XFS: 'xfs.',
    UNKNOWN: 'Another one.',
  });
  builder.objectType(diskRef, {
    description:
      'What a PersistentVolumeClaim is as a cloud disk of a project; its size, class and users stand on the claim.',
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where it is called nothing else.',
        resolve: displayNameOf,
      }),
      state: t.field({
        type: named('DiskState'),
        description: 'How it stands, by itself and by the pods that you may see.',
        resolve: (disk, _args, context) => diskStateOf(context.kube(disk[origin].cluster), disk) as never,
      }),
      problem: t.string({
        nullable: true,
        description: 'What is wrong with it, in the words of the cluster; null where nothing is known to be.',
        resolve: (disk, _args, context) =>
          mapMaybe(diskProblemOf(context.kube(disk[origin].cluster), disk), (problem) => problem ?? null),
      }),
      kind: t.field({
        type: named('DiskKind'),
        description: 'Who may mount it.',
        resolve: (disk) => diskKindOf(disk) as never,
      }),
      isBuiltIn: t.boolean({
        description: 'Whether it was made with the workload that mounts it, and is not one that lives by itself.',
        resolve: isBuiltIn,
      }),
      fileSystem: t.field({
        type: named('DiskFileSystem'),
        nullable: true,
        description: 'What it is formatted with, where that was said when it was made; null otherwise.',
        resolve: (disk) => (fileSystemOf(disk) ?? null) as never,
      }),
      project: t.field({
        type: projectTypeRef,
        nullable: true,
        description: 'The project that it belongs to through its namespace, as far as you may see it.',
        resolve: async ({ metadata, [origin]: { cluster } }, _args, context) => {
          const binding = context.service(tenancyServiceRef).bindingOf(cluster, metadata.namespace ?? '');
          if (!binding?.projectUuid) return null;
          const id = encodeGlobalId({ of: 'row', plugin: 'core', type: 'Project', key: binding.projectUuid });
          return (await nodesOf(context).load(id)) as never;
        },
      }),
      migration: t.field({
        type: operationRecordRef,
        nullable: true,
        description:
          'The operation that moves it to another class or zone, with its steps, as far as you may see it; null while none does. `cancelDiskMigration` undoes it.',
        resolve: async (disk, _args, context) => {
          const key = migrationOf(disk);
          if (key === undefined) return null;
          const id = encodeGlobalId({ of: 'row', plugin: 'core', type: 'OperationRecord', key });
          return (await nodesOf(context).load(id)) as never;
        },
      }),
    }),
  });
  builder.objectField(persistentVolumeClaimTypeRef, 'disk', (t) =>
    t.field({
      type: diskRef,
      nullable: true,
      description: 'What it is as a cloud disk; null for any other claim.',
      resolve: (claim) => (isDisk(claim) ? claim : null),
    }),
  );
}

const loaderKey = {};

/** Disks of one page ask for their projects, and for what moves them, together. */
function nodesOf(context: RequestContext): DataLoader<string, unknown> {
  return context.memo(loaderKey, () => new DataLoader((ids: readonly string[]) => resolveNodes(ids, context)));
}
