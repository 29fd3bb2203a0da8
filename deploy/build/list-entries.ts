import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** What becomes a file of its own in dist/, by its name there without `.js`: `main` → src/main.ts. Only what exists. */
export function listEntries(root: string): Record<string, string> {
  const plugins = join(root, 'plugins');
  const names = existsSync(plugins) ? readdirSync(plugins).sort() : [];
  const entries = [
    ['main', 'src/main.ts'],
    ['sdk', 'src/sdk.ts'],
    ['testing', 'src/testing.ts'],
    ['pglite-worker', 'src/data/pglite-worker.ts'],
    ['watchdog-worker', 'src/kernel/watchdog-worker.ts'],
    ...names.flatMap((name) =>
      ['plugin', 'api'].map((file) => [`plugins/${name}/${file}`, `plugins/${name}/${file}.ts`]),
    ),
  ];
  return Object.fromEntries(entries.filter(([, source]) => existsSync(join(root, source ?? ''))));
}
