import { diskKeys } from './disks.ts';
import { fileBrowserKeys } from './files.ts';
import { volumeKeys } from './volumes.ts';

/** What platforms say of storage. */
export const storageProfileKeys = [...volumeKeys, ...diskKeys, ...fileBrowserKeys];
