import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));
/** `npm run test:long` runs everything, and what takes minutes besides. */
const isLong = process.env.LONGSHORE_TEST_LONG === '1';

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
    include: ['src/**/*.test.ts', 'plugins/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', ...(isLong ? [] : ['test/long/**'])],
    // Files that share a worker would read modules once, and share all else: a gateway's heap, what it left running.
    isolate: true,
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
