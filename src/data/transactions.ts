import { AsyncLocalStorage } from 'node:async_hooks';
import { UpstreamError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { createDatabaseHandle } from './create-database-handle.ts';
import type { DatabaseHandle, LastWrite, TransactionOptions } from './database.ts';
import { connectionLost, type QueryRows } from './database-connection.ts';
import {
  addLastWrite,
  createTransactionScope,
  endScope,
  isScopeOpen,
  sendInScope,
  type TransactionScope,
} from './transaction-scope.ts';
import { translateDatabaseError } from './translate-database-error.ts';

/** How long a statement outside of a transaction may take, and the wait for a free connection, in ms. */
const statementTimeoutMs = 30_000;
const transactionTimeoutMs = 60_000;

export interface Transactions {
  /** Runs each statement on its own; throws inside a transaction. */
  readonly outside: DatabaseHandle;
  current(): DatabaseHandle;
  run<T>(work: (tx: DatabaseHandle) => Promise<T>, options?: TransactionOptions): Promise<T>;
  afterCommit(hook: () => void): void;
  writeLast<V>(write: LastWrite<V>, value: V): void;
  assertOutside(what: string): void;
}

/** Opens transactions and knows by the chain of calls which one is open. */
export function createTransactions(pool: ConnectionPool, clock: Clock, logger: Logger): Transactions {
  const scopes = new AsyncLocalStorage<TransactionScope>();

  function openScope(): TransactionScope | undefined {
    const scope = scopes.getStore();
    return scope && isScopeOpen(scope) ? scope : undefined;
  }

  const outside = createDatabaseHandle(async (text, parameters, asValues) => {
    if (openScope()) {
      throw new Error('a query outside of the open transaction: use the handle that the transaction was given');
    }
    try {
      const connection = await pool.acquire(statementTimeoutMs);
      try {
        return await connection.query(text, parameters, { asValues, timeoutMs: statementTimeoutMs });
      } finally {
        pool.release(connection);
      }
    } catch (error) {
      throw translateDatabaseError(error);
    }
  });

  async function runOutermost<T>(work: (tx: DatabaseHandle) => Promise<T>, options: TransactionOptions): Promise<T> {
    const timeoutMs = 'timeoutMs' in options ? options.timeoutMs : transactionTimeoutMs;
    const connection = await pool.acquire(timeoutMs);
    const scope = createTransactionScope(connection, timeoutMs, undefined);
    try {
      await sendInScope(
        scope,
        `begin${options.isolation === undefined ? '' : ` isolation level ${options.isolation}`}`,
      );
      const value = await scopes.run(scope, () => unlessLostOrLate(scope, () => workThenWriteLast(scope, work)));
      await commit(scope);
      runHooks(scope.hooks, logger);
      return value;
    } catch (error) {
      await rollback(scope);
      throw translateDatabaseError(error);
    } finally {
      connection.onBreakInTransaction = undefined;
      pool.release(connection);
    }
  }

  /** Rejects when the connection breaks or time is up, even while `work` waits for something else. */
  function unlessLostOrLate<T>(scope: TransactionScope, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const { connection, timeoutMs } = scope;
      connection.onBreakInTransaction = () => {
        scope.isOpen = false;
        reject(connectionLost());
      };
      const onLate = () => {
        scope.isOpen = false;
        reject(new UpstreamError('database', `the transaction took longer than ${timeoutMs} ms`));
        // A statement may still be under way; with its connection gone the server rolls back.
        connection.break();
      };
      const stop = timeoutMs === undefined ? () => {} : clock.schedule(timeoutMs, onLate);
      work().then(resolve, reject).finally(stop);
    });
  }

  async function runSavepoint<T>(outer: TransactionScope, work: (tx: DatabaseHandle) => Promise<T>): Promise<T> {
    if (outer.hasInner) throw new Error('two savepoints of one transaction at a time');
    outer.hasInner = true;
    const scope = createTransactionScope(outer.connection, outer.timeoutMs, outer);
    try {
      await sendInScope(scope, 'savepoint inner_scope');
      const value = await scopes.run(scope, () => work(scope.handle));
      await endScope(scope, 'release savepoint inner_scope');
      outer.hooks.push(...scope.hooks);
      for (const [write, values] of scope.lastWrites) addLastWrite(outer, write, values);
      return value;
    } catch (error) {
      // A savepoint that shadows an outer one of the same name has to be released too. Where this fails the whole fails.
      await endScope(scope, 'rollback to savepoint inner_scope; release savepoint inner_scope').catch(() => {
        scope.connection.break();
      });
      throw translateDatabaseError(error);
    } finally {
      outer.hasInner = false;
    }
  }

  return {
    outside,
    current: () => openScope()?.handle ?? outside,
    async run(work, options = {}) {
      const outer = openScope();
      if (outer) return runSavepoint(outer, work);
      return runOutermost(work, options);
    },
    afterCommit(hook) {
      const scope = openScope();
      if (scope) scope.hooks.push(hook);
      else runHooks([hook], logger);
    },
    writeLast(write, value) {
      const scope = openScope();
      if (!scope) throw new Error('a last write outside of a transaction');
      // Who adds a value hands in the function that understands it.
      addLastWrite(scope, write as LastWrite<unknown>, [value]);
    },
    assertOutside(what) {
      if (openScope()) throw new Error(`${what} inside a database transaction: it would hold rows while it waits`);
    },
  };
}

async function workThenWriteLast<T>(scope: TransactionScope, work: (tx: DatabaseHandle) => Promise<T>): Promise<T> {
  const value = await work(scope.handle);
  for (const [write, values] of scope.lastWrites) await write(scope.handle, values);
  return value;
}

/** PostgreSQL answers the commit of a failed transaction with ROLLBACK and no error. */
async function commit(scope: TransactionScope): Promise<void> {
  let answer: QueryRows;
  try {
    answer = await endScope(scope, 'commit');
  } catch (error) {
    throw scope.connection.isBroken ? commitInDoubt(error) : error;
  }
  if (answer.command === 'ROLLBACK')
    throw new Error('a statement of the transaction had failed, so it was rolled back');
}

function commitInDoubt(cause: unknown): UpstreamError {
  const message = 'the connection was lost while committing; whether it was done is not known';
  return new UpstreamError('database', message, { cause });
}

async function rollback(scope: TransactionScope): Promise<void> {
  scope.isOpen = false;
  if (scope.connection.isBroken) return;
  await endScope(scope, 'rollback').catch(() => scope.connection.break());
}

function runHooks(hooks: readonly (() => void)[], logger: Logger): void {
  for (const hook of hooks) {
    try {
      hook();
    } catch (error) {
      logger.error({ err: error }, 'a hook after commit failed');
    }
  }
}
