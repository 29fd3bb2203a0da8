import {
  type Clusters,
  type LongOperation,
  type LongOperationStep,
  PreconditionError,
  type ServiceRef,
  serviceRef,
  systemPrincipal,
} from 'longshore/sdk';
import { decideMigration, type MigrationStep } from '../services/migrations/decide-migration.ts';
import { diskMigrationsRef } from '../services/migrations/disk-migrations.ts';
import { doMigrationDeed } from '../services/migrations/do-migration-deed.ts';
import { lookAtMigration, seenOf } from '../services/migrations/look-at-migration.ts';
import type { FileBrowserSettings } from '../settings.ts';

/** What the loop needs of the gateway: a manifest is data. */
export interface DiskMigrationLoop {
  readonly clusters: Pick<Clusters, 'get'>;
  /** Of the pods that make classes with WaitForFirstConsumer make a volume. */
  readonly podSettings: FileBrowserSettings;
}

export const diskMigrationLoopRef: ServiceRef<DiskMigrationLoop> =
  serviceRef<DiskMigrationLoop>('storage.diskMigrationLoop');

const name = 'storage.diskMigrations';
/** How soon it is looked at again what the cluster is doing, in ms. */
const lookEveryMs = 1_000;
/** How soon a cluster that is away is asked again, in ms. */
const awayMs = 15_000;

/** Moves a disk to another class or zone, in steps that can each be seen and tried again. */
export const diskMigration: LongOperation = {
  name,
  description: 'Moves cloud disks to other classes and zones; without it a move stays where it was begun.',
  timeoutMs: 60_000,
  steps: [
    step('snapshot', 'Keeps the disk from being used, and takes a snapshot of it.'),
    step('copy', 'Fills a volume of the new class from the snapshot.'),
    step('switch', 'Gives that volume to the disk in place of its own, which is kept until the end.'),
    step('clean-up', 'Removes what is left over, and lets the disk be used.'),
  ],
};

function step(of: MigrationStep, description: string): LongOperationStep {
  return {
    name: of,
    description,
    async run({ record, ticket, principal }, context) {
      const { clusters, podSettings } = context.service(diskMigrationLoopRef);
      const migrations = context.service(diskMigrationsRef);

      // 1. Read.
      const row = await migrations.get(record.id);
      if (!row) throw new PreconditionError('DISK_MIGRATION', 'Nothing is known of this move any more.');
      const cluster = clusters.get(row.cluster);
      if (!cluster) throw new PreconditionError('DISK_MIGRATION', `Cluster '${row.cluster}' is not served any more`);
      if (cluster.state !== 'READY') return { againAfterMs: awayMs };
      const objects = await lookAtMigration(row, cluster.reader(systemPrincipal, context.signal));

      // 2. Decide.
      const move = decideMigration(of, seenOf(row, objects));
      if (move.do === 'done') return 'done';
      if (move.do === 'wait') return { againAfterMs: lookEveryMs };
      if (move.do === 'fail') throw new PreconditionError('DISK_MIGRATION', move.why);

      // 3. One deed.
      const { fence, failpoints } = context;
      await failpoints.reach(`${name}.before-${move.do}`);
      if (move.do === 'give-up') await migrations.giveUp(row.id, fence, move.why);
      else await doMigrationDeed(move.do, { row, objects, cluster, principal, ticket, fence, migrations, podSettings });
      await failpoints.reach(`${name}.after-${move.do}`);
      return { againAfterMs: 0 };
    },
  };
}
