import { type Clock, type Database, drizzle, type ServiceRef, serviceRef } from 'longshore/sdk';
import { fileBrowserUses } from '../../tables.ts';

const { eq, lt, inArray } = drizzle;

/** When file browsers were last used, over all replicas. */
export interface BrowserUses {
  /** Says that it is used now; costs nothing where that was said a moment ago. */
  touch(podUid: string): Promise<void>;
  /** When it was last used; undefined where it was not yet. */
  usedAt(podUid: string): Promise<number | undefined>;
  /** Drops what is known of one that is gone. */
  forget(podUid: string): Promise<void>;
}

export const browserUsesRef: ServiceRef<BrowserUses> = serviceRef<BrowserUses>('storage.fileBrowserUses');

/** How often a use is written down, in ms; limits are minutes. */
const everyMs = 15_000;
const mostRemembered = 1_000;
/** What stands here for so long is of a pod that nobody saw go, in ms: no limit is longer. */
const oldestMs = 14 * 24 * 60 * 60 * 1_000;

export function createBrowserUses(database: Database, clock: Clock): BrowserUses {
  const written = new Map<string, number>();
  return {
    async touch(podUid) {
      const now = clock.now();
      if (now - (written.get(podUid) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
      written.delete(podUid);
      written.set(podUid, now);
      const oldest = written.size > mostRemembered ? written.keys().next().value : undefined;
      if (oldest !== undefined) written.delete(oldest);
      const usedAt = new Date(now);
      await database
        .current()
        .insert(fileBrowserUses)
        .values({ podUid, usedAt, createdAt: usedAt })
        .onConflictDoUpdate({ target: fileBrowserUses.podUid, set: { usedAt } });
    },
    async usedAt(podUid) {
      const [row] = await database
        .current()
        .select()
        .from(fileBrowserUses)
        .where(inArray(fileBrowserUses.podUid, [podUid]));
      return row?.usedAt.getTime();
    },
    async forget(podUid) {
      written.delete(podUid);
      const db = database.current();
      await db.delete(fileBrowserUses).where(eq(fileBrowserUses.podUid, podUid));
      await db.delete(fileBrowserUses).where(lt(fileBrowserUses.usedAt, new Date(clock.now() - oldestMs)));
    },
  };
}
