import { type PodObject, persistentVolumeClaimKind, podKind } from 'longshore/plugins/compute';
import type { ClusterReader, KubeObject, MaybePromise } from 'longshore/sdk';
import {
  diskMigrationMark,
  type PersistentVolumeClaimObject,
  type PersistentVolumeObject,
  persistentVolumeKind,
  type VolumeSnapshotObject,
  volumeSnapshotKind,
} from '../../api.ts';
import { podsOfClaim } from '../classes/claim-users.ts';
import { migrationOf } from '../disks/disk-facts.ts';
import { snapshotStateOf } from '../snapshots/snapshot-facts.ts';
import type { SeenMigration } from './decide-migration.ts';
import type { DiskMigration } from './disk-migrations.ts';

/** The objects of the cluster that a move is about. */
export interface MigrationObjects {
  readonly disk: PersistentVolumeClaimObject | undefined;
  readonly users: readonly PodObject[];
  readonly snapshot: VolumeSnapshotObject | undefined;
  readonly copy: PersistentVolumeClaimObject | undefined;
  readonly pod: PodObject | undefined;
  readonly newVolume: PersistentVolumeObject | undefined;
  readonly oldVolume: PersistentVolumeObject | undefined;
}

/** What the policy of a volume was before a move held it. */
export const heldPolicyAnnotation = 'longshore.dev/held-reclaim-policy';

export async function lookAtMigration(row: DiskMigration, reader: ClusterReader): Promise<MigrationObjects> {
  const { namespace, plan, newVolume } = row;
  const { helperName, oldVolume } = plan;
  const volume = (name: string | null): MaybePromise<PersistentVolumeObject | undefined> =>
    name ? reader.get(persistentVolumeKind, undefined, name) : undefined;
  const disk = await reader.get(persistentVolumeClaimKind, namespace, row.disk);
  const [users, snapshot, copy, pod, filled, old] = await Promise.all([
    disk ? podsOfClaim(reader, disk) : [],
    reader.get(volumeSnapshotKind, namespace, helperName),
    reader.get(persistentVolumeClaimKind, namespace, helperName),
    reader.get(podKind, namespace, helperName),
    volume(newVolume),
    volume(oldVolume),
  ]);
  return {
    disk,
    users,
    snapshot: ofMove(snapshot, row),
    copy: ofMove(copy, row),
    pod: ofMove(pod, row),
    newVolume: filled,
    oldVolume: old,
  };
}

/** What has the name by chance is none of ours. */
function ofMove<T extends Pick<KubeObject, 'metadata'>>(object: T | undefined, { id }: DiskMigration): T | undefined {
  return object?.metadata.labels?.[diskMigrationMark] === id ? object : undefined;
}

/** The facts that `decideMigration` decides on. Pure. */
export function seenOf(row: DiskMigration, objects: MigrationObjects): SeenMigration {
  const { disk, users, snapshot, copy, pod, newVolume, oldVolume } = objects;
  return {
    isCancelled: row.cancelledAt !== null,
    isSwitched: row.switchedAt !== null,
    hasEnded: row.endedAt !== null,
    problem: row.problem ?? undefined,
    lateWriting: row.lateWriting ?? undefined,
    users: users.map(({ metadata }) => metadata.name),
    disk: disk && {
      is: whichOf(disk, row),
      isLocked: migrationOf(disk) === row.id,
      isBound: disk.status?.phase === 'Bound',
      isLeaving: isLeaving(disk),
    },
    snapshot: snapshot && { isReady: snapshotStateOf(snapshot) === 'READY' },
    copy: copy && { isBound: copy.status?.phase === 'Bound', isLeaving: isLeaving(copy) },
    waitsForPod: row.plan.waitsForPod,
    pod: pod && { isLeaving: isLeaving(pod) },
    isVolumeNoted: row.newVolume !== null,
    newVolume: newVolume && { isKept: isKept(newVolume, row), isReserved: isReserved(newVolume, row) },
    oldVolume: oldVolume && { isKept: isKept(oldVolume, row) },
  };
}

const isLeaving = ({ metadata }: Pick<KubeObject, 'metadata'>): boolean => metadata.deletionTimestamp !== undefined;

function whichOf(disk: PersistentVolumeClaimObject, row: DiskMigration): 'OLD' | 'NEW' | 'FOREIGN' {
  if (disk.metadata.uid === row.plan.diskUid) return 'OLD';
  return row.newVolume !== null && disk.spec?.volumeName === row.newVolume ? 'NEW' : 'FOREIGN';
}

const isKept = ({ metadata }: PersistentVolumeObject, { id }: DiskMigration): boolean =>
  metadata.annotations?.[diskMigrationMark] === id && metadata.annotations[heldPolicyAnnotation] !== undefined;

/** For the claim that is the disk, which does not have it yet. */
function isReserved({ spec }: PersistentVolumeObject, { namespace, disk }: DiskMigration): boolean {
  const { claimRef } = spec ?? {};
  return claimRef?.namespace === namespace && claimRef.name === disk && !claimRef.uid;
}
