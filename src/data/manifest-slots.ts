import type { PgTable } from 'drizzle-orm/pg-core';

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** drizzle tables of the plugin, each named `<plugin>_…` (dashes as underscores), with `created_at`. */
    readonly tables?: Readonly<Record<string, PgTable>>;
    /** Folder of the migrations generated from them: a path, or a `file:` URL such as `import.meta.resolve('./migrations')`. */
    readonly migrations?: string;
  }
}

/** What every table of a plugin begins with. */
export function tablePrefixOf(plugin: string): string {
  return `${plugin.replaceAll('-', '_')}_`;
}
