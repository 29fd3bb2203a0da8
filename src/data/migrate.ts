import { sql } from 'drizzle-orm';
import type { Clock } from '../kernel/clock.ts';
import type { Failpoints } from '../kernel/failpoints.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Database, DatabaseHandle } from './database.ts';
import { type Migration, MigrationError, type MigrationSource, readMigrations } from './read-migrations.ts';

export interface MigrateOptions {
  /** Core first, then every plugin after those it requires. */
  readonly sources: readonly MigrationSource[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly failpoints: Failpoints;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/** Any number will do as long as nobody else in this database takes an advisory lock on it. */
const lockKey = 5_067_841;

/**
 * Brings the tables up to date: each migration in one transaction together with its row in the history. Replicas that
 * start at once wait for each other at every migration, and each runs only what is still missing, so one that is
 * killed anywhere leaves nothing half done. Answers the migrations that this call applied.
 *
 * Refuses with `MigrationError`, before anything is changed, where an applied file was changed or is missing, and on
 * gaps. Migrations of a newer version, after the last known one, are accepted: a step back by one version keeps working,
 * since columns are only dropped a version after their last use.
 */
export async function migrate(database: Database, options: MigrateOptions): Promise<readonly Migration[]> {
  const plans: (readonly Migration[])[] = [];
  for (const source of options.sources) plans.push(await readMigrations(source));
  const missing = await underLock(database, async (tx) => {
    await createHistory(tx);
    const unknown: Migration[] = [];
    for (const [index, source] of options.sources.entries()) {
      const plan = plans[index] ?? [];
      const history = await readHistory(tx, source.plugin);
      assertUnchanged(source.plugin, plan, history, options.logger);
      unknown.push(...plan.filter(({ number }) => !history.some((applied) => applied.number === number)));
    }
    return unknown;
  });
  const applied: Migration[] = [];
  for (const migration of missing) {
    if (await apply(database, migration, options)) applied.push(migration);
  }
  return applied;
}

/**
 * The migrations that `migrate` would apply; changes nothing. Throws `MigrationError` where it would refuse.
 */
export async function pendingMigrations(
  database: Database,
  sources: readonly MigrationSource[],
  logger: Logger,
): Promise<readonly Migration[]> {
  const [row] = await database
    .current()
    .execute<{ found: string | null }>(sql`select to_regclass('core_migrations')::text as found`);
  const pending: Migration[] = [];
  for (const source of sources) {
    const plan = await readMigrations(source);
    const history = row?.found ? await readHistory(database.current(), source.plugin) : [];
    assertUnchanged(source.plugin, plan, history, logger);
    pending.push(...plan.filter(({ number }) => !history.some((applied) => applied.number === number)));
  }
  return pending;
}

/** The lock belongs to the transaction and goes with it, however that ends. Waiting for it may take long. */
function underLock<T>(database: Database, work: (tx: DatabaseHandle) => Promise<T>): Promise<T> {
  return database.transaction(
    async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${lockKey})`);
      return work(tx);
    },
    { timeoutMs: undefined },
  );
}

async function createHistory(tx: DatabaseHandle): Promise<void> {
  await tx.execute(sql`
    create table if not exists core_migrations (
      plugin text not null,
      number integer not null,
      name text not null,
      sha256 text not null,
      applied_at timestamp (3) with time zone not null,
      primary key (plugin, number)
    )`);
}

async function readHistory(tx: DatabaseHandle, plugin: string): Promise<Applied[]> {
  const rows = await tx.execute<Applied & Record<string, unknown>>(
    sql`select number, name, sha256 from core_migrations where plugin = ${plugin} order by number`,
  );
  return [...rows];
}

function assertUnchanged(
  plugin: string,
  plan: readonly Migration[],
  history: readonly Applied[],
  logger: Logger,
): void {
  for (const applied of history) {
    const planned = plan.find((migration) => migration.number === applied.number);
    if (!planned) {
      if (applied.number > plan.length && plan.length > 0) {
        logger.warn({ plugin, migration: applied.name }, 'the database has a migration of a newer version');
        continue;
      }
      throw new MigrationError(`migration ${plugin}/${applied.name} was applied but its file is missing`);
    }
    if (planned.name !== applied.name) {
      throw new MigrationError(
        `migration ${plugin}/${applied.name} was applied but its file is missing; found ${planned.name}`,
      );
    }
    if (planned.sha256 !== applied.sha256) {
      throw new MigrationError(
        `migration ${plugin}/${applied.name} was changed after it had been applied; add a new one instead`,
      );
    }
  }
}

/** True where this call ran it, false where another replica had. */
function apply(database: Database, migration: Migration, options: MigrateOptions): Promise<boolean> {
  return underLock(database, async (tx) => {
    const history = await readHistory(tx, migration.plugin);
    const known = history.find((applied) => applied.number === migration.number);
    if (known) {
      assertUnchanged(migration.plugin, [migration], [known], options.logger);
      return false;
    }
    options.logger.info({ plugin: migration.plugin, migration: migration.name }, 'applying a migration');
    for (const statement of migration.statements) {
      await options.failpoints.reach('migrate.before-statement');
      await run(tx, migration, statement);
    }
    await options.failpoints.reach('migrate.before-history');
    await tx.execute(sql`
      insert into core_migrations (plugin, number, name, sha256, applied_at)
      values (${migration.plugin}, ${migration.number}, ${migration.name}, ${migration.sha256}, ${new Date(options.clock.now()).toISOString()})`);
    await options.failpoints.reach('migrate.before-commit');
    return true;
  });
}

async function run(tx: DatabaseHandle, migration: Migration, statement: string): Promise<void> {
  try {
    await tx.execute(sql.raw(statement));
  } catch (error) {
    throw new MigrationError(`migration ${migration.plugin}/${migration.name} failed: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** Migrations carry no values of users, so what the server says about them may be told. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
