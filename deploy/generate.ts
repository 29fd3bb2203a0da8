/**
 * Writes what is generated and committed: the SDL and the page of permissions in schema/, the typed documents in test/typed/, the types of the embedded
 * cluster, the definitions in deploy/crds/, the dashboard in deploy/grafana/, the migrations, the settings table of the README.
 * `--check` writes nothing and fails where a committed file differs from what would be written.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate as generateDocuments } from '@graphql-codegen/cli';
import codegenConfig from '../codegen.ts';
import { renderPermissions } from '../src/access/render-permissions.ts';
import { loadSettings } from '../src/config/load-settings.ts';
import { renderSettingsTable } from '../src/config/render-settings-table.ts';
import { releaseOrderDefinition } from '../src/embedded/engines/longshore/release-orders.ts';
import { printSchemaFiles } from '../src/graph/schema/print-schema-files.ts';
import { buildConfiguredSchema } from '../src/server/build-configured-schema.ts';
import { generateOpenApi } from './generate-openapi.ts';
import { renderDashboard } from './render-dashboard.ts';
import { renderDefinitions } from './render-definitions.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isCheck = process.argv.includes('--check');

const stale: string[] = [];

const built = await buildConfiguredSchema(loadSettings({ mode: 'schema', argv: [], env: {} }));
const sdl = printSchemaFiles(built);
const guarded = [...built.registry.rootFields.values()].map(({ type, name, guard }) => ({
  name: `${type}.${name}`,
  guard,
}));
sync('schema', new Map([...sdl, ['permissions.md', renderPermissions(built.permissions, guarded)]]));

// From the SDL in memory: in a check the committed one may be stale, and that is already noted.
process.chdir(root);
const schemaText = sdl.get('schema.graphql') ?? '';
const documents = (await generateDocuments(
  { ...codegenConfig, schema: schemaText, silent: true, errorsOnly: true },
  false,
)) as {
  filename: string;
  content: string;
}[];
sync(
  'test/typed',
  new Map(documents.map(({ filename, content }) => [filename.replace(/^test\/typed\//, ''), content])),
);

sync('src/embedded/openapi/generated', await generateOpenApi());

sync('deploy/crds', renderDefinitions([releaseOrderDefinition]));

sync('deploy/grafana', new Map([['longshore.json', renderDashboard()]]));

const migrations = spawnSync(
  process.execPath,
  [join(root, 'deploy/generate-migrations.ts'), ...(isCheck ? ['--check'] : [])],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
if (migrations.status !== 0) stale.push('migrations');

syncSection('README.md', 'settings', renderSettingsTable());

if (stale.length > 0) {
  console.error(`Generated files are not up to date: ${stale.join(', ')}. Run: npm run generate`);
  process.exit(1);
}
process.exit(0);

/** Makes the text between `<!-- name… -->` and `<!-- /name -->` of a file this one. */
function syncSection(file: string, name: string, content: string): void {
  const path = join(root, file);
  const before = readFileSync(path, 'utf8');
  const section = new RegExp(`(<!-- ${name}[^>]*-->\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  if (!section.test(before)) throw new Error(`${file} has no section '${name}'`);
  const after = before.replace(section, (_all, start: string, end: string) => `${start}${content}${end}`);
  if (after === before) return;
  if (isCheck) stale.push(file);
  else writeFileSync(path, after);
}

/** Makes a folder hold exactly these files, or in a check notes which differ. */
function sync(folder: string, files: ReadonlyMap<string, string>): void {
  const path = join(root, folder);
  mkdirSync(path, { recursive: true });
  const present = readdirSync(path).filter((name) => !name.startsWith('.'));
  for (const name of present) {
    if (files.has(name)) continue;
    if (isCheck) stale.push(`${folder}/${name}`);
    else rmSync(join(path, name));
  }
  for (const [name, content] of files) {
    const file = join(path, name);
    if (present.includes(name) && readFileSync(file, 'utf8') === content) continue;
    if (isCheck) {
      stale.push(`${folder}/${name}`);
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
}
