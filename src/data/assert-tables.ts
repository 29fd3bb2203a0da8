import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

/**
 * Throws one sentence where a plugin's table is not its own by name: two plugins must never meet in one table. Names begin
 * with the plugin's (dashes as underscores); every table has `created_at`.
 */
export function assertTables(plugin: string, tables: Readonly<Record<string, PgTable>>): void {
  const prefix = `${plugin.replaceAll('-', '_')}_`;
  for (const table of Object.values(tables)) {
    const name = getTableName(table);
    if (!name.startsWith(prefix)) {
      throw new Error(`Plugin '${plugin}' has a table '${name}'; its tables must begin with '${prefix}'`);
    }
    if (!Object.values(getTableColumns(table)).some((column) => column.name === 'created_at')) {
      throw new Error(`Plugin '${plugin}' has a table '${name}' without the column created_at`);
    }
  }
}
