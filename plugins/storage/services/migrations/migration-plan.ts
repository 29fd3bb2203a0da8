import type { PersistentVolumeClaimObject } from '../../api.ts';
import { requestedSizeOf } from '../classes/claim-facts.ts';

/** What a move of a disk was decided to be, and what its claim was: from this the claim is made anew. */
export interface MigrationPlan {
  readonly diskUid: string;
  readonly oldVolume: string;
  readonly storageClass: string;
  /** The zone that its volume shall lie in; undefined where its class says. */
  readonly zone: string | undefined;
  readonly snapshotClass: string;
  /** Whether its class makes volumes only once a pod wants them: a pod of ours does then. */
  readonly waitsForPod: boolean;
  /** Name of the snapshot, of the claim that is filled from it, and of that pod. */
  readonly helperName: string;
  readonly claim: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly object[];
    readonly accessModes: readonly string[];
    readonly volumeMode: string | undefined;
    readonly size: string;
  };
}

/** Kept by controllers of the cluster about the volume that it had. */
const ofTheCluster = /^(pv\.kubernetes\.io|volume\.kubernetes\.io|volume\.beta\.kubernetes\.io)\//;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** What of a claim is the user's, and is the same afterwards: name, description, labels, owners, how it is mounted, size. Pure. */
export function keptOfClaim({ metadata, spec }: PersistentVolumeClaimObject): MigrationPlan['claim'] {
  const own = Object.entries(metadata.annotations ?? {}).filter(
    ([key]) => !ofTheCluster.test(key) && key !== lastApplied,
  );
  return {
    labels: { ...metadata.labels },
    annotations: Object.fromEntries(own),
    ownerReferences: [...(metadata.ownerReferences ?? [])],
    accessModes: [...(spec?.accessModes ?? [])],
    volumeMode: spec?.volumeMode,
    size: requestedSizeOf({ ...(spec ? { spec } : {}) }),
  };
}

/** Short enough for a name of anything, and never the same for two moves. */
export function helperNameOf(disk: string, id: string): string {
  return `${disk.slice(0, 40).replace(/[-.]+$/, '')}-moving-${id.replaceAll('-', '').slice(0, 12)}`;
}
