import { pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { assertTables } from './assert-tables.ts';

const createdAt = timestamp('created_at').notNull();
const tableNamed = (name: string) => ({ one: pgTable(name, { id: uuid('id'), createdAt }) });

describe('assertTables', () => {
  it.each([
    { plugin: 'acme', name: 'acme_cases' },
    { plugin: 'acme-support', name: 'acme_support_cases' },
  ])('accepts $name of $plugin', ({ plugin, name }) => {
    expect(() => assertTables(plugin, tableNamed(name))).not.toThrow();
  });

  it.each([
    { plugin: 'acme', name: 'core_operations' },
    { plugin: 'acme', name: 'acme' },
    { plugin: 'acme-support', name: 'acme_cases' },
  ])('does not accept $name of $plugin (refused)', ({ plugin, name }) => {
    expect(() => assertTables(plugin, tableNamed(name))).toThrow(
      `Plugin '${plugin}' has a table '${name}'; its tables must begin with '${plugin.replace('-', '_')}_'`,
    );
  });

  it('does not accept a table that does not say when a row was made (refused)', () => {
    const tables = { one: pgTable('acme_cases', { id: uuid('id') }) };
    expect(() => assertTables('acme', tables)).toThrow(
      "Plugin 'acme' has a table 'acme_cases' without the column created_at",
    );
  });
});
