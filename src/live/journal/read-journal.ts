import { sql } from 'drizzle-orm';
import type { DatabaseHandle } from '../../data/database.ts';
import type { JournalPage } from './journal.ts';

interface RawRow extends Record<string, unknown> {
  readonly epoch: string;
  readonly head: string;
  /** Null where there is no row behind the position. */
  readonly position: string | null;
  readonly payload: string;
  readonly created_at: string;
}

/** One statement, so that head and rows are of one moment. Throws where nobody has made the stream. */
export async function readJournal(
  handle: DatabaseHandle,
  stream: string,
  after: number,
  limit: number,
): Promise<JournalPage> {
  const found = await handle.execute<RawRow>(sql`
    select s.epoch, s.head, j.position, j.payload, j.created_at
    from journal_streams s left join lateral (
      select position, payload::text as payload, created_at from journal
      where stream = s.name and position > ${after} order by position limit ${limit}
    ) j on true
    where s.name = ${stream} order by j.position`);
  const [first] = found;
  if (!first) throw new Error(`nobody has made the stream '${stream}' of the journal`);
  const head = Number(first.head);
  const rows = [...found].flatMap(({ position, payload, created_at }) =>
    position === null ? [] : [{ position: Number(position), payload, createdAtMs: Date.parse(created_at) }],
  );
  // Positions have no holes but what was trimmed, so the first row alone tells whether one is missing.
  const next = rows[0]?.position ?? head + 1;
  const isWhole = after <= head && (limit === 0 || next === after + 1);
  return { epoch: first.epoch, head, rows: isWhole ? rows : 'expired' };
}

/** See `Journal.positionAt`. */
export async function readPositionAt(handle: DatabaseHandle, stream: string, sinceMs: number): Promise<number> {
  const rows = await handle.execute<{ position: string | null }>(sql`
    select coalesce(
      (select min(position) - 1 from journal where stream = s.name and created_at >= ${new Date(sinceMs).toISOString()}),
      s.head
    ) as position
    from journal_streams s where s.name = ${stream}`);
  return Number(rows[0]?.position ?? 0);
}
