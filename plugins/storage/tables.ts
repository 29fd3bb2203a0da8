import { drizzle, pg } from 'longshore/sdk';
import type { MigrationPlan } from './services/migrations/migration-plan.ts';

const { sql } = drizzle;

/** Moments are UTC with milliseconds and come from the clock, never from the database. */
const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** When something was last done in a file browser that is open: what is idle is closed. All else of it the cluster says. */
export const fileBrowserUses = pg.pgTable('storage_file_browser_uses', {
  /** Of the helper pod. */
  podUid: pg.text('pod_uid').primaryKey(),
  usedAt: moment('used_at').notNull(),
  createdAt: moment('created_at').notNull(),
});

/** What a move of a disk needs that the cluster cannot keep for it: its claim is gone for a moment in between (STO-15). */
export const diskMigrations = pg.pgTable(
  'storage_disk_migrations',
  {
    /** Of the operation record whose steps move it. */
    id: pg.uuid('id').primaryKey(),
    cluster: pg.text('cluster').notNull(),
    namespace: pg.text('namespace').notNull(),
    /** Name of its claim, before and after. */
    disk: pg.text('disk').notNull(),
    plan: pg.jsonb('plan').$type<MigrationPlan>().notNull(),
    /** The volume that was filled, once there is one. */
    newVolume: pg.text('new_volume'),
    /** Pods wrote to the disk after its snapshot: its earlier volume stays. `SEEN`, then `TOLD`. */
    lateWriting: pg.text('late_writing').$type<'SEEN' | 'TOLD'>(),
    /** From then on it only goes forwards: the old claim is deleted. */
    switchedAt: moment('switched_at'),
    /** It is to be undone, since somebody wants that or it has to be. */
    cancelledAt: moment('cancelled_at'),
    /** Why it is undone, in words for people. */
    problem: pg.text('problem'),
    endedAt: moment('ended_at'),
    createdAt: moment('created_at').notNull(),
  },
  (table) => [
    pg
      .uniqueIndex('storage_disk_migrations_open')
      .on(table.cluster, table.namespace, table.disk)
      .where(sql`ended_at is null`),
  ],
);
