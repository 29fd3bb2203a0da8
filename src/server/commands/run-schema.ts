import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSettings } from '../../config/load-settings.ts';
import { printSchemaFiles } from '../../graph/schema/print-schema-files.ts';
import { findHostLayout } from '../../kernel/host-layout.ts';
import { buildConfiguredSchema } from '../build-configured-schema.ts';
import type { Environment } from './environment.ts';

/** Prints the SDL, or with `--check` compares the committed files with it. */
export async function runSchema(flags: readonly string[], env: Environment, isCheck: boolean): Promise<number> {
  const files = printSchemaFiles(await buildConfiguredSchema(loadSettings({ mode: 'schema', argv: flags, env })));
  if (!isCheck) {
    process.stdout.write(files.get('schema.graphql') ?? '');
    return 0;
  }
  const folder = join(findHostLayout().root, 'schema');
  const stale = [...files]
    .filter(([name, text]) => read(join(folder, name)) !== text)
    .map(([name]) => `schema/${name}`);
  if (stale.length > 0) process.stderr.write(`Not what the code prints: ${stale.join(', ')}. Run: npm run generate\n`);
  return stale.length > 0 ? 1 : 0;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
