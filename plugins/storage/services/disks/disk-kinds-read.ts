import { type DeclaredKind, declareKind } from 'longshore/sdk';
import { volumeSnapshotClassKind, volumeSnapshotKind } from '../../api.ts';

/** Snapshots, by the claim that they were taken of. */
export const diskKindsRead: readonly DeclaredKind[] = [
  declareKind({
    kind: volumeSnapshotKind,
    indexes: {
      claim: ({ metadata, spec }) => {
        const name = spec?.source.persistentVolumeClaimName;
        return name ? [`${metadata.namespace ?? ''}/${name}`] : [];
      },
    },
  }),
  declareKind({ kind: volumeSnapshotClassKind }),
];
