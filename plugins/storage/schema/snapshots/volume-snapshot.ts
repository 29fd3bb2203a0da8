import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import {
  type LongshoreBuilder,
  mapMaybe,
  named,
  origin,
  readObject,
  registerEnum,
  registerKubernetesType,
  relatedRows,
  relationField,
} from 'longshore/sdk';
import {
  type PersistentVolumeClaimObject,
  persistentVolumeClaimTypeRef,
  type VolumeSnapshotObject,
  volumeSnapshotClassKind,
  volumeSnapshotClassTypeRef,
  volumeSnapshotKind,
  volumeSnapshotTypeRef,
} from '../../api.ts';
import { bytesOf } from '../../services/classes/bytes-of.ts';
import { descriptionOf, displayNameOf, fileSystemOf } from '../../services/disks/disk-facts.ts';
import {
  isDefaultSnapshotClass,
  snapshotProblemOf,
  snapshotStateOf,
  snapshotStates,
} from '../../services/snapshots/snapshot-facts.ts';

/** Snapshots and their classes (STO-20; snapshot.storage.k8s.io/v1). */
export function registerVolumeSnapshotTypes(builder: LongshoreBuilder): void {
  registerEnum(builder, 'VolumeSnapshotState', 'How a snapshot stands.', snapshotStates);
  registerKubernetesType(builder, {
    ref: volumeSnapshotClassTypeRef,
    kind: volumeSnapshotClassKind,
    description: 'How a driver takes snapshots, and what becomes of them (snapshot.storage.k8s.io/v1).',
    fields: (t) => ({
      driver: t.exposeString('driver', {
        description: 'Name of the driver; of the volumes that it makes snapshots can be taken.',
      }),
      deletionPolicy: t.exposeString('deletionPolicy', {
        description:
          'As Kubernetes writes it. `Delete`: what the storage keeps goes with the snapshot. `Retain`: it stays.',
      }),
      isDefault: t.boolean({
        description: 'Whether it is taken for volumes of its driver where none is named.',
        resolve: isDefaultSnapshotClass,
      }),
    }),
  });
  registerKubernetesType(builder, {
    ref: volumeSnapshotTypeRef,
    kind: volumeSnapshotKind,
    description: 'What a disk held at one moment, from which others can be made (snapshot.storage.k8s.io/v1, STO-20).',
    fields: (t) => ({
      displayName: t.string({
        description: 'What people call it; its name where it is called nothing else.',
        resolve: displayNameOf,
      }),
      description: t.string({
        nullable: true,
        description: 'What it is for; null where nobody said.',
        resolve: (snapshot) => descriptionOf(snapshot) ?? null,
      }),
      state: t.field({
        type: named('VolumeSnapshotState'),
        description: 'How it stands.',
        resolve: (snapshot) => snapshotStateOf(snapshot) as never,
      }),
      problem: t.string({
        nullable: true,
        description: 'Why the last attempt to take it failed, in the words of its driver; null where none has.',
        resolve: (snapshot) => snapshotProblemOf(snapshot) ?? null,
      }),
      takenAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The moment of which it is; null until it was taken.',
        resolve: ({ status }) => status?.creationTime ?? null,
      }),
      restoreSize: t.field({
        type: 'Quantity',
        nullable: true,
        description: 'The least size of a disk that is made from it; null until that is known.',
        resolve: ({ status }) => status?.restoreSize ?? null,
      }),
      restoreBytes: t.field({
        type: 'SafeInt',
        nullable: true,
        description: 'The same in bytes.',
        resolve: ({ status }) => bytesOf(status?.restoreSize) ?? null,
      }),
      fileSystem: t.field({
        type: named('DiskFileSystem'),
        nullable: true,
        description: 'What the disk was formatted with, as far as that is noted; null otherwise.',
        resolve: (snapshot) => (fileSystemOf(snapshot) ?? null) as never,
      }),
      claimName: t.string({
        nullable: true,
        description: 'Name of the claim that it was taken of; null where it stands for one that was there already.',
        resolve: ({ spec }) => spec?.source.persistentVolumeClaimName ?? null,
      }),
      claim: t.field({
        type: persistentVolumeClaimTypeRef,
        nullable: true,
        description: 'The claim of that name, where there is one still and you may see it.',
        resolve: (snapshot, _args, context) => {
          const name = snapshot.spec?.source.persistentVolumeClaimName;
          if (!name) return null;
          const { cluster } = snapshot[origin];
          return readObject(context, persistentVolumeClaimKind, cluster, snapshot.metadata.namespace, name);
        },
      }),
      snapshotClass: t.field({
        type: volumeSnapshotClassTypeRef,
        nullable: true,
        description: 'Its class, where it names one that is there.',
        resolve: (snapshot, _args, context) => {
          const name = snapshot.spec?.volumeSnapshotClassName;
          return name ? readObject(context, volumeSnapshotClassKind, snapshot[origin].cluster, undefined, name) : null;
        },
      }),
    }),
  });
  builder.objectField(persistentVolumeClaimTypeRef, 'snapshots', (t) =>
    relationField<PersistentVolumeClaimObject, VolumeSnapshotObject>(builder, t, {
      of: 'VolumeSnapshot',
      description: 'Snapshots that were taken of a claim of this name.',
      rows: ({ metadata, [origin]: { cluster } }, context) =>
        relatedRows(context, cluster, (reader) =>
          mapMaybe(
            reader.byIndex(volumeSnapshotKind, 'claim', `${metadata.namespace ?? ''}/${metadata.name}`),
            (found) => found,
          ),
        ),
    }),
  );
}
