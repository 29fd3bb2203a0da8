import { persistentVolumeClaimKind } from 'longshore/plugins/compute';
import { type PermissionRule, subjectOf } from 'longshore/sdk';
import { storageClassKind, volumeSnapshotClassKind, volumeSnapshotKind } from './api.ts';

const manage = ['READ', 'CREATE', 'UPDATE', 'APPLY', 'DELETE'] as const;

/** The matrix of roles (CORE-17) for storage. ADMIN may do everything and needs no rule. */
export const storagePermissions: readonly PermissionRule[] = [
  // A form that asks for a volume has to show what kinds of them there are.
  { roles: ['GUEST'], actions: ['READ'], subjects: [subjectOf(storageClassKind), subjectOf(volumeSnapshotClassKind)] },
  {
    roles: ['DEVELOPER'],
    actions: manage,
    subjects: [subjectOf(persistentVolumeClaimKind), subjectOf(volumeSnapshotKind)],
    where: 'namespaces',
  },
  {
    roles: ['DEVELOPER'],
    actions: ['READ_METRICS'],
    subjects: [subjectOf(persistentVolumeClaimKind)],
    where: 'namespaces',
  },
  // What stands in volumes may be secret, and is had by running a program beside it: BROWSE goes to who has EXEC on pods, and alone it is not enough.
  { roles: ['DEVELOPER'], actions: ['BROWSE'], subjects: [subjectOf(persistentVolumeClaimKind)], where: 'namespaces' },
];
