import { anyWorkloadKinds, persistentVolumeClaimKind, podKind, statefulSetKind } from 'longshore/plugins/compute';
import { type DeclaredKind, declareKind } from 'longshore/sdk';
import { persistentVolumeKind, storageClassKind } from '../../api.ts';
import { claimIndexes } from './claim-users.ts';
import { templateClassIndex } from './storage-deletion-checks.ts';
import { handleKeysOf } from './volume-facts.ts';

const nameOf = (name: string | undefined): readonly string[] => (name ? [name] : []);

/** Kinds of this area with the indexes that lead from each to those that name it. */
export const classKinds: readonly DeclaredKind[] = [
  declareKind({ kind: storageClassKind }),
  declareKind({
    kind: persistentVolumeKind,
    indexes: { storageClass: ({ spec }) => nameOf(spec?.storageClassName), handle: handleKeysOf },
  }),
  declareKind({
    kind: persistentVolumeClaimKind,
    indexes: { storageClass: ({ spec }) => nameOf(spec?.storageClassName) },
  }),
  declareKind({ kind: podKind, indexes: claimIndexes }),
  declareKind({ kind: statefulSetKind, indexes: templateClassIndex }),
  ...anyWorkloadKinds.map((kind) => declareKind({ kind, indexes: claimIndexes })),
];
