import { persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import {
  type Cluster,
  type KindRef,
  type KubeObject,
  NotFoundError,
  type OperationHandle,
  PreconditionError,
  type Principal,
  type QueueFence,
  systemPrincipal,
} from 'longshore/sdk';
import { diskMigrationMark, type PersistentVolumeObject, persistentVolumeKind, volumeSnapshotKind } from '../../api.ts';
import type { FileBrowserSettings } from '../../settings.ts';
import type { MigrationDeed } from './decide-migration.ts';
import type { DiskMigration, DiskMigrations } from './disk-migrations.ts';
import { heldPolicyAnnotation, type MigrationObjects } from './look-at-migration.ts';
import { copyOfSnapshot, diskOnVolume, placingPod, snapshotOfDisk } from './migration-manifests.ts';

export interface MigrationSite {
  readonly row: DiskMigration;
  readonly objects: MigrationObjects;
  readonly cluster: Cluster;
  /** Who ordered it: what lies in the namespace is written as them, volumes by the platform, since they are no user's to write. */
  readonly principal: Principal;
  readonly ticket: OperationHandle;
  readonly fence: QueueFence;
  readonly migrations: DiskMigrations;
  readonly podSettings: FileBrowserSettings;
}

/** Does one deed of a move. Each may be done twice: what is there already, or gone already, is as it should be. */
export async function doMigrationDeed(deed: MigrationDeed, site: MigrationSite): Promise<void> {
  await deeds[deed](site);
}

const deeds: Readonly<Record<MigrationDeed, (site: MigrationSite) => Promise<unknown>>> = {
  lock: (site) => mark(site, site.row.id),
  unlock: (site) => mark(site, null),
  'take-snapshot': ({ row, ...site }) => create(site, volumeSnapshotKind, snapshotOfDisk(row)),
  'make-copy': ({ row, ...site }) => create(site, persistentVolumeClaimKind, copyOfSnapshot(row)),
  'make-pod': ({ row, objects, podSettings, ...site }) =>
    objects.copy
      ? create(site, podKind, placingPod(row, objects.copy, podSettings))
      : Promise.reject(new Error('storage.diskMigrations: there is no copy to place')),
  'delete-pod': (site) => remove(site, podKind, site.objects.pod),
  'delete-copy': (site) => remove(site, persistentVolumeClaimKind, site.objects.copy),
  'delete-snapshot': (site) => remove(site, volumeSnapshotKind, site.objects.snapshot),
  'delete-old': (site) => remove(site, persistentVolumeClaimKind, site.objects.disk),
  'note-volume': ({ row, objects, fence, migrations }) =>
    migrations.note(row.id, fence, { newVolume: objects.copy?.spec?.volumeName ?? null }),
  async 'keep-volumes'(site) {
    for (const volume of [site.objects.newVolume, site.objects.oldVolume]) await keep(site, volume);
  },
  'pass-no-return': ({ row, fence, migrations }) => migrations.passNoReturn(row.id, fence),
  'note-late-writing': ({ row, fence, migrations }) => migrations.note(row.id, fence, { lateWriting: 'SEEN' }),
  async 'tell-late-writing'({ row, fence, migrations }) {
    await migrations.note(row.id, fence, { lateWriting: 'TOLD' });
    const message = `Pods wrote to disk '${row.disk}' while it was moved, and that is not on it now. Its earlier volume '${row.plan.oldVolume}' is kept, with what they wrote: do this step again to finish without it.`;
    throw new PreconditionError('DISK_MIGRATION', message);
  },
  'reserve-volume': (site) => {
    const { namespace, disk } = site.row;
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: disk };
    return patchVolume(site, site.objects.newVolume, {
      spec: { claimRef: { ...claimRef, uid: null, resourceVersion: null } },
    });
  },
  'make-disk': ({ row, ...site }) => create(site, persistentVolumeClaimKind, diskOnVolume(row)),
  'release-new': (site) => release(site, site.objects.newVolume),
  'release-old': (site) => release(site, site.objects.oldVolume),
  end: ({ row, fence, migrations }) => migrations.end(row.id, fence),
};

type Writing = Pick<MigrationSite, 'cluster' | 'principal' | 'ticket'>;

async function create({ cluster, principal, ticket }: Writing, kind: KindRef, object: object): Promise<void> {
  await cluster.writer(principal).create(ticket, kind, object);
}

async function remove(
  { cluster, principal, ticket }: Writing,
  kind: KindRef,
  object: Pick<KubeObject, 'metadata'> | undefined,
): Promise<void> {
  if (!object) return;
  const { namespace, name, uid } = object.metadata;
  try {
    await cluster.writer(principal).delete(ticket, kind, namespace, name, uid === undefined ? {} : { uid });
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}

/** Marks the disk as being moved, as it was looked at: nobody may have changed it since. */
async function mark({ cluster, principal, ticket, objects }: MigrationSite, id: string | null): Promise<void> {
  if (!objects.disk) return;
  const { namespace, name, uid, resourceVersion } = objects.disk.metadata;
  const patch = { metadata: { annotations: { [diskMigrationMark]: id } } };
  const as = { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  await cluster.writer(principal).patch(ticket, persistentVolumeClaimKind, namespace, name, patch, as);
}

/** The volume outlives its claim from then on, and remembers what its policy was. */
async function keep(site: MigrationSite, volume: PersistentVolumeObject | undefined): Promise<void> {
  if (!volume || volume.metadata.annotations?.[heldPolicyAnnotation] !== undefined) return;
  await patchVolume(site, volume, {
    metadata: {
      annotations: {
        [diskMigrationMark]: site.row.id,
        [heldPolicyAnnotation]: volume.spec?.persistentVolumeReclaimPolicy ?? 'Retain',
      },
    },
    spec: { persistentVolumeReclaimPolicy: 'Retain' },
  });
}

/** Its policy is again what it was: one whose claim is gone goes with it where that says so. */
async function release(site: MigrationSite, volume: PersistentVolumeObject | undefined): Promise<void> {
  const policy = volume?.metadata.annotations?.[heldPolicyAnnotation];
  await patchVolume(site, volume, {
    metadata: { annotations: { [diskMigrationMark]: null, [heldPolicyAnnotation]: null } },
    ...(policy === undefined ? {} : { spec: { persistentVolumeReclaimPolicy: policy } }),
  });
}

async function patchVolume(
  { cluster, ticket, row }: MigrationSite,
  volume: PersistentVolumeObject | undefined,
  patch: object,
): Promise<void> {
  if (!volume) return;
  const { name, uid, resourceVersion } = volume.metadata;
  const writer = cluster.writer(systemPrincipal, { reason: `disk '${row.disk}' of '${row.namespace}' is moved` });
  const as = { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) };
  try {
    await writer.patch(ticket, persistentVolumeKind, undefined, name, patch, as);
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
  }
}
