import type { PodObject } from 'longshore/plugins/compute';
import { fileBrowserLabel, type PersistentVolumeClaimObject } from '../../api.ts';
import { claimPhaseOf, expansionOf } from '../classes/claim-facts.ts';
import { migrationOf } from './disk-facts.ts';

/** How a cloud disk stands (STO-16; Appendix C), with what each says. */
export const diskStates = {
  CREATING: 'It is being made.',
  UNUSED: 'It is there, and nothing mounts it: it may be mounted, extended, snapshotted and deleted.',
  IN_USE: 'Pods mount it that have not ended.',
  MANAGING: 'Its file browser is open, or is being opened or closed.',
  MIGRATING:
    'It is being moved to another class or zone: nothing may mount or change it until then. `migration` is the operation.',
  EXTENDING: 'It is being made larger.',
  DELETING: 'It goes, as soon as nothing holds it any more.',
  ERROR: 'What was asked of it failed, or its volume is lost: `problem` says what.',
} as const;
export type DiskState = keyof typeof diskStates;

type Claim = Pick<PersistentVolumeClaimObject, 'metadata' | 'spec' | 'status'>;
type Pod = Pick<PodObject, 'metadata'>;

export interface SeenDisk {
  readonly claim: Claim;
  /** Pods that mount it and have not ended. */
  readonly pods: readonly Pod[];
  /** Whether its class makes volumes only once a pod wants them (STO-03): until then it is as good as there. */
  readonly waitsForPod: boolean;
}

/** One word for a disk; who holds it counts for more than what becomes of it. Pure. */
export function decideDiskState({ claim, pods, waitsForPod }: SeenDisk): DiskState {
  // Its claim is deleted and made anew on the way.
  if (migrationOf(claim) !== undefined && isUnused(pods)) return 'MIGRATING';
  if (claim.metadata.deletionTimestamp !== undefined) return 'DELETING';
  if (pods.some((pod) => !isFileBrowser(pod))) return 'IN_USE';
  if (pods.length > 0) return 'MANAGING';
  const phase = claimPhaseOf(claim);
  if (phase === 'LOST') return 'ERROR';
  if (phase !== 'BOUND') return waitsForPod && !isBeingMade(claim) ? 'UNUSED' : 'CREATING';
  switch (expansionOf(claim)?.state) {
    case 'FAILED':
    case 'INFEASIBLE':
      return 'ERROR';
    // The rest is done by the node of the next pod that mounts it (KEP-284): until then it is as free as any other.
    case 'FILE_SYSTEM_RESIZE_PENDING':
    case undefined:
      return 'UNUSED';
    default:
      return 'EXTENDING';
  }
}

const isUnused = (pods: readonly Pod[]): boolean => pods.every((pod) => isFileBrowser(pod));

/** The helper pod behind a file browser. */
export function isFileBrowser({ metadata }: Pod): boolean {
  return metadata.labels?.[fileBrowserLabel] !== undefined;
}

/** The scheduler has chosen where; from then on its driver works. */
function isBeingMade({ metadata }: Claim): boolean {
  return metadata.annotations?.['volume.kubernetes.io/selected-node'] !== undefined;
}
