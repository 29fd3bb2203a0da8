import { sql } from 'drizzle-orm';
import type { DatabaseHandle } from '../../data/database.ts';
import { compareVersions } from '../../kube/compare-versions.ts';
import type { KubeObject } from '../../kube/kube-object.ts';

/** One watched source of one stream. */
export interface JournalSource {
  readonly stream: string;
  /** The cluster. */
  readonly source: string;
}

interface Seen {
  readonly version: string;
  readonly seenAtMs: number;
}

/** What a stream has told of a source: kept in the database for the next writer, and here for the present one. */
export interface SeenObjects {
  /** Up to where everything is told; undefined where nothing was yet. */
  readonly checkpoint: string | undefined;
  /** How this state is news: told for the first time, changed since, or not at all. */
  judge(object: KubeObject): 'ADDED' | 'MODIFIED' | undefined;
  /** Writes down, in the transaction that tells of them. */
  write(tx: DatabaseHandle, told: readonly KubeObject[], checkpoint: string | undefined, nowMs: number): Promise<void>;
  /** Remembers what was written, once it is committed. */
  remember(told: readonly KubeObject[], nowMs: number): void;
  /** Forgets what the source has not had for long. */
  purge(handle: DatabaseHandle, there: Iterable<KubeObject>, nowMs: number): Promise<void>;
}

/** Longer than clusters keep events after their last change (an hour), in ms: by then no replica's cache can lag so far. */
const forgetAfterMs = 2 * 60 * 60 * 1000;

export async function loadSeenObjects(handle: DatabaseHandle, { stream, source }: JournalSource): Promise<SeenObjects> {
  const [at] = await handle.execute<{ version: string }>(
    sql`select version from journal_sources where stream = ${stream} and source = ${source}`,
  );
  const rows = await handle.execute<{ uid: string; version: string; seen_at: string }>(
    sql`select uid, version, seen_at from journal_seen where stream = ${stream} and source = ${source}`,
  );
  const seen = new Map<string, Seen>();
  for (const { uid, version, seen_at } of rows) seen.set(uid, { version, seenAtMs: Date.parse(seen_at) });

  return {
    checkpoint: at?.version,
    judge({ metadata: { uid, resourceVersion } }) {
      const known = seen.get(uid);
      if (!known) return 'ADDED';
      // Who lags behind the writer before it shows older states: those were told.
      return (compareVersions(resourceVersion, known.version) ?? 1) > 0 ? 'MODIFIED' : undefined;
    },
    async write(tx, told, checkpoint, nowMs) {
      const now = new Date(nowMs).toISOString();
      const last = new Map(told.map(({ metadata }) => [metadata.uid, metadata.resourceVersion]));
      if (last.size > 0) {
        const rowsToWrite = JSON.stringify([...last].map(([uid, version]) => ({ uid, version })));
        await tx.execute(sql`
          insert into journal_seen (stream, source, uid, version, seen_at, created_at)
          select ${stream}, ${source}, told.uid, told.version, ${now}::timestamptz, ${now}::timestamptz
          from json_to_recordset(${rowsToWrite}::json) as told (uid text, version text)
          on conflict (stream, source, uid) do update set version = excluded.version, seen_at = excluded.seen_at`);
      }
      if (checkpoint === undefined) return;
      await tx.execute(sql`
        insert into journal_sources (stream, source, version, created_at) values (${stream}, ${source}, ${checkpoint}, ${now})
        on conflict (stream, source) do update set version = excluded.version`);
    },
    remember(told, nowMs) {
      for (const { metadata } of told) seen.set(metadata.uid, { version: metadata.resourceVersion, seenAtMs: nowMs });
    },
    async purge(handleNow, there, nowMs) {
      const kept = new Set<string>();
      for (const { metadata } of there) kept.add(metadata.uid);
      const gone = [...seen]
        .filter(([uid, { seenAtMs }]) => !kept.has(uid) && nowMs - seenAtMs > forgetAfterMs)
        .map(([uid]) => uid);
      if (gone.length === 0) return;
      await handleNow.execute(sql`
        delete from journal_seen where stream = ${stream} and source = ${source}
        and uid in (select json_array_elements_text(${JSON.stringify(gone)}::json))`);
      for (const uid of gone) seen.delete(uid);
    },
  };
}
