import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const wrapper = 'src/access/create-ability.ts';

/** Product code, and the plugin that stands for those of partners. */
const sources = globSync('{src,plugins,deploy,test/fixtures}/**/*.{ts,mts,cts,js,mjs,cjs}', {
  cwd: root,
  exclude: (path) => path.includes('node_modules') || path.includes('/dist/'),
}).filter((path) => !path.endsWith('.test.ts'));

/** `import`, `export … from`, `import()` and `require` of the library, by name or by path. */
const importsLibrary = /(?:\bfrom|\bimport|\bimport\s*\(|\brequire\s*\()\s*\(?\s*['"`][^'"`]*@casl\//;

describe('permission is asked in one place', () => {
  it('imports the library behind the wrapper alone', () => {
    expect(sources.length).toBeGreaterThan(300);
    const importing = sources.filter((path) => importsLibrary.test(readFileSync(join(root, path), 'utf8')));
    expect(importing).toEqual([wrapper]);
  });

  it.each([
    "import { Ability } from '@casl/ability';",
    "import type { Ability } from '@casl/ability';",
    "export { subject } from '@casl/ability/extra';",
    "const { Ability } = await import('@casl/ability');",
    "const casl = require('@casl/ability');",
    "import '@casl/ability';",
    "import { Ability } from '../../node_modules/@casl/ability/dist/index.js';",
  ])('would notice %s', (line) => {
    expect(importsLibrary.test(line)).toBe(true);
  });

  it('hands neither the library nor its ability to plugins', () => {
    const sdk = readFileSync(join(root, 'src/sdk.ts'), 'utf8');
    expect(sdk).not.toMatch(/create-ability|create-access\.ts|casl/i);
    const users = sources.filter((path) => /\/create-ability\.ts['"]/.test(readFileSync(join(root, path), 'utf8')));
    expect(users).toEqual(['src/access/create-access.ts']);
  });

  it('names the library in one package.json alone', () => {
    const packages = globSync('{package.json,plugins/*/package.json}', { cwd: root }).filter((path) =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8').includes('@casl/') : false,
    );
    expect(packages).toEqual(['package.json']);
  });
});
