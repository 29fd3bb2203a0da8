import { sql } from 'drizzle-orm';
import type { Database } from '../../data/database.ts';
import type { JournalRetention } from './journal.ts';

/** Rows per statement: each locks little and is over soon. */
const stepRows = 5_000;

/** Drops from the old end only, so that what is left has no hole. Another replica may trim at the same time. */
export async function trimJournal(
  database: Database,
  { maxAgeMs, maxEntries }: JournalRetention,
  nowMs: number,
  signal?: AbortSignal,
): Promise<number> {
  const oldest = new Date(nowMs - maxAgeMs).toISOString();
  const streams = await database.db.execute<{ name: string; cut: string }>(sql`
    select s.name, greatest(
      s.head - ${maxEntries},
      coalesce((select max(position) from journal where stream = s.name and created_at < ${oldest}), 0)
    ) as cut
    from journal_streams s`);
  let trimmed = 0;
  for (const { name, cut } of streams) {
    for (let went = stepRows; went === stepRows && !signal?.aborted; trimmed += went) {
      const rows = await database.db.execute<{ count: string }>(sql`
        with gone as (
          delete from journal where stream = ${name} and position in (
            select position from journal where stream = ${name} and position <= ${Number(cut)}
            order by position limit ${stepRows}
          ) returning 1
        ) select count(*) as count from gone`);
      went = Number(rows[0]?.count ?? 0);
    }
  }
  return trimmed;
}
