/**
 * `npm run report:requirements -- --ids 'CORE-*,CMP-37..CMP-109'`: runs the tests that name these rules, joins them with
 * `test/requirements.json`, tells each rule's state and exits with 1 where one is not done. Without `--ids` it is about all rules,
 * and writes `test/requirements/README.md`. A report of this very commit is used again.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { joinTests, type Requirement, type TestOutcome } from './join-tests.ts';
import { renderPage } from './render-page.ts';
import { selectIds } from './select-ids.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { values: flags } = parseArgs({ options: { ids: { type: 'string' }, report: { type: 'string' } } });
const requirements = JSON.parse(readFileSync(join(root, 'test/requirements.json'), 'utf8')) as readonly Requirement[];
const ids = requirements.map(({ id }) => id);
const asked = new Set(flags.ids === undefined ? ids : selectIds(flags.ids, ids));

const reports = joinTests(
  requirements.filter(({ id }) => asked.has(id)),
  flags.report === undefined ? outcomesOf(asked) : read(flags.report),
);
for (const { id, state, isRefusalTested, statement, tests } of reports) {
  const told = state === 'done' ? (isRefusalTested ? 'done, refusals too' : 'done') : state;
  console.log(`${id.padEnd(8)} ${told.padEnd(18)} ${String(tests.length).padStart(3)}  ${statement}`);
}
const left = reports.filter(({ state }) => state !== 'done');
console.log(`${reports.length - left.length} done, ${left.length} not`);
if (flags.ids === undefined) writeFileSync(join(root, 'test/requirements/README.md'), renderPage(reports));
process.exitCode = left.length > 0 ? 1 : 0;

/** What the tests of these rules say: of an earlier run of this commit, or of one now. */
function outcomesOf(wanted: ReadonlySet<string>): readonly TestOutcome[] {
  const files = globSync(['src/**/*.test.ts', 'plugins/**/*.test.ts', 'test/**/*.test.ts'], {
    cwd: root,
    exclude: ['**/node_modules/**', 'test/requirements/**'],
  }).filter((file) => {
    const named = readFileSync(join(root, file), 'utf8').match(/\b[A-Z]{2,4}-\d{2,3}\b/g) ?? [];
    return named.some((id) => wanted.has(id));
  });
  if (files.length === 0) return [];
  const report = cachedReport(flags.ids ?? 'all');
  if (report.isNew || !existsSync(report.path)) {
    mkdirSync(dirname(report.path), { recursive: true });
    const arguments_ = ['run', '--config', 'test/vitest.config.ts', '--reporter=json', `--outputFile=${report.path}`];
    spawnSync(join(root, 'node_modules/.bin/vitest'), [...arguments_, ...files], { cwd: root, stdio: 'inherit' });
  }
  return read(report.path);
}

/** Kept by commit and selection; with changes that are not committed nothing can be used again. */
function cachedReport(selection: string): { readonly path: string; readonly isNew: boolean } {
  const git = (...command: string[]) => execFileSync('git', command, { cwd: root, encoding: 'utf8' }).trim();
  const name = `${git('rev-parse', 'HEAD')}-${Buffer.from(selection).toString('base64url').slice(0, 100)}.json`;
  return {
    path: join(root, 'node_modules/.cache/longshore/tests', name),
    isNew: git('status', '--porcelain') !== '',
  };
}

function read(path: string): readonly TestOutcome[] {
  const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly testResults: readonly { readonly assertionResults: readonly TestOutcome[] }[];
  };
  return testResults.flatMap(({ assertionResults }) => assertionResults);
}
