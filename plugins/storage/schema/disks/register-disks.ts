import type { LongshoreBuilder } from 'longshore/sdk';
import { registerCancelDiskMigration } from '../migrations/cancel-disk-migration.ts';
import { registerMigrateDisk } from '../migrations/migrate-disk.ts';
import { registerCloneDisk } from './clone-disk.ts';
import { registerCreateDisk } from './create-disk.ts';
import { registerDeleteDisk } from './delete-disk.ts';
import { registerDiskType } from './disk.ts';
import { registerDiskOptions } from './disk-options.ts';
import { registerDisks } from './disks.ts';
import { registerExtendDisk } from './extend-disk.ts';

/** Cloud disks and their snapshots. */
export function registerDiskArea(builder: LongshoreBuilder): void {
  registerDiskType(builder);
  registerDisks(builder);
  registerDiskOptions(builder);
  registerCreateDisk(builder);
  registerCloneDisk(builder);
  registerExtendDisk(builder);
  registerMigrateDisk(builder);
  registerCancelDiskMigration(builder);
  registerDeleteDisk(builder);
}
