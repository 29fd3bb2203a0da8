import { createDatabaseHandle } from './create-database-handle.ts';
import type { DatabaseHandle, LastWrite } from './database.ts';
import type { DatabaseConnection, QueryRows } from './database-connection.ts';
import { translateDatabaseError } from './translate-database-error.ts';

/** A transaction, or a savepoint in one, as the chain of calls that runs in it sees it. */
export interface TransactionScope {
  readonly connection: DatabaseConnection;
  readonly timeoutMs: number | undefined;
  readonly handle: DatabaseHandle;
  readonly outer: TransactionScope | undefined;
  /** What runs after the outermost commit. */
  readonly hooks: (() => void)[];
  /** What is written last before the outermost commit, by writer. */
  readonly lastWrites: Map<LastWrite<unknown>, unknown[]>;
  /** False once it is over: whatever still runs in its chain of calls is outside again, and its handle refuses. */
  isOpen: boolean;
  /** A savepoint in it is open: statements go through that one. */
  hasInner: boolean;
  /** Shared with the outermost: each statement waits for the one before, so that none is queued in the driver. */
  readonly queue: { tail: Promise<unknown> };
}

export function createTransactionScope(
  connection: DatabaseConnection,
  timeoutMs: number | undefined,
  outer: TransactionScope | undefined,
): TransactionScope {
  const scope: TransactionScope = {
    connection,
    timeoutMs,
    outer,
    handle: createDatabaseHandle((text, parameters, asValues) => sendInScope(scope, text, parameters, asValues)),
    hooks: [],
    lastWrites: new Map(),
    isOpen: true,
    hasInner: false,
    queue: outer?.queue ?? { tail: Promise.resolve() },
  };
  return scope;
}

export function addLastWrite(scope: TransactionScope, write: LastWrite<unknown>, values: readonly unknown[]): void {
  const collected = scope.lastWrites.get(write);
  if (collected) collected.push(...values);
  else scope.lastWrites.set(write, [...values]);
}

/** A savepoint ends with what it lies in. */
export function isScopeOpen(scope: TransactionScope): boolean {
  return scope.isOpen && (scope.outer === undefined || isScopeOpen(scope.outer));
}

/** Sends one statement when its turn comes; refuses when the scope is over by then or a savepoint in it is open. */
export function sendInScope(
  scope: TransactionScope,
  text: string,
  parameters: readonly unknown[] = [],
  asValues = false,
): Promise<QueryRows> {
  const answer = scope.queue.tail.then(async () => {
    if (!isScopeOpen(scope)) throw new Error('a query on a transaction that is over');
    if (scope.hasInner) throw new Error('a query on a transaction while a savepoint in it is open');
    try {
      return await scope.connection.query(text, parameters, { asValues, timeoutMs: scope.timeoutMs });
    } catch (error) {
      throw translateDatabaseError(error);
    }
  });
  scope.queue.tail = answer.catch(() => undefined);
  return answer;
}

/** Sends what ends the scope, after all that was sent before; nothing else may follow. */
export async function endScope(scope: TransactionScope, text: string): Promise<QueryRows> {
  scope.isOpen = false;
  await scope.queue.tail;
  if (scope.outer && !isScopeOpen(scope.outer)) throw new Error('a savepoint of a transaction that is over');
  try {
    return await scope.connection.query(text, [], { asValues: false, timeoutMs: scope.timeoutMs });
  } catch (error) {
    throw translateDatabaseError(error);
  }
}
