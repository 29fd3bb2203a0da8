import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type DrizzleSnapshotJSON, generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import { findHostLayout } from '../src/kernel/host-layout.ts';
import { shareHostModules } from '../src/kernel/share-host-modules.ts';

/**
 * Writes the next migration of every plugin whose tables differ from their last snapshot.
 *
 *   node --conditions=source deploy/generate-migrations.ts [--name add_owner] [--check]
 *   node --conditions=source deploy/generate-migrations.ts --plugin acme --tables ./tables.ts --out ./migrations
 *
 * What drizzle has no words for, such as triggers, a plugin states in `table-rules.ts` beside its tables: `tableRules`, a list of statements
 * that grows at its end. Each stands in the next migration, behind the tables.
 *
 * `--check` writes nothing and fails where something would be written. Renamed columns are asked about, so a rename
 * needs a terminal.
 */
export interface MigrationTarget {
  readonly plugin: string;
  /** Module that exports the drizzle tables. */
  readonly tables: string;
  /** Another module with tables of the same plugin: core's are the foundation's and its plugin's. */
  readonly moreTables?: string;
  /** Folder of `0001_name.sql` and `meta/`. */
  readonly folder: string;
}

export interface GeneratedMigration {
  readonly file: string;
  readonly sql: string;
}

/** The migration that `target` lacks; undefined where its tables and its last snapshot agree. Throws on a wrong table name. */
export async function generateNextMigration(
  target: MigrationTarget,
  options: { readonly name?: string | undefined; readonly isCheck: boolean },
): Promise<GeneratedMigration | undefined> {
  const modules = [target.tables, ...(target.moreTables === undefined ? [] : [target.moreTables])];
  const tables: Record<string, unknown> = Object.assign(
    {},
    ...(await Promise.all(modules.map((path) => import(pathToFileURL(resolve(path)).href)))),
  );
  const previous = await readLastSnapshot(target.folder);
  const current = generateDrizzleJson(tables, previous.snapshot.id);
  assertPrefixes(target.plugin, current);
  const rules = (await readTableRules(target.tables)).map((rule) => rule.trim());
  const statements = [
    ...(await generateMigration(previous.snapshot, current)).map(tidy),
    ...newRules(target.plugin, previous.rules, rules),
  ];
  if (statements.length === 0) return undefined;
  const number = String(previous.number + 1).padStart(4, '0');
  const name = options.name ?? (previous.number === 0 ? 'init' : 'change');
  if (!/^[a-z0-9_]+$/.test(name))
    throw new Error(`--name must be lower-case letters, digits and underscores, got '${name}'`);
  const migration: GeneratedMigration = {
    file: join(target.folder, `${number}_${name}.sql`),
    sql: `${statements.join('\n--> statement-breakpoint\n')}\n`,
  };
  if (!options.isCheck) {
    await mkdir(join(target.folder, 'meta'), { recursive: true });
    const snapshot = rules.length > 0 ? { ...current, [rulesKey]: rules } : current;
    await writeFile(join(target.folder, 'meta', `${number}_snapshot.json`), `${JSON.stringify(snapshot, null, 2)}\n`);
    await writeFile(migration.file, migration.sql);
  }
  return migration;
}

/** Where a snapshot keeps the rules that have a migration. */
const rulesKey = 'tableRules';

/** The statements beside the tables; none where there is no such file. */
async function readTableRules(tables: string): Promise<readonly string[]> {
  const file = resolve(dirname(tables), `table-rules${extname(tables)}`);
  if (!existsSync(file)) return [];
  const { tableRules } = (await import(pathToFileURL(file).href)) as { readonly tableRules?: readonly string[] };
  if (!Array.isArray(tableRules)) throw new Error(`'${file}' must export tableRules, a list of statements`);
  return tableRules;
}

/** What was migrated once has happened in databases: it is undone by a statement behind it, never by leaving it out. */
function newRules(plugin: string, before: readonly string[], now: readonly string[]): readonly string[] {
  if (before.some((rule, index) => now[index] !== rule)) {
    throw new Error(`tableRules of plugin '${plugin}' have a migration already: add a statement that undoes them`);
  }
  return now.slice(before.length);
}

interface LastSnapshot {
  readonly number: number;
  readonly snapshot: DrizzleSnapshotJSON;
  readonly rules: readonly string[];
}

async function readLastSnapshot(folder: string): Promise<LastSnapshot> {
  const meta = join(folder, 'meta');
  const names = existsSync(meta)
    ? (await readdir(meta)).filter((name) => /^\d{4}_snapshot\.json$/.test(name)).sort()
    : [];
  const last = names.at(-1);
  if (last === undefined) return { number: 0, snapshot: generateDrizzleJson({}), rules: [] };
  const { [rulesKey]: rules = [], ...snapshot } = JSON.parse(await readFile(join(meta, last), 'utf8'));
  return { number: Number(last.slice(0, 4)), snapshot, rules };
}

/** Two plugins must never meet in one table, so each keeps to its own prefix. */
function assertPrefixes(plugin: string, snapshot: DrizzleSnapshotJSON): void {
  const prefixes = plugin === 'core' ? ['core_', 'journal'] : [`${plugin.replaceAll('-', '_')}_`];
  const { tables, sequences, enums } = snapshot as SnapshotNames;
  for (const { name } of [...Object.values(tables), ...Object.values(sequences), ...Object.values(enums)]) {
    if (!prefixes.some((prefix) => name.startsWith(prefix))) {
      throw new Error(`'${name}' of plugin '${plugin}' must begin with ${prefixes.join(' or ')}`);
    }
  }
  for (const { name, columns } of Object.values(tables)) {
    if (!Object.hasOwn(columns, 'created_at')) throw new Error(`table '${name}' must have a column created_at`);
  }
}

/** What is read of a snapshot here. */
interface SnapshotNames {
  readonly tables: Readonly<Record<string, { readonly name: string; readonly columns: object }>>;
  readonly sequences: Readonly<Record<string, { readonly name: string }>>;
  readonly enums: Readonly<Record<string, { readonly name: string }>>;
}

/** The schema is the connection's business, so that an installation may choose one. */
function tidy(statement: string): string {
  return statement.replaceAll('"public".', '').trim();
}

async function findTargets(root: string): Promise<MigrationTarget[]> {
  const plugins = (await readdir(join(root, 'plugins'))).sort();
  return [
    {
      plugin: 'core',
      tables: join(root, 'src/data/tables.ts'),
      moreTables: join(root, 'plugins/core/tables.ts'),
      folder: join(root, 'migrations/core'),
    },
    ...plugins
      .filter((plugin) => plugin !== 'core' && existsSync(join(root, 'plugins', plugin, 'tables.ts')))
      .map((plugin) => ({
        plugin,
        tables: join(root, 'plugins', plugin, 'tables.ts'),
        folder: join(root, 'migrations', plugin),
      })),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean', default: false },
      name: { type: 'string' },
      plugin: { type: 'string' },
      tables: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const { plugin, tables, out } = values;
  // Tables of a plugin in any folder import `longshore/sdk`, as they do when the gateway loads them.
  shareHostModules(findHostLayout());
  const isOwn = plugin !== undefined && tables !== undefined && out !== undefined;
  if (!isOwn && (plugin ?? tables ?? out) !== undefined)
    throw new Error('--plugin, --tables and --out belong together');
  const targets = isOwn
    ? [{ plugin, tables, folder: out }]
    : await findTargets(fileURLToPath(new URL('..', import.meta.url)));
  let missing = 0;
  for (const target of targets) {
    const migration = await generateNextMigration(target, { name: values.name, isCheck: values.check });
    if (!migration) continue;
    missing += 1;
    console.log(
      values.check
        ? `${target.plugin}: the tables have no migration yet:\n${migration.sql}`
        : `wrote ${migration.file}`,
    );
  }
  if (values.check && missing > 0) process.exitCode = 1;
  if (missing === 0) console.log('tables and migrations agree');
}

if (basename(process.argv[1] ?? '') === 'generate-migrations.ts') await main();
