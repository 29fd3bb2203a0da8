import { UpstreamError } from '../kernel/answer-error.ts';
import { type ConnectionSettings, DatabaseConnection } from './database-connection.ts';

export interface ConnectionPool {
  /** Waits for a free connection, first come first served. Throws `UpstreamError` where none gets free in time. */
  acquire(timeoutMs: number | undefined): Promise<DatabaseConnection>;
  release(connection: DatabaseConnection): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (connection: DatabaseConnection) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Hands out connections, `size` at most, made when first needed and replaced when broken.
 *
 * The driver's own pool is not used: when a connection drops inside its `begin`, it writes to a socket that is gone,
 * which ends the process, and statements still queued run on the next connection, outside of their transaction
 * (postgres.js 3.4.9).
 */
export function createConnectionPool(settings: ConnectionSettings & { readonly size: number }): ConnectionPool {
  const all = new Set<DatabaseConnection>();
  const idle: DatabaseConnection[] = [];
  const waiting: Waiting[] = [];
  let isClosed = false;

  function take(): DatabaseConnection | undefined {
    const free = idle.pop();
    if (free) return free;
    if (all.size >= settings.size) return undefined;
    const connection = new DatabaseConnection(settings);
    connection.onBreak = forget;
    all.add(connection);
    return connection;
  }

  function forget(connection: DatabaseConnection): void {
    all.delete(connection);
    const index = idle.indexOf(connection);
    if (index >= 0) idle.splice(index, 1);
    serveWaiting();
  }

  function serveWaiting(): void {
    while (waiting.length > 0) {
      const connection = take();
      if (!connection) return;
      waiting.shift()?.resolve(connection);
    }
  }

  function waitForOne(timeoutMs: number | undefined): Promise<DatabaseConnection> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        resolve(connection) {
          stop();
          resolve(connection);
        },
        reject(error) {
          stop();
          reject(error);
        },
      };
      waiting.push(entry);
      const stop =
        timeoutMs === undefined
          ? () => {}
          : settings.clock.schedule(timeoutMs, () => {
              waiting.splice(waiting.indexOf(entry), 1);
              reject(new UpstreamError('database', `no free connection within ${timeoutMs} ms`));
            });
    });
  }

  return {
    async acquire(timeoutMs) {
      if (isClosed) throw databaseClosed();
      const connection = waiting.length === 0 ? take() : undefined;
      return connection ?? waitForOne(timeoutMs);
    },
    release(connection) {
      if (!connection.isBroken) idle.push(connection);
      serveWaiting();
    },
    async close() {
      isClosed = true;
      for (const entry of waiting.splice(0)) entry.reject(databaseClosed());
      await Promise.all([...all].map((connection) => connection.close()));
      all.clear();
    },
  };
}

function databaseClosed(): UpstreamError {
  return new UpstreamError('database', 'the database is closed');
}
