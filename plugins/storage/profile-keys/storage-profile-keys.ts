import { diskKeys } from './disks.ts';
import { volumeKeys } from './volumes.ts';

/** What platforms say of storage. */
export const storageProfileKeys = [...volumeKeys, ...diskKeys];
