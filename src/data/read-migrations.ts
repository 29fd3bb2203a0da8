import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PgTable } from 'drizzle-orm/pg-core';

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** drizzle tables of the plugin, each named `<plugin>_…` (dashes as underscores), with `created_at`. */
    readonly tables?: Readonly<Record<string, PgTable>>;
    /** Folder of the migrations generated from them: a path, or a `file:` URL such as `import.meta.resolve('./migrations')`. */
    readonly migrations?: string;
  }
}

/** Where one plugin's migrations lie; `folder` is a path or a `file:` URL. */
export interface MigrationSource {
  readonly plugin: string;
  readonly folder: string;
}

export interface Migration {
  readonly plugin: string;
  readonly number: number;
  /** File name without folder, e.g. `0001_init.sql`. */
  readonly name: string;
  readonly sha256: string;
  readonly statements: readonly string[];
}

/** The migrations on disk and in the database do not fit together. The message names plugin and file. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/**
 * Reads `0001_name.sql`, `0002_….sql`, … of one plugin in order. Throws `MigrationError` on a gap, a number used twice
 * or a file of another form.
 */
export async function readMigrations(source: MigrationSource): Promise<Migration[]> {
  const folder = source.folder.startsWith('file:') ? fileURLToPath(source.folder) : source.folder;
  const names = (await listFolder(folder, source.plugin)).filter((name) => name.endsWith('.sql')).sort();
  const migrations: Migration[] = [];
  for (const name of names) {
    const expected = migrations.length + 1;
    const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(name)?.[1] ?? Number.NaN);
    if (Number.isNaN(number))
      throw new MigrationError(`migration ${source.plugin}/${name} must be named like 0001_name.sql`);
    if (number !== expected) {
      const trouble =
        number < expected ? 'has a number that another file has' : `comes where number ${expected} is missing`;
      throw new MigrationError(`migration ${source.plugin}/${name} ${trouble}`);
    }
    migrations.push(await readMigration(source.plugin, folder, name, number));
  }
  return migrations;
}

async function listFolder(folder: string, plugin: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new MigrationError(`the migrations folder of plugin '${plugin}' cannot be read: ${folder}`, { cause: error });
  }
}

async function readMigration(plugin: string, folder: string, name: string, number: number): Promise<Migration> {
  // A checkout with other line ends is the same migration.
  const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n');
  const statements = text
    .split('--> statement-breakpoint')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
  return { plugin, number, name, sha256: createHash('sha256').update(text).digest('hex'), statements };
}
