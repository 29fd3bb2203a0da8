import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { type ConnectionPool, createConnectionPool } from './connection-pool.ts';
import { createSignals, type Signals } from './create-signals.ts';
import type { Database, DatabaseHealth } from './database.ts';
import type { ConnectionSettings } from './database-connection.ts';
import { listenForSignals, signalChannel } from './listen-for-signals.ts';
import { lockDataFolder } from './lock-data-folder.ts';
import { startPglite } from './start-pglite.ts';
import { createTransactions, type Transactions } from './transactions.ts';
import { translateDatabaseError } from './translate-database-error.ts';

export interface OpenDatabaseOptions {
  /**
   * `postgres://…` of a server. Unset: the embedded database with its files in `<dataDir>/pg`. `memory:`: the embedded
   * database without files, gone when it is closed; `memory:<file>` begins with what PGlite dumped into the file (tar, gzip).
   */
  readonly url?: string | undefined;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connections to a server at most, besides one for signals; default 10. The embedded database has always one. */
  readonly maxConnections?: number | undefined;
}

const inMemory = 'memory:';
const healthTimeoutMs = 2_000;

/**
 * Opens the platform's database. A server need not be there yet: queries answer `UpstreamError` until it is, and
 * connections are made anew by themselves. Throws `DataFolderInUseError` where another process has the data folder.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const backend = isServer(options.url) ? serverBackend(options.url, options) : await startEmbedded(options);
  const pool = createConnectionPool({ ...backend.connection, size: backend.size });
  const transactions = createTransactions(pool, options.clock, options.logger);
  const signals = createSignals({
    origin: randomUUID(),
    logger: options.logger,
    afterCommit: transactions.afterCommit,
    transport: backend.listen && {
      async notify(payload) {
        await transactions.current().execute(sql`select pg_notify(${signalChannel}, ${payload})`);
      },
    },
  });
  const listener = backend.listen?.(signals);
  let closing: Promise<void> | undefined;
  return createDatabase(pool, transactions, signals, options.clock, () => {
    closing ??= (async () => {
      signals.clear();
      await Promise.all([pool.close(), listener?.close()]);
      await backend.close();
    })();
    return closing;
  });
}

interface Backend {
  readonly connection: ConnectionSettings;
  readonly size: number;
  readonly listen: ((signals: Signals) => { close(): Promise<void> }) | undefined;
  close(): Promise<void>;
}

function isServer(url: string | undefined): url is string {
  return url !== undefined && !url.startsWith(inMemory);
}

function serverBackend(url: string, options: OpenDatabaseOptions): Backend {
  const driver = { connection: { application_name: 'longshore' }, keep_alive: 15, connect_timeout: 5 };
  return {
    connection: { url, driver, clock: options.clock, canCancel: true },
    size: options.maxConnections ?? 10,
    listen: (signals) =>
      listenForSignals({
        url,
        driver,
        clock: options.clock,
        logger: options.logger,
        receive: signals.receive,
        gap: signals.gap,
      }),
    async close() {},
  };
}

async function startEmbedded(options: OpenDatabaseOptions): Promise<Backend> {
  const image = options.url?.slice(inMemory.length);
  const isInMemory = image !== undefined;
  const lock = isInMemory ? undefined : await lockDataFolder(options.dataDir, options.clock);
  try {
    const folder = isInMemory ? undefined : join(options.dataDir, 'pg');
    const pglite = await startPglite({
      folder,
      image: image === '' ? undefined : image,
      clock: options.clock,
      logger: options.logger,
    });
    return {
      // All its connections share one session, so more than one would mix their unnamed statements.
      size: 1,
      connection: {
        url: undefined,
        driver: { path: pglite.socketPath, username: 'postgres', password: 'none', database: 'postgres' },
        clock: options.clock,
        canCancel: false,
        onUnanswered: () => pglite.giveUpStatement(),
      },
      listen: undefined,
      async close() {
        await pglite.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

function createDatabase(
  pool: ConnectionPool,
  transactions: Transactions,
  signals: Signals,
  clock: Clock,
  close: () => Promise<void>,
): Database {
  return {
    db: transactions.outside,
    current: transactions.current,
    transaction: transactions.run,
    afterCommit: transactions.afterCommit,
    writeLast: transactions.writeLast,
    assertOutsideTransaction: transactions.assertOutside,
    signal: signals.signal,
    onSignal: signals.onSignal,
    onSignalGap: signals.onSignalGap,
    health: () => probe(pool, clock),
    close,
  };
}

async function probe(pool: ConnectionPool, clock: Clock): Promise<DatabaseHealth> {
  const startedAt = clock.now();
  try {
    const connection = await pool.acquire(healthTimeoutMs);
    try {
      await connection.query('select 1', [], { asValues: false, timeoutMs: healthTimeoutMs });
    } finally {
      pool.release(connection);
    }
    return { isUp: true, latencyMs: clock.now() - startedAt, reason: undefined };
  } catch (error) {
    return { isUp: false, latencyMs: clock.now() - startedAt, reason: translateDatabaseError(error).message };
  }
}
