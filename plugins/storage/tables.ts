import { pg } from 'longshore/sdk';

/** Moments are UTC with milliseconds and come from the clock, never from the database. */
const moment = (name: string) => pg.timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** When something was last done in a file browser that is open: what is idle is closed. All else of it the cluster says. */
export const fileBrowserUses = pg.pgTable('storage_file_browser_uses', {
  /** Of the helper pod. */
  podUid: pg.text('pod_uid').primaryKey(),
  usedAt: moment('used_at').notNull(),
  createdAt: moment('created_at').notNull(),
});
