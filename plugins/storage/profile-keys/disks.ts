import { profileKey, profileValues, type TextRule } from 'longshore/sdk';

/** As Kubernetes has names of claims (RFC 1123), short enough for a label, which the pod of its file browser carries. */
const diskNameRule: TextRule = {
  min: 1,
  max: 63,
  pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$',
  says: "lower-case letters, digits and '-', beginning and ending with a letter or digit",
  examples: ['data', 'shop-db-0', '0'],
};

export const diskName = profileKey({
  name: 'disk.name',
  schema: profileValues.textRule(63, diskNameRule),
  default: diskNameRule,
  description: 'Names of cloud disks and their snapshots.',
  sources: ['STO-14'],
});

export const diskDisplayName = profileKey({
  name: 'disk.displayName',
  schema: profileValues.textRule(128),
  default: {
    min: 1,
    max: 64,
    pattern: '^[^\\s]([^\\n\\r\\t]*[^\\s])?$',
    says: 'one line of text without spaces at its ends',
    examples: ['Data of the shop', 'db'],
  },
  description: 'What people call a cloud disk or a snapshot.',
  sources: ['STO-14'],
});

export const diskKinds = profileKey({
  name: 'disk.kinds',
  schema: profileValues.someOf('EXCLUSIVE', 'SHARED'),
  default: ['EXCLUSIVE', 'SHARED'],
  description: 'Whether cloud disks may be for one instance, or for many at once.',
  sources: ['STO-15'],
});

export const diskFileSystems = profileKey({
  name: 'disk.fileSystems',
  schema: profileValues.someOf('EXT4', 'XFS'),
  default: ['EXT4', 'XFS'],
  description: 'What cloud disks may be formatted with.',
  sources: ['STO-14'],
});

export const diskExclusiveClass = profileKey({
  name: 'disk.exclusiveClass',
  schema: profileValues.textOrNone(),
  default: null,
  description: "StorageClass of exclusive cloud disks where none is asked for; without one the cluster's own choice.",
  sources: ['STO-15'],
});

export const diskSharedClass = profileKey({
  name: 'disk.sharedClass',
  schema: profileValues.textOrNone(),
  default: null,
  description: "StorageClass of shared cloud disks where none is asked for; without one the cluster's own choice.",
  sources: ['STO-15'],
});

export const diskSizeMin = profileKey({
  name: 'disk.sizeMinGib',
  schema: profileValues.count(1, 65_536),
  default: 1,
  description: 'Least size of a cloud disk, in GiB.',
  sources: ['STO-14'],
});

export const diskSizeMax = profileKey({
  name: 'disk.sizeMaxGib',
  schema: profileValues.limit(1, 65_536),
  default: null,
  description: 'Largest size of a cloud disk, in GiB.',
  sources: ['STO-14'],
});

export const volumeOnlineExtend = profileKey({
  name: 'volume.onlineExtend',
  schema: profileValues.onOff(),
  default: false,
  description: 'Whether a cloud disk may be made larger while it is in use.',
  sources: ['STO-17', 'CON-27'],
});

export const diskKeys = [
  diskName,
  diskDisplayName,
  diskKinds,
  diskFileSystems,
  diskExclusiveClass,
  diskSharedClass,
  diskSizeMin,
  diskSizeMax,
  volumeOnlineExtend,
];
