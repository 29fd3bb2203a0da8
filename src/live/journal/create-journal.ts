import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Database, DatabaseHandle } from '../../data/database.ts';
import type { Clock } from '../../kernel/clock.ts';
import { type Journal, type JournalPage, maxEntryBytes } from './journal.ts';
import { readJournal, readPositionAt } from './read-journal.ts';
import { trimJournal } from './trim-journal.ts';

/** Signals with a stream's name go here. */
const journalChannel = 'journal';

interface Appended {
  readonly stream: string;
  readonly payloads: readonly string[];
}

/** See `Journal`. */
export function createJournal(options: { readonly database: Database; readonly clock: Clock }): Journal {
  const { database, clock } = options;

  /** The last statements of a transaction: each takes the positions of one stream and fills them. */
  async function writeAppended(tx: DatabaseHandle, appended: readonly Appended[]): Promise<void> {
    const byStream = new Map<string, string[]>();
    for (const { stream, payloads } of appended) {
      const collected = byStream.get(stream) ?? [];
      byStream.set(stream, collected);
      collected.push(...payloads);
    }
    const streams = [...byStream].sort(([one], [other]) => (one < other ? -1 : 1));
    for (const [stream] of streams) await database.signal(journalChannel, stream);
    for (const [stream, payloads] of streams) await take(tx, stream, payloads);
  }

  async function take(tx: DatabaseHandle, stream: string, payloads: readonly string[]): Promise<void> {
    const now = new Date(clock.now()).toISOString();
    await tx.execute(sql`
      with h as (
        insert into journal_streams as s (name, head, epoch, created_at)
        values (${stream}, ${payloads.length}, ${newEpoch()}, ${now})
        on conflict (name) do update set head = s.head + excluded.head
        returning head
      )
      insert into journal (stream, position, payload, created_at)
      select ${stream}, h.head - ${payloads.length} + entry.place, entry.payload, ${now}::timestamptz
      from h, json_array_elements(${`[${payloads.join(',')}]`}::json) with ordinality as entry (payload, place)`);
  }

  function append(tx: DatabaseHandle, stream: string, payloads: readonly string[]): void {
    if (tx !== database.current()) throw new Error('journal.append needs the handle of the open transaction');
    for (const payload of payloads) {
      const bytes = Buffer.byteLength(payload);
      if (bytes > maxEntryBytes)
        throw new Error(`an entry of '${stream}' has ${bytes} bytes, more than ${maxEntryBytes}`);
    }
    if (payloads.length > 0) database.writeLast(writeAppended, { stream, payloads });
  }

  async function open(handle: DatabaseHandle, stream: string): Promise<Pick<JournalPage, 'epoch' | 'head'>> {
    const find = () =>
      handle.execute<{ epoch: string; head: string }>(
        sql`select epoch, head from journal_streams where name = ${stream}`,
      );
    const [found] = await find();
    if (found) return { epoch: found.epoch, head: Number(found.head) };
    await handle.execute(sql`
      insert into journal_streams (name, head, epoch, created_at)
      values (${stream}, 0, ${newEpoch()}, ${new Date(clock.now()).toISOString()}) on conflict (name) do nothing`);
    const { epoch, head } = await readJournal(handle, stream, 0, 0);
    return { epoch, head };
  }

  return {
    append,
    async publish(stream, payloads) {
      const open = database.current();
      if (open !== database.db) append(open, stream, payloads);
      else await database.transaction(async (tx) => append(tx, stream, payloads));
    },
    open: (stream) => open(database.db, stream),
    headNow: (stream) => open(database.current(), stream),
    read: (stream, after, limit) => readJournal(database.db, stream, after, limit),
    positionAt: (stream, sinceMs) => readPositionAt(database.db, stream, sinceMs),
    async beginEpoch(stream, lostEpoch) {
      await database.db.execute(
        sql`update journal_streams set epoch = ${newEpoch()} where name = ${stream} and epoch = ${lostEpoch}`,
      );
    },
    onAppend(listener) {
      const stops = [database.onSignal(journalChannel, listener), database.onSignalGap(() => listener(undefined))];
      return () => {
        for (const stop of stops) stop();
      };
    },
    trim: (retention, signal) => trimJournal(database, retention, clock.now(), signal),
  };
}

const newEpoch = (): string => randomBytes(6).toString('base64url');
