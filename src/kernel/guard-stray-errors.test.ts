import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';

const kernel = fileURLToPath(new URL('.', import.meta.url));
const node = join(kernel, '../../node_modules/node/bin/node');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'longshore-stray-')));
afterAll(() => rmSync(folder, { recursive: true }));

mkdirSync(join(folder, 'acme'));
writeFileSync(
  join(folder, 'acme/plugin.mjs'),
  `export const ways = {
    rejection: () => { Promise.reject(new Error('left')); },
    'rejection without a stack': () => { Promise.reject('text'); },
    'rejection made elsewhere': (run, makeError) => run('acme', () => { Promise.reject(makeError()); }),
    'timer that throws': () => { setTimeout(() => { throw new Error('late'); }, 1); },
    'timer of native origin': (run) => run('acme', () => { setTimeout(() => JSON.parse('{'), 1); }),
  };`,
);
writeFileSync(
  join(folder, 'main.mjs'),
  `import { guardStrayErrors } from '${kernel}guard-stray-errors.ts';
   import { createPluginFinder } from '${kernel}plugin-finder.ts';
   import { runAsPlugin } from '${kernel}plugin-context.ts';
   import { silentLogger } from '${kernel}logger.ts';
   import { ways } from './acme/plugin.mjs';
   const out = (...parts) => console.log(JSON.stringify(parts));
   guardStrayErrors({
     logger: { ...silentLogger, error: (_context, message) => out('log', message) },
     finder: () => process.argv[3] === 'early' ? undefined : createPluginFinder({ acme: [${JSON.stringify(join(folder, 'acme'))}] }),
     onPluginError: (plugin, message) => out('plugin', plugin, message),
     onFatal: () => { out('fatal'); process.exit(1); },
   });
   const own = {
     'own rejection': () => { Promise.reject(new Error('ours')); },
     'own exception': () => { setTimeout(() => { throw new Error('ours'); }, 1); },
   };
   const run = (plugin, call) => runAsPlugin(plugin, call);
   setTimeout(() => out('alive'), 100);
   ({ ...ways, ...own })[process.argv[2]](run, () => new Error('elsewhere'));`,
);

async function linesOf(way: string, ...more: string[]): Promise<unknown[]> {
  const { stdout } = await promisify(execFile)(node, [join(folder, 'main.mjs'), way, ...more]).catch(
    (error: { stdout: string }) => error,
  );
  return stdout
    .trim()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
}

describe('guardStrayErrors', () => {
  const rejected = "Plugin 'acme' left a rejected promise unhandled";
  const thrown = "Plugin 'acme' left an exception uncaught";

  it.each([
    { way: 'rejection', log: rejected, message: 'a rejected promise unhandled: left' },
    { way: 'rejection made elsewhere', log: rejected, message: 'a rejected promise unhandled: elsewhere' },
    { way: 'timer that throws', log: thrown, message: 'an exception uncaught: late' },
    {
      way: 'timer of native origin',
      log: thrown,
      message: expect.stringMatching(/^an exception uncaught: Expected property name/),
    },
  ])('survives and names the plugin of a $way', async ({ way, log, message }) => {
    expect(await linesOf(way)).toEqual([['log', log], ['plugin', 'acme', message], ['alive']]);
  });

  it.each(['own rejection', 'rejection without a stack'])("survives a rejection that is nobody's: %s", async (way) => {
    expect(await linesOf(way)).toEqual([['log', 'A rejected promise was not handled'], ['alive']]);
  });

  it('names the plugin by the chain of callbacks before plugins can be found by place', async () => {
    expect((await linesOf('rejection made elsewhere', 'early'))[0]).toEqual(['log', rejected]);
    expect((await linesOf('rejection', 'early'))[0]).toEqual(['log', 'A rejected promise was not handled']);
  });

  it("ends the process for an exception that is no plugin's", async () => {
    expect(await linesOf('own exception')).toEqual([['log', 'An exception was not caught'], ['fatal']]);
  });
});
