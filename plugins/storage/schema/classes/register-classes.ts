import type { LongshoreBuilder } from 'longshore/sdk';
import { registerClaimMutations } from './claim-mutations.ts';
import { registerClassForms } from './class-forms.ts';
import { registerClassMutations } from './class-mutations.ts';
import { registerPersistentVolume } from './persistent-volume.ts';
import { registerPersistentVolumeClaim } from './persistent-volume-claim.ts';
import { registerStorageClass } from './storage-class.ts';
import { registerStorageEnums } from './storage-enums.ts';
import { registerStorageParts } from './storage-parts.ts';
import { registerVolumeMutations } from './volume-mutations.ts';
import { registerVolumeUsage } from './volume-usage.ts';

/** StorageClasses, volumes and claims (STO-01 to STO-13). */
export function registerClasses(builder: LongshoreBuilder): void {
  registerStorageEnums(builder);
  registerStorageParts(builder);
  registerStorageClass(builder);
  registerPersistentVolume(builder);
  registerPersistentVolumeClaim(builder);
  registerVolumeUsage(builder);
  registerClassForms(builder);
  registerClassMutations(builder);
  registerVolumeMutations(builder);
  registerClaimMutations(builder);
}
