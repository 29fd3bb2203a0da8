import type { PersistentVolumeObject } from '../../api.ts';
import { bytesOf } from './bytes-of.ts';
import { volumePhaseOf } from './volume-facts.ts';

export interface BoundByName {
  readonly namespace: string;
  readonly name: string;
  readonly storageClassName: string;
  readonly size: string;
  /** As Kubernetes writes them. */
  readonly accessModes: readonly string[];
  readonly volumeMode: string;
}

/** Why a claim would never get the volume that it names (STO-06); undefined where it would. Pure. */
export function problemOfBinding(volume: PersistentVolumeObject | undefined, claim: BoundByName): string | undefined {
  if (!volume) return 'it is not there';
  const { spec, metadata } = volume;
  if (metadata.deletionTimestamp) return 'it is being deleted';
  const { claimRef } = spec ?? {};
  if (claimRef && (claimRef.name !== claim.name || claimRef.namespace !== claim.namespace)) {
    return 'another claim has it';
  }
  if (claimRef?.uid) return 'it belonged to an earlier claim, whose data is on it';
  const phase = volumePhaseOf(volume);
  if (phase === 'RELEASED' || phase === 'FAILED') return `it is ${phase.toLowerCase()}`;
  const capacity = spec?.capacity?.storage ?? '0';
  if ((bytesOf(capacity) ?? 0) < (bytesOf(claim.size) ?? 0))
    return `it has ${capacity}, which is less than ${claim.size}`;
  const className = spec?.storageClassName ?? '';
  if (className !== claim.storageClassName) {
    return `its class is '${className}', and the claim's '${claim.storageClassName}'`;
  }
  const missing = claim.accessModes.filter((mode) => !spec?.accessModes?.includes(mode));
  if (missing.length > 0) return `it does not offer ${missing.join(', ')}`;
  const volumeMode = spec?.volumeMode ?? 'Filesystem';
  return volumeMode === claim.volumeMode
    ? undefined
    : `it is a ${volumeMode}, and the claim asks for a ${claim.volumeMode}`;
}
