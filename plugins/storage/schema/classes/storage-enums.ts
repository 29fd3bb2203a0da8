import { enumRef, type LongshoreBuilder, registerEnum } from 'longshore/sdk';
import { expansionStates } from '../../services/classes/claim-facts.ts';
import type {
  AccessMode,
  BindingMode,
  ClaimPhase,
  ReclaimPolicy,
  VolumeMode,
  VolumePhase,
} from '../../services/classes/storage-words.ts';

export const reclaimPolicyRef = enumRef<ReclaimPolicy>('VolumeReclaimPolicy');
export const bindingModeRef = enumRef<BindingMode>('VolumeBindingMode');
export const volumeModeRef = enumRef<VolumeMode>('VolumeMode');
export const volumePhaseRef = enumRef<VolumePhase>('PersistentVolumePhase');
export const claimPhaseRef = enumRef<ClaimPhase>('PersistentVolumeClaimPhase');
/** compute's, whose claim templates have it too. */
export const accessModeRef = enumRef<AccessMode>('VolumeAccessMode');

const unknown = 'One that this version does not know; it cannot be given.';

export function registerStorageEnums(builder: LongshoreBuilder): void {
  registerEnum(builder, 'VolumeReclaimPolicy', 'What becomes of a volume whose claim is deleted (STO-03).', {
    DELETE: 'Volume, disk and data are deleted with the claim.',
    RETAIN: 'Volume, disk and data stay, released, until somebody deletes them by hand.',
    RECYCLE: 'Emptied and offered again; of old volumes alone, nothing new can have it.',
    UNKNOWN: unknown,
  });
  registerEnum(builder, 'VolumeBindingMode', 'When a volume is made and bound (STO-03).', {
    IMMEDIATE: 'As soon as there is the claim, wherever its pods will be.',
    WAIT_FOR_FIRST_CONSUMER: 'When the first pod uses the claim, where that pod can run. Until then the claim waits.',
    UNKNOWN: unknown,
  });
  registerEnum(builder, 'VolumeMode', 'What pods get of a volume.', {
    FILESYSTEM: 'A folder.',
    BLOCK: 'The raw device.',
    UNKNOWN: unknown,
  });
  registerEnum(builder, 'PersistentVolumePhase', 'Where a volume stands in its life.', {
    PENDING: 'Not available yet.',
    AVAILABLE: 'No claim has it.',
    BOUND: 'A claim has it.',
    RELEASED: 'Its claim is gone; what is on it is there still, and no claim gets it as it is.',
    FAILED: 'Its claim is gone, and it could not be reclaimed: `message` says why.',
    UNKNOWN: unknown,
  });
  registerEnum(builder, 'PersistentVolumeClaimPhase', 'Where a claim stands in its life.', {
    PENDING: 'It has no volume yet; `isWaitingForConsumer` says whether that is as it should be.',
    BOUND: 'It has a volume.',
    LOST: 'The volume that it had is gone, with its data.',
    UNKNOWN: unknown,
  });
  registerEnum(builder, 'ClaimExpansionState', 'How a growth that is not finished stands.', expansionStates);
}
