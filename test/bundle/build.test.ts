import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildBundle } from '../../deploy/build/build-bundle.ts';
import { buildTypes } from '../../deploy/build/build-types.ts';
import { isFresh } from '../../deploy/build/is-fresh.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));
const node = join(project, 'node_modules/node/bin/node');
const run = promisify(execFile);
let folder: string;

function write(files: Record<string, string>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'longshore-build-')));
  symlinkSync(join(project, 'node_modules'), join(folder, 'node_modules'));
  write({
    'package.json': readFileSync(join(project, 'package.json'), 'utf8'),
    'tsconfig.json': readFileSync(join(project, 'tsconfig.json'), 'utf8'),
    // A small house with the same rooms: what a room adds to the manifest must reach plugin authors.
    'src/kernel/manifest.ts': `
      export interface Slots {}
      export interface Manifest extends Slots { readonly name: string }
      export function definePlugin(manifest: Manifest): Manifest { return manifest; }`,
    'src/kube/slot.ts': `
      export interface Kind { readonly kind: string }
      declare module '../kernel/manifest.ts' { interface Slots { readonly kinds?: readonly Kind[] } }`,
    // Nothing imports this one.
    'src/data/slot.ts': `
      declare module '../kernel/manifest.ts' {
        interface Slots { readonly tables?: readonly string[] }
      }
      export {};`,
    'src/sdk.ts': `
      export type { Kind } from './kube/slot.ts';
      export { definePlugin } from './kernel/manifest.ts';
      export const identity = {};`,
    'src/main.ts': `
      import { createRequire } from 'node:module';
      import { identity } from './sdk.ts';
      const plugin = await import(new URL('./plugins/core/plugin.js', import.meta.url).href);
      const door = await import('longshore/sdk');
      console.log(JSON.stringify([plugin.given === identity, door.identity === identity, typeof createRequire]));`,
    'plugins/core/plugin.ts': `import { identity } from 'longshore/sdk'; import { label } from 'longshore/plugins/core'; export const given = label && identity;`,
    'plugins/core/api.ts': `import type { Kind } from 'longshore/sdk'; export const label = 'core'; export const coreKind: Kind = { kind: 'Core' };`,
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('buildBundle', () => {
  it('makes one instance of the SDK for the host, its plugins and the door', async () => {
    expect(await buildBundle(folder)).toEqual([]);
    const { stdout } = await run(node, [join(folder, 'dist/main.js')]);
    expect(JSON.parse(stdout)).toEqual([true, true, 'function']);
  });

  it('says clearly what does not build, and leaves dist as it was', async () => {
    await buildBundle(folder);
    const before = readFileSync(join(folder, 'dist/main.js'), 'utf8');
    write({ 'src/main.ts': "import './nowhere.ts';" });
    expect((await buildBundle(folder)).join()).toMatch(/Could not resolve ".\/nowhere.ts"[\s\S]*src\/main.ts:1:7/);
    expect(readFileSync(join(folder, 'dist/main.js'), 'utf8')).toBe(before);
    expect(isFresh(folder)).toBe(false);
  });

  it('says when there is nothing to build', async () => {
    for (const path of ['src', 'plugins']) rmSync(join(folder, path), { recursive: true });
    expect(await buildBundle(folder)).toEqual([
      `Nothing to build: ${folder} has no src/main.ts, no src/sdk.ts and no plugins.`,
    ]);
  });

  it('removes what is built no more and keeps declarations', async () => {
    await buildBundle(folder);
    write({ 'dist/types/src/sdk.d.ts': '' });
    rmSync(join(folder, 'plugins/core/api.ts'));
    write({ 'plugins/core/plugin.ts': 'export const given = 1;' });
    await buildBundle(folder);
    expect(existsSync(join(folder, 'dist/plugins/core/api.js'))).toBe(false);
    expect(existsSync(join(folder, 'dist/types/src/sdk.d.ts'))).toBe(true);
  });
});

describe('profiles of a plugin', () => {
  it('lie beside its module in the bundle, and only those that are there still', async () => {
    const file = 'plugins/core/profiles/small.yaml';
    write({ [file]: 'name: small\n', 'plugins/core/profiles/README.md': '' });
    await buildBundle(folder);
    expect(readFileSync(join(folder, 'dist', file), 'utf8')).toBe('name: small\n');
    expect(isFresh(folder)).toBe(true);
    write({ [file]: 'name: smaller\n' });
    expect(isFresh(folder)).toBe(false);
    await buildBundle(folder);
    expect(readFileSync(join(folder, 'dist', file), 'utf8')).toBe('name: smaller\n');
    rmSync(join(folder, file));
    await buildBundle(folder);
    expect(readdirSync(join(folder, 'dist/plugins/core/profiles'))).toEqual([]);
  });
});

describe('isFresh', () => {
  it('is true for what was just built, also when only times have changed', async () => {
    await buildBundle(folder);
    expect(isFresh(folder)).toBe(true);
    utimesSync(join(folder, 'src/main.ts'), 1, 1);
    expect(isFresh(folder)).toBe(true);
  });

  it.each([
    { name: 'was never built', change: () => rmSync(join(folder, 'dist'), { recursive: true }) },
    { name: 'lost an output', change: () => rmSync(join(folder, 'dist/sdk.js')) },
    { name: 'has a changed source', change: () => write({ 'src/sdk.ts': 'export const identity = 2;' }) },
    {
      name: 'has a changed source of the same size',
      change: () =>
        write({
          'plugins/core/plugin.ts': readFileSync(join(folder, 'plugins/core/plugin.ts'), 'utf8').replace(
            'given',
            'taken',
          ),
        }),
    },
    { name: 'has a new source', change: () => write({ 'src/new.ts': '' }) },
    { name: 'lost a source', change: () => rmSync(join(folder, 'plugins/core/api.ts')) },
    {
      name: 'has other dependencies',
      change: () => write({ 'package.json': '{ "name": "longshore", "type": "module" }' }),
    },
  ])('is false for what $name', async ({ change }) => {
    await buildBundle(folder);
    change();
    expect(isFresh(folder)).toBe(false);
  });

  it('does not mind a changed test', async () => {
    await buildBundle(folder);
    write({ 'src/sdk.test.ts': '' });
    expect(isFresh(folder)).toBe(true);
  });

  it('is true for an installed package, which has no sources', () => {
    rmSync(join(folder, 'src'), { recursive: true });
    expect(isFresh(folder)).toBe(true);
  });
});

describe('buildTypes', () => {
  /** Type-checks a plugin in a folder of its own that knows Longshore only as a package. Returns the compiler's lines. */
  async function check(code: string): Promise<string> {
    rmSync(join(folder, 'consumer'), { recursive: true, force: true });
    write({
      'consumer/package.json': '{ "name": "partner", "type": "module" }',
      'consumer/plugin.ts': code,
      'consumer/tsconfig.json': JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2024',
          strict: true,
          noEmit: true,
          skipLibCheck: false,
          types: [],
        },
        files: ['plugin.ts'],
      }),
      // Only what the package ships.
      'consumer/node_modules/longshore/package.json': readFileSync(join(folder, 'package.json'), 'utf8'),
    });
    symlinkSync(join(folder, 'dist'), join(folder, 'consumer/node_modules/longshore/dist'));
    const tsc = join(project, 'node_modules/typescript/bin/tsc');
    const result = await run(node, [tsc, '-p', join(folder, 'consumer'), '--preserveSymlinks']).catch(
      (error: { stdout: string }) => error,
    );
    return result.stdout;
  }

  it('lets a partner type-check against the doors alone, with what every room adds to the manifest', async () => {
    expect(await buildTypes(folder)).toEqual([]);
    const imports = `import { definePlugin, type Kind } from 'longshore/sdk'; import { coreKind } from 'longshore/plugins/core';`;
    expect(
      await check(
        `${imports} const kind: Kind = coreKind; export const good = definePlugin({ name: 'a', kinds: [kind], tables: ['a_things'] });`,
      ),
    ).toBe('');
    expect(await check(`${imports} export const bad = definePlugin({ name: 'a', kinds: [{ kind: 1 }] });`)).toContain(
      "Type 'number' is not assignable to type 'string'",
    );
    expect(await check(`${imports} export const bad = definePlugin({ name: 'a', kind: [coreKind] });`)).toContain(
      "'kind' does not exist",
    );
    expect(await check(`import 'longshore/kernel/manifest';`)).toContain('longshore/kernel/manifest');
  });

  it('reports type errors and keeps no declarations of a broken project', async () => {
    write({ 'src/sdk.ts': 'export const identity: string = 1;' });
    expect((await buildTypes(folder)).join()).toContain(
      "src/sdk.ts(1,14): error TS2322: Type 'number' is not assignable to type 'string'",
    );
    expect(existsSync(join(folder, 'dist/types'))).toBe(false);
  });
});
