import type { DatabaseHandle } from '../../data/database.ts';

/** One entry as it stands in the journal. */
export interface JournalRow {
  readonly position: number;
  /** JSON as it was appended. */
  readonly payload: string;
  readonly createdAtMs: number;
}

/** What stands behind a position, read in one glance. */
export interface JournalPage {
  /** One life of the stream's positions; those of another epoch mean nothing here. */
  readonly epoch: string;
  /** Position of the last entry, 0 before the first. */
  readonly head: number;
  /**
   * The next rows without a hole; `'expired'` where some were trimmed, or the position lies ahead of the head and so
   * belongs to a history that was lost.
   */
  readonly rows: readonly JournalRow[] | 'expired';
}

export interface JournalRetention {
  readonly maxAgeMs: number;
  /** Entries kept per stream. */
  readonly maxEntries: number;
}

/**
 * Streams of entries that outlive the process, the same for every replica. Positions count from 1 without holes, in the
 * order in which the transactions commit: whoever has read up to a position will never find anything new before it.
 */
export interface Journal {
  /**
   * Adds to a stream when the open transaction commits, or not at all. The entries are written by the transaction's last
   * statements, streams in the order of their names: a stream is locked for the moment of the commit only, and two
   * writers never wait for each other. Throws outside of the transaction, and for an entry of more than 256 KiB.
   *
   * Positions of one stream are as good as a queue of its own: commits of its writers go one after the other.
   */
  append(tx: DatabaseHandle, stream: string, payloads: readonly string[]): void;
  /** Appends in the open transaction, else in one of its own that is committed when this resolves. */
  publish(stream: string, payloads: readonly string[]): Promise<void>;
  /** Where the stream stands; makes it where nobody has written to it. */
  open(stream: string): Promise<Pick<JournalPage, 'epoch' | 'head'>>;
  /** The same as the open transaction sees it, beside the rows of other tables that it reads. */
  headNow(stream: string): Promise<Pick<JournalPage, 'epoch' | 'head'>>;
  /** At most `limit` rows behind a position. */
  read(stream: string, after: number, limit: number): Promise<JournalPage>;
  /** The position before everything that was appended at or after a moment, as far as it is kept. */
  positionAt(stream: string, sinceMs: number): Promise<number>;
  /**
   * Ends the stream's present life: every position handed out so far has expired. For a database that was set back, where
   * positions are given a second time.
   */
  beginEpoch(stream: string, lostEpoch: string): Promise<void>;
  /** Calls back with the name of a stream to which something was appended, or with undefined: look at all of them. Best effort. */
  onAppend(listener: (stream: string | undefined) => void): () => void;
  /** Drops what is older or more than is kept, oldest first, in small steps; answers how many rows went. */
  trim(retention: JournalRetention, signal?: AbortSignal): Promise<number>;
}

/** Largest entry, in UTF-8 bytes of JSON. */
export const maxEntryBytes = 262_144;
