import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `npm run test:long` runs everything, and what takes minutes besides. */
const isLong = process.env.LONGSHORE_TEST_LONG === '1';
const rooms = ['src/**/*.test.ts', 'plugins/*/services/**/*.test.ts', 'plugins/*/reconcilers/**/*.test.ts'];
const gateways = ['plugins/**/*.test.ts', 'test/**/*.test.ts'];
const exclude = ['**/node_modules/**', 'dist/**', ...(isLong ? [] : ['test/long/**'])];

export default defineConfig({
  root,
  // graphql 17 offers a `development` build that Vite would choose and Node would not: two copies of one library.
  ssr: { resolve: { conditions: ['source', 'node', 'import', 'module-sync', 'default'] } },
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
      // Whole gateways: files that share a worker would share a gateway's heap, and what it left running. Each in a process of its
      // own, since a thread that is ended in the middle of native work can take the whole run with it.
      {
        extends: true,
        test: {
          name: 'gateways',
          isolate: true,
          pool: 'forks',
          include: gateways,
          exclude: [...exclude, ...rooms],
          globalSetup: ['test/support/prepare-database.ts'],
        },
      },
    ],
    exclude,
    pool: 'threads',
    maxWorkers: 2,
    setupFiles: ['test/support/be-patient.ts'],
    expect: { poll: { timeout: 15_000, interval: 10 } },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    dangerouslyIgnoreUnhandledErrors: false,
    restoreMocks: true,
  },
});
