import { formatAge } from '../../machinery/format-age.ts';
import { asList, asObject, asString, type JsonObject } from '../../machinery/json.ts';
import type { TableLayout } from '../resource-strategy.ts';
import { ageColumn, nameColumn, textColumn } from './columns.ts';

const shortModes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

export const persistentVolumeClaimTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Status', 'Whether the claim is bound.'),
    textColumn('Volume', 'The volume the claim is bound to.'),
    textColumn('Capacity', 'What the volume holds.'),
    textColumn('Access Modes', 'How the volume may be mounted.'),
    textColumn('StorageClass', 'The class the volume comes from.'),
    textColumn('VolumeAttributesClass', 'The attributes class of the volume.'),
    ageColumn,
    textColumn('VolumeMode', 'Filesystem or Block.', 1),
  ],
  cells(claim, nowMs) {
    const spec = asObject(claim.spec) ?? {};
    const status = asObject(claim.status) ?? {};
    const isBound = (asString(spec.volumeName) ?? '') !== '';
    return [
      claim.metadata.name,
      claim.metadata.deletionTimestamp === undefined ? (asString(status.phase) ?? '') : 'Terminating',
      asString(spec.volumeName) ?? '',
      isBound ? String(asObject(status.capacity)?.storage ?? '') : '',
      isBound ? printModes(status) : '',
      asString(spec.storageClassName) ?? '',
      asString(spec.volumeAttributesClassName) ?? '<unset>',
      formatAge(claim.metadata.creationTimestamp, nowMs),
      asString(spec.volumeMode) ?? '<unset>',
    ];
  },
};

export const persistentVolumeTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Capacity', 'What the volume holds.'),
    textColumn('Access Modes', 'How the volume may be mounted.'),
    textColumn('Reclaim Policy', 'What happens to the volume once its claim is gone.'),
    textColumn('Status', 'Whether the volume is bound.'),
    textColumn('Claim', 'The claim the volume is bound to.'),
    textColumn('StorageClass', 'The class the volume comes from.'),
    textColumn('VolumeAttributesClass', 'The attributes class of the volume.'),
    textColumn('Reason', 'Why the volume is in its state.'),
    ageColumn,
    textColumn('VolumeMode', 'Filesystem or Block.', 1),
  ],
  cells(volume, nowMs) {
    const spec = asObject(volume.spec) ?? {};
    const status = asObject(volume.status) ?? {};
    const claim = asObject(spec.claimRef);
    return [
      volume.metadata.name,
      String(asObject(spec.capacity)?.storage ?? ''),
      printModes(spec),
      asString(spec.persistentVolumeReclaimPolicy) ?? '',
      volume.metadata.deletionTimestamp === undefined ? (asString(status.phase) ?? '') : 'Terminating',
      claim === undefined ? '' : `${String(claim.namespace)}/${String(claim.name)}`,
      asString(spec.storageClassName) ?? '',
      asString(spec.volumeAttributesClassName) ?? '<unset>',
      asString(status.reason) ?? '',
      formatAge(volume.metadata.creationTimestamp, nowMs),
      asString(spec.volumeMode) ?? '<unset>',
    ];
  },
};

export const storageClassTable: TableLayout = {
  columns: [
    nameColumn,
    textColumn('Provisioner', 'Who makes the volumes.'),
    textColumn('ReclaimPolicy', 'What happens to a volume once its claim is gone.'),
    textColumn('VolumeBindingMode', 'When volumes are bound.'),
    textColumn('AllowVolumeExpansion', 'Whether volumes may grow.'),
    ageColumn,
  ],
  cells(storage, nowMs) {
    const isDefault = storage.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true';
    return [
      isDefault ? `${storage.metadata.name} (default)` : storage.metadata.name,
      storage.provisioner,
      storage.reclaimPolicy,
      storage.volumeBindingMode,
      storage.allowVolumeExpansion === true,
      formatAge(storage.metadata.creationTimestamp, nowMs),
    ];
  },
};

function printModes(parent: JsonObject): string {
  return asList(parent.accessModes)
    .map((mode) => shortModes[String(mode)] ?? String(mode))
    .join(',');
}
