import { classKeys } from './classes.ts';
import { diskKeys } from './disks.ts';
import { fileBrowserKeys } from './files.ts';
import { volumeKeys } from './volumes.ts';

/** What platforms say of storage. */
export const storageProfileKeys = [...volumeKeys, ...classKeys, ...diskKeys, ...fileBrowserKeys];
