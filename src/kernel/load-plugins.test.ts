import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import SchemaBuilder from '@pothos/core';
import { GraphQLObjectType, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { buildBundle } from '../../deploy/build/build-bundle.ts';
import { systemClock } from './clock.ts';
import { findHostLayout } from './host-layout.ts';
import { loadPlugins } from './load-plugins.ts';
import { createManualClock } from './manual-clock.ts';
import { PluginError } from './plugin-error.ts';

const host = vi.hoisted(() => ({
  definePlugin: <T>(manifest: T) => manifest,
  sdkMark: { mark: 'sdk of the test' },
}));
vi.mock('longshore/sdk', () => host);
const own = [GraphQLObjectType, parse, SchemaBuilder, host.sdkMark];

const run = promisify(execFile);
const project = fileURLToPath(new URL('../..', import.meta.url));
// The process that runs the tests may be another Node than the project's own.
const node = join(project, 'node_modules/node/bin/node');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'longshore-load-')));

function write(files: Record<string, string | object>): void {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  }
}

/** One plugin that keeps what it was given, so that the host can compare. */
function pluginCode(name: string): string {
  return `
    import { GraphQLObjectType } from 'graphql';
    import { parse } from 'graphql/language/parser';
    import SchemaBuilder from '@pothos/core';
    import { definePlugin, sdkMark } from 'longshore/sdk';
    export const samplePlugin = definePlugin({
      name: '${name}', version: '1.0.0', description: 'For a test.',
      given: [GraphQLObjectType, parse, SchemaBuilder, sdkMark],
    });`;
}

/** A package "longshore" of the plugin's own. */
const longshoreDecoy = (path: string) => ({
  [`${path}/node_modules/longshore/package.json`]: {
    name: 'longshore',
    type: 'module',
    exports: { './*': './decoy.js' },
  },
  [`${path}/node_modules/longshore/decoy.js`]: 'export const sdkMark = "decoy"; export const definePlugin = (x) => x;',
});

const graphqlDecoy = (path: string) => ({
  [`${path}/node_modules/graphql/package.json`]: {
    name: 'graphql',
    type: 'module',
    exports: { '.': './decoy.js', './*': './decoy.js' },
  },
  [`${path}/node_modules/graphql/decoy.js`]: 'export const GraphQLObjectType = "decoy"; export const parse = "decoy";',
});

/** Loads the plugins of its command line and says of each whether everything it was given is the host's own. */
const hostMain = `
  import { GraphQLObjectType } from 'graphql';
  import { parse } from 'graphql/language/parser';
  import SchemaBuilder from '@pothos/core';
  import { systemClock } from '${join(project, 'src/kernel/clock.ts')}';
  import { findHostLayout } from '${join(project, 'src/kernel/host-layout.ts')}';
  import { loadPlugins } from '${join(project, 'src/kernel/load-plugins.ts')}';
  import { sdkMark } from './sdk.ts';
  const [baseFolder, ...plugins] = process.argv.slice(2);
  const host = findHostLayout(import.meta.url);
  const { loaded } = await loadPlugins({
    plugins: plugins.map((plugin) => ({ plugin, optional: false })), baseFolder, clock: systemClock, host,
  });
  const { coreMark } = await import('../plugins/core/api.ts');
  const own = [GraphQLObjectType, parse, SchemaBuilder, sdkMark, coreMark];
  const answer = loaded.map(({ manifest, from }) => [from, manifest.name, Object.entries(manifest.given).every(([index, each]) => each === own[index])]);
  console.log(JSON.stringify({ isBundle: host.isBundle, answer }));
`;

beforeAll(async () => {
  write({
    'host/package.json': { name: 'longshore', version: '0.1.0', type: 'module', exports: { './sdk': './dist/sdk.js' } },
    'host/src/main.ts': hostMain,
    'host/src/sdk.ts': `export { definePlugin } from '${join(project, 'src/kernel/manifest.ts')}'; export const sdkMark = { mark: 'sdk' };`,
    'host/plugins/core/plugin.ts': pluginCode('core'),
    'host/plugins/core/api.ts': `import { sdkMark } from 'longshore/sdk'; export const coreMark: object = { sdkMark };`,
    // A single file in a foreign folder, as TypeScript.
    'foreign/plugin.ts': pluginCode('foreign').replace(
      'definePlugin({',
      "definePlugin({ source: ((text: string): string => text)('typed'),",
    ),
    // A folder with a package.json, a "longshore" and a "graphql" of its own.
    'owned/package.json': {
      name: 'owned',
      version: '1.0.0',
      type: 'module',
      exports: { '.': { types: './x.d.ts', import: './lib/index.js' } },
    },
    'owned/lib/index.js': pluginCode('owned'),
    ...longshoreDecoy('owned'),
    ...graphqlDecoy('owned'),
    // The same without a graphql of its own: vitest resolves that one by the plugin's place, before Node is asked.
    'lodger/package.json': { name: 'lodger', version: '1.0.0', type: 'module', exports: './index.js' },
    'lodger/index.js': pluginCode('lodger'),
    ...longshoreDecoy('lodger'),
    // What another plugin offers.
    'neighbour/plugin.ts': `
      import { coreMark } from 'longshore/plugins/core';
      export const neighbourPlugin = { name: 'neighbour', version: '1.0.0', description: 'For a test.', given: [,,,, coreMark] };`,
    // CommonJS, which Node answers by other conditions.
    'common/plugin.js': `
      const { GraphQLObjectType } = require('graphql');
      const { parse } = require('graphql/language/parser');
      const { default: SchemaBuilder } = require('@pothos/core');
      const { sdkMark } = require('longshore/sdk');
      exports.commonPlugin = { name: 'common', version: '1.0.0', description: 'For a test.', given: [GraphQLObjectType, parse, SchemaBuilder, sdkMark] };`,
    // A package as it comes from the registry.
    'source-of-packed/package.json': {
      name: 'longshore-plugin-packed',
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
    },
    'source-of-packed/index.js': pluginCode('packed'),
    ...longshoreDecoy('app'),
    ...graphqlDecoy('app'),
  });
  symlinkSync(join(project, 'node_modules'), join(folder, 'host/node_modules'));
  await run('npm', ['pack', '--silent', '--offline', '--pack-destination', folder], {
    cwd: join(folder, 'source-of-packed'),
  });
  const unpacked = join(folder, 'app/node_modules/longshore-plugin-packed');
  mkdirSync(unpacked, { recursive: true });
  await run('tar', ['-xzf', join(folder, 'longshore-plugin-packed-1.0.0.tgz'), '--strip-components=1', '-C', unpacked]);
});

afterAll(() => rmSync(folder, { recursive: true }));

const everywhere = ['../foreign', '../foreign/plugin.ts', '../lodger', '../common', 'longshore-plugin-packed'];
const ways = ['core', ...everywhere, '../owned', '../neighbour'];

/** Each plugin is loaded under its name and has only the host's own modules. */
function allOwn(plugins: readonly string[]) {
  return plugins.map((plugin) => [plugin, plugin.replaceAll(/^\.\.\/|\/plugin.ts$|longshore-plugin-/g, ''), true]);
}

describe('loadPlugins', () => {
  it("gives every plugin the host's modules when run from source", async () => {
    const { stdout } = await run(node, [join(folder, 'host/src/main.ts'), join(folder, 'app'), ...ways]);
    expect(JSON.parse(stdout)).toEqual({ isBundle: false, answer: allOwn(ways) });
  });

  it("gives every plugin the host's modules when run from the bundle", async () => {
    expect(await buildBundle(join(folder, 'host'))).toEqual([]);
    const { stdout } = await run(node, [join(folder, 'host/dist/main.js'), join(folder, 'app'), ...ways]);
    expect(JSON.parse(stdout)).toEqual({ isBundle: true, answer: allOwn(ways) });
  });

  it("gives every plugin the host's modules when run by vitest", async () => {
    const { loaded } = await loadPlugins({
      plugins: everywhere.map((plugin) => ({ plugin, optional: false })),
      baseFolder: join(folder, 'app'),
      clock: systemClock,
      hostModules: { 'longshore/sdk': host },
    });
    const answer = loaded.map(({ manifest, from }) => {
      const { given } = manifest as unknown as { given: unknown[] };
      return [from, manifest.name, own.every((each, index) => each === given[index])];
    });
    expect(answer).toEqual(allOwn(everywhere));
  });

  function load(plugin: string, options: { optional?: boolean } = {}) {
    return loadPlugins({
      plugins: [{ plugin, optional: options.optional ?? false }],
      baseFolder: folder,
      clock: systemClock,
      host: { root: join(folder, 'host'), isBundle: false },
    });
  }

  it.each<{ name: string; files: Record<string, string | object>; plugin: string; says: string }>([
    {
      name: 'an unknown name',
      files: {},
      plugin: 'nowhere',
      says: "Plugin 'nowhere' is not found: it is no built-in plugin, and no package of that name is installed in FOLDER or above. Install the package, or write a path that begins with ./",
    },
    {
      name: 'an unknown path',
      files: {},
      plugin: './nowhere',
      says: "Plugin './nowhere' is not found: there is no FOLDER/nowhere. Correct the path in plugins.",
    },
    {
      name: 'an empty folder',
      files: { 'empty/readme.txt': '' },
      plugin: './empty',
      says: "Plugin './empty' has no entry: FOLDER/empty holds neither plugin.ts nor plugin.js nor plugin.mjs, and no package.json whose exports lead to a file. Add one of them.",
    },
    {
      name: 'a broken package.json',
      files: { 'broken/package.json': '{' },
      plugin: './broken',
      says: "Plugin './broken' has a package.json that is not JSON: FOLDER/broken/package.json. Correct it.",
    },
    {
      name: 'a package of TypeScript',
      files: {
        'node_modules/typed/package.json': { name: 'typed', exports: './index.ts' },
        'node_modules/typed/index.ts': '',
      },
      plugin: 'typed',
      says: "Plugin 'typed' is a package that ships index.ts: packages must ship JavaScript.",
    },
    {
      name: 'a module that throws',
      files: { 'throws.mjs': "throw new Error('no licence\\nsecond line')" },
      plugin: './throws.mjs',
      says: "Plugin './throws.mjs' cannot be loaded: no licence",
    },
    {
      name: 'a module that imports too deep',
      files: {
        'node_modules/deep/package.json': { name: 'deep', type: 'module', exports: './index.js' },
        'node_modules/deep/index.js': "import 'longshore/src/kernel/clock.ts'",
      },
      plugin: 'deep',
      says: "Plugin 'deep' cannot be loaded: 'longshore/src/kernel/clock.ts' cannot be imported: the doors of Longshore are longshore/sdk, longshore/testing and longshore/plugins/<name>, where <name> is a built-in plugin with an api.ts",
    },
    {
      name: 'a module without exports',
      files: { 'nothing.mjs': '' },
      plugin: './nothing.mjs',
      says: "Plugin './nothing.mjs' exports no plugin: it exports nothing. Write: export const <name>Plugin = definePlugin({ name, version, description, … })",
    },
    {
      name: 'a module with other exports',
      files: { 'other.mjs': 'export const a = 1, b = {};' },
      plugin: './other.mjs',
      says: "Plugin './other.mjs' exports no plugin: it exports 'a', 'b'. Write: export const <name>Plugin = definePlugin({ name, version, description, … })",
    },
    {
      name: 'half a manifest',
      files: { 'half.mjs': "export const halfPlugin = { name: 'half' };" },
      plugin: './half.mjs',
      says: "Plugin './half.mjs' exports no plugin: 'halfPlugin' has no version, description. Write: export const <name>Plugin = definePlugin({ name, version, description, … })",
    },
    {
      name: 'two manifests',
      files: {
        'two.mjs':
          "const make = (name) => ({ name, version: '1.0.0', description: 'x' }); export const one = make('one'); export const two = make('two'); export { one as again };",
      },
      plugin: './two.mjs',
      says: "Plugin './two.mjs' exports 2 plugins: 'one', 'two'. Export one from each module.",
    },
  ])('says what was wrong with $name', async ({ files, plugin, says }) => {
    write(files);
    await expect(load(plugin)).rejects.toThrow(new PluginError([says.replaceAll('FOLDER', folder)]));
    expect(await load(plugin, { optional: true })).toEqual({
      loaded: [],
      failed: [{ plugin, reason: says.replaceAll('FOLDER', folder) }],
    });
  });

  it('gives up on a module that never ends evaluating', async () => {
    write({ 'hangs.mjs': 'await new Promise(() => {});' });
    const clock = createManualClock();
    const loading = loadPlugins({
      plugins: [{ plugin: './hangs.mjs', optional: true }],
      baseFolder: folder,
      clock,
      host: findHostLayout(),
    });
    clock.advance(30_000);
    expect((await loading).failed[0]?.reason).toBe(
      `Plugin './hangs.mjs' was not loaded within 30 s: ${folder}/hangs.mjs waits at its top level.`,
    );
  });
});
