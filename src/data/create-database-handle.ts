import { DrizzleQueryError } from 'drizzle-orm';
import { PgDialect, type PgPreparedQuery, type PreparedQueryConfig } from 'drizzle-orm/pg-core';
import { PostgresJsDatabase, PostgresJsSession } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import type { DatabaseHandle } from './database.ts';
import type { QueryRows } from './database-connection.ts';

/** Runs one statement: on a free connection of the pool, or on the one of a transaction. */
export type RunStatement = (text: string, parameters: readonly unknown[], asValues: boolean) => Promise<QueryRows>;

type EmptySchema = Record<string, never>;

/** A drizzle database whose statements all go through `run`; it knows no connection of its own. */
export function createDatabaseHandle(run: RunStatement): DatabaseHandle {
  const dialect = new PgDialect();
  return new PostgresJsDatabase(dialect, new RoutedSession(createClient(run), dialect, undefined), undefined);
}

/**
 * drizzle wraps what a statement throws into an error whose message quotes all parameters. Errors of the database must
 * not carry values, so the wrapper is taken off again.
 */
class RoutedSession extends PostgresJsSession<postgres.Sql, EmptySchema, EmptySchema> {
  override prepareQuery<T extends PreparedQueryConfig = PreparedQueryConfig>(
    ...args: Parameters<PostgresJsSession<postgres.Sql, EmptySchema, EmptySchema>['prepareQuery']>
  ): PgPreparedQuery<T> {
    const prepared = super.prepareQuery(...args) as PgPreparedQuery<PreparedQueryConfig> as PgPreparedQuery<T>;
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (placeholderValues) => {
      try {
        return await execute(placeholderValues);
      } catch (error) {
        throw error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;
      }
    };
    return prepared;
  }
}

/** The little of the driver's client that drizzle's session calls. */
function createClient(run: RunStatement): postgres.Sql {
  const client = {
    unsafe(text: string, parameters: readonly unknown[] = []) {
      return {
        // biome-ignore lint/suspicious/noThenProperty: drizzle awaits the driver's lazy query or asks it for `values()`
        then<T>(resolve: (rows: QueryRows) => T, reject: (error: unknown) => T) {
          return run(text, parameters, false).then(resolve, reject);
        },
        values: () => run(text, parameters, true),
      };
    },
  };
  return client as unknown as postgres.Sql;
}
