import type { PostgresJsDatabase } from 'drizzle-orm/postgres-js';

/**
 * What runs queries: drizzle's query builders and `execute(sql`…`)`. Transactions are opened by `Database.transaction`
 * alone, so that the rules about them hold everywhere.
 */
export type DatabaseHandle = Omit<PostgresJsDatabase, 'transaction' | '_' | '$cache'>;

export interface TransactionOptions {
  /**
   * How long the whole transaction may take, in ms; default 60,000. After that it is rolled back and answers
   * `UpstreamError`. `undefined` given explicitly means no limit: for migrations only.
   */
  readonly timeoutMs?: number | undefined;
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
}

export type LastWrite<V> = (tx: DatabaseHandle, values: readonly V[]) => Promise<void>;

export interface DatabaseHealth {
  readonly isUp: boolean;
  /** Round trip of the probe in ms. */
  readonly latencyMs: number;
  /** Why it is down, in one sentence without secrets. */
  readonly reason: string | undefined;
}

/**
 * The platform's own data. It is PostgreSQL for everyone above: whether a server elsewhere or the embedded one, nobody
 * can tell. Failures of the database itself are `UpstreamError`, conflicts `ConflictError`; SQLSTATEs stay below.
 */
export interface Database {
  /** Each query runs by itself. Inside a transaction every use throws: on one connection it would wait for ever. */
  readonly db: DatabaseHandle;
  /** The open transaction's handle inside one, else `db`: for code that serves both. */
  current(): DatabaseHandle;
  /**
   * Runs `work` in one transaction and commits, or rolls back where it throws. Inside another transaction it is a
   * savepoint of that one (its options are then ignored); two savepoints at a time throw. Queries run one after the other.
   */
  transaction<T>(work: (tx: DatabaseHandle) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Runs the hook after the outermost transaction has committed, never after a rollback; at once outside of one. */
  afterCommit(hook: () => void): void;
  /**
   * Collects what the open transaction writes at its very end: `write` is called once for all its values, in their order,
   * as the last thing before the outermost commit, so that what it locks is locked for a moment only. Values of a
   * savepoint that is rolled back are forgotten. What it throws fails the transaction. Throws outside of one.
   */
  writeLast<V>(write: LastWrite<V>, value: V): void;
  /** Throws inside a transaction. Call it before anything that waits for another machine; `what` begins the message. */
  assertOutsideTransaction(what: string): void;
  /**
   * Tells every replica, this one included, that something named `id` changed; in a transaction once it commits.
   * `channel` and `id` are names, never data: at most 1,000 bytes together.
   */
  signal(channel: string, id: string): Promise<void>;
  /** Listens; the returned function ends it. Delivery is best effort: every user also polls slowly. */
  onSignal(channel: string, listener: (id: string) => void): () => void;
  /** Calls back when signals may have been lost (the connection that listens was replaced): look at everything once. */
  onSignalGap(listener: () => void): () => void;
  /** Asks for a sign of life; answers within 2 s and never throws. */
  health(): Promise<DatabaseHealth>;
  /** Ends connections and, where it is embedded, the database itself. Safe to call twice. */
  close(): Promise<void>;
}
