import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  type Cluster,
  encodeGlobalId,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  type MutationTarget,
  named,
  objectSuccess,
  type RequestContext,
  registerMutation,
  subjectOf,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import {
  type PersistentVolumeClaimObject,
  persistentVolumeClaimTypeRef,
  type VolumeSnapshotObject,
  volumeSnapshotKind,
} from '../../api.ts';
import { namespaceOfDisk } from '../../services/disks/disk-place.ts';
import { type DiskRequest, planDisk } from '../../services/disks/plan-disk.ts';
import { requireSnapshotHere } from '../../services/snapshots/snapshot-source.ts';
import { checkNaming, namingFields } from './new-disk-fields.ts';

interface NewDiskPlace {
  readonly cluster: Cluster;
  readonly namespace: string;
  readonly snapshot: VolumeSnapshotObject | undefined;
}

/** Making a cloud disk, empty or from a snapshot (STO-14, STO-15, STO-20, API-18). */
export function registerCreateDisk(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createDisk',
    description:
      'Makes a cloud disk for a project: a PersistentVolumeClaim in one of its namespaces. From a snapshot it has the data and the file system of that, and at least its size. `Namespace.quota` and `Project.quota` say what is free.',
    allow: { action: 'CREATE', subject: subjectOf(persistentVolumeClaimKind) },
    input: (t) => ({
      cluster: t.string({ required: true, description: 'Name of the cluster.' }),
      projectId: t.id({
        description:
          'Global id of its project; the namespace need not be named where the project has only one in the cluster.',
      }),
      namespace: t.string({ description: 'Its namespace, which never changes: only what runs there can mount it.' }),
      ...namingFields(t, 'disk'),
      sizeGib: t.int({
        description:
          'Size in GiB: `disk.sizeMinGib` to `disk.sizeMaxGib` of the profile. From a snapshot that of the snapshot where not given.',
      }),
      kind: t.field({
        type: named('DiskKind'),
        required: true,
        defaultValue: 'EXCLUSIVE' as never,
        description: 'Who may mount it: one of `disk.kinds` of the profile.',
      }),
      fileSystem: t.field({
        type: named('DiskFileSystem'),
        description:
          'What it is formatted with: one of `disk.fileSystems` of the profile; the first of them where not given, of a shared one whatever its class says.',
      }),
      storageClass: t.string({
        description:
          "Name of its StorageClass; where not given the profile's, else the cluster's choice that fits the file system.",
      }),
      snapshotId: t.id({
        description: 'Global id of the VolumeSnapshot in the same namespace that it is filled from.',
      }),
    }),
    success: objectSuccess(
      'The disk is made; it is CREATING until its volume is there.',
      'claim',
      persistentVolumeClaimTypeRef,
    ),
    validate: ({ sizeGib, snapshotId }) =>
      sizeGib === null || sizeGib === undefined
        ? snapshotId
          ? []
          : [{ path: ['sizeGib'], code: 'required', message: 'sizeGib must be given where there is no snapshot' }]
        : [],
    load: (input, context) => loadPlace(input as never, context),
    check: async (input, place, context) => {
      const profile = context.services.profiles.at({ cluster: place.cluster.name, namespace: place.namespace });
      if (place.snapshot) requireSnapshotHere(place.snapshot, place.cluster.name, place.namespace);
      const naming = checkNaming(input, profile);
      return [...naming, ...(await issuesOf(() => plan(input as never, place, context)))];
    },
    run: async (input, place, ticket, context) => {
      const { cluster, namespace } = place;
      const manifest = await plan(input as never, place, context);
      const writer = cluster.writer(context.principal);
      const { object, warnings } = await writer.create(ticket, persistentVolumeClaimKind, manifest);
      const resultId = idOf(cluster.name, namespace, input.name);
      return { value: object as PersistentVolumeClaimObject, resultId, before: undefined, after: object, warnings };
    },
    replay: (node): PersistentVolumeClaimObject | null => (isOfKind(node, persistentVolumeClaimKind) ? node : null),
  });
}

interface CreateInput extends Omit<DiskRequest, 'namespace'> {
  readonly cluster: string;
  readonly projectId?: string | null | undefined;
  readonly namespace?: string | null | undefined;
  readonly snapshotId?: string | null | undefined;
}

async function loadPlace(input: CreateInput, context: RequestContext): Promise<MutationTarget<NewDiskPlace>> {
  const cluster = context.cluster(input.cluster);
  const namespace = await namespaceOfDisk(input, context);
  const { name } = input;
  const snapshot = input.snapshotId
    ? (await loadOfKind(String(input.snapshotId), volumeSnapshotKind, context)).value
    : undefined;
  return {
    value: { cluster, namespace, snapshot },
    instance: { subject: subjectOf(persistentVolumeClaimKind), cluster: cluster.name, namespace, name },
    thing: 'DISK',
    place: { cluster: cluster.name, namespace },
    record: {
      plugin: 'storage',
      type: 'PersistentVolumeClaim',
      id: idOf(cluster.name, namespace, name),
      cluster: cluster.name,
      namespace,
      kind: 'PersistentVolumeClaim',
      name,
    },
  };
}

function plan(
  input: CreateInput,
  { cluster, namespace, snapshot }: NewDiskPlace,
  context: RequestContext,
): Promise<object> {
  const profile = context.services.profiles.at({ cluster: cluster.name, namespace });
  return planDisk({ ...input, namespace }, snapshot, profile, context.kube(cluster.name));
}

async function issuesOf(planned: () => Promise<unknown>): Promise<readonly ValidationIssue[]> {
  try {
    await planned();
    return [];
  } catch (error) {
    if (error instanceof ValidationError) return error.issues;
    throw error;
  }
}

const idOf = (cluster: string, namespace: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'PersistentVolumeClaim', namespace, name });
