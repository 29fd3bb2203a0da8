import type { LongshoreBuilder } from 'longshore/sdk';
import { registerFileBrowser } from './file-browser.ts';
import { registerFileChanges } from './file-changes.ts';
import { registerFileTransfers } from './file-transfers.ts';
import { registerVolumeFiles } from './volume-files.ts';

/** The file browser of a volume (STO-21, STO-16). */
export function registerFiles(builder: LongshoreBuilder): void {
  registerFileBrowser(builder);
  registerVolumeFiles(builder);
  registerFileTransfers(builder);
  registerFileChanges(builder);
}
