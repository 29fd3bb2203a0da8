import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `npm run test:long` runs everything, and what takes minutes besides. */
const isLong = process.env.LONGSHORE_TEST_LONG === '1';
const rooms = ['src/**/*.test.ts', 'plugins/*/{services,reconcilers,engines}/**/*.test.ts'];
const gateways = ['plugins/**/*.test.ts', 'test/**/*.test.ts'];
/** What takes long by itself, or leaves its process in another state: each in a process of its own, and begun first. */
const alone = [
  'test/{bundle,chaos,cluster,long,partner}/**/*.test.ts',
  'test/conformance/conformance-suite.test.ts',
  'test/security/{canaries,roads}.test.ts',
  'test/e2e/{answer-reuse,command-line,every-mutation,many-clusters,slow-readers}.test.ts',
];
const gateway = { pool: 'forks' as const };
const filesPerBatch = 24;
/**
 * Modules are found by the conditions that Node has where the gateway runs. Vitest adds `development`, for which graphql 17 has a build of its
 * own, that looks at every value twice.
 */
const conditions = ['source', 'node', 'import', 'module-sync', 'default'];
const asWhereItRuns: Plugin = {
  name: 'conditions-of-node',
  configResolved({ ssr, environments }) {
    ssr.resolve = { ...ssr.resolve, conditions };
    for (const { resolve } of Object.values(environments)) resolve.conditions = conditions;
  },
};
const exclude = ['**/node_modules/**', 'dist/**', ...(isLong ? [] : ['test/long/**'])];

export default defineConfig({
  root,
  plugins: [asWhereItRuns],
  resolve: {
    // One copy of these for every plugin, whatever lies in its own node_modules.
    dedupe: ['graphql', '@pothos/core'],
    // A plugin in any folder, even outside the project, meets the same modules as the project's own.
    alias: [
      { find: /^longshore\/sdk$/, replacement: `${root}src/sdk.ts` },
      { find: /^longshore\/testing$/, replacement: `${root}src/testing.ts` },
      { find: /^longshore\/plugins\/([^/]+)$/, replacement: `${root}plugins/$1/api.ts` },
    ],
  },
  test: {
    projects: [
      // Rules and rooms: reading their modules takes longer than their tests, so the files of a worker share them.
      { extends: true, test: { name: 'rooms', isolate: false, include: rooms } },
      // Whole gateways, in processes: a thread that is ended in the middle of native work can take the whole run with it.
      { extends: true, test: { ...gateway, name: 'alone', include: alone, exclude: [...exclude, ...rooms] } },
      ...batches().map((include, index) => ({
        extends: true as const,
        test: { ...gateway, name: `gateways ${index + 1}`, isolate: false, include },
      })),
    ],
    exclude,
    pool: 'threads',
    maxWorkers: 2,
    globalSetup: [`${root}test/support/prepare-database.ts`],
    setupFiles: ['test/support/be-patient.ts'],
    expect: { poll: { timeout: 15_000, interval: 10 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    dangerouslyIgnoreUnhandledErrors: false,
    restoreMocks: true,
  },
});

/**
 * A few files share two processes: reading the modules and warming them up takes longer than most tests, and a process that has had
 * many gateways is slow.
 */
function batches(): string[][] {
  const files = globSync(gateways, { cwd: root, exclude: [...exclude, ...rooms, ...alone] }).sort();
  return Array.from({ length: Math.ceil(files.length / filesPerBatch) }, (_, batch) =>
    files.slice(batch * filesPerBatch, (batch + 1) * filesPerBatch),
  );
}
