import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle } from '../../deploy/build/build-bundle.ts';

const kernel = fileURLToPath(new URL('.', import.meta.url));
const node = join(kernel, '../../node_modules/node/bin/node');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'longshore-watchdog-')));

// `spin` is used by two entries, so the bundle puts it into a chunk outside the folder of its plugin.
const files = {
  'package.json': '{ "name": "longshore", "type": "module" }',
  'plugins/acme/spin.ts': `
    export function spin(forMs: number): number {
      const end = Date.now() + forMs;
      let sum = 0;
      while (Date.now() < end) sum += Math.sqrt(sum + 1);
      return sum;
    }`,
  'plugins/acme/plugin.ts': `export { spin } from './spin.ts';`,
  'plugins/acme/api.ts': `import { spin } from './spin.ts'; export const again = spin;`,
  'src/kernel/watchdog-worker.ts': `import '${kernel}watchdog-worker.ts';`,
  'src/main.ts': `
    import { silentLogger } from '${kernel}logger.ts';
    import { startWatchdog } from '${kernel}watchdog.ts';
    const isBundle = !import.meta.url.endsWith('.ts');
    const root = ${JSON.stringify(folder)};
    const { spin } = await import(root + (isBundle ? '/dist/plugins/acme/plugin.js' : '/plugins/acme/plugin.ts')) as { spin(forMs: number): number };
    const busy = process.argv[2] === 'own' ? (forMs: number) => { const end = Date.now() + forMs; while (Date.now() < end); } : spin;
    const stop = startWatchdog({
      folders: { acme: [root + '/plugins/acme', root + '/dist/plugins/acme'] },
      logger: silentLogger, logFormat: 'json', thresholdMs: Number(process.argv[3]),
      onBlocked: ({ plugin }) => console.log(JSON.stringify({ told: plugin ?? null })),
    });
    // The worker must run before the loop blocks; the first beats of an idle loop prove nothing.
    setTimeout(() => { busy(1_500); setTimeout(() => { void stop(); }, 300); }, 600);`,
};

beforeAll(async () => {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  symlinkSync(join(kernel, '../../node_modules'), join(folder, 'node_modules'));
  expect(await buildBundle(folder)).toEqual([]);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function linesOf(main: string, who: string, thresholdMs: number): Promise<Record<string, unknown>[]> {
  const { stdout } = await promisify(execFile)(node, [join(folder, main), who, String(thresholdMs)]);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('startWatchdog', () => {
  it.each([
    { from: 'source', main: 'src/main.ts' },
    { from: 'the bundle', main: 'dist/main.js' },
  ])('names the plugin that blocks the event loop, once, from $from', async ({ main }) => {
    const [line, told, ...more] = await linesOf(main, 'plugin', 600);
    expect(line).toMatchObject({
      level: 50,
      plugin: 'acme',
      at: expect.stringMatching(/^spin \(file:/),
      msg: expect.stringMatching(/^Plugin 'acme' blocks the event loop, for \d\.\d s so far, in spin/),
    });
    expect(Number(line?.blockedMs)).toBeLessThan(5_000);
    expect(told).toEqual({ told: 'acme' });
    expect(more).toEqual([]);
  });

  it('blames no plugin for what is not its own', async () => {
    const [line] = await linesOf('src/main.ts', 'own', 600);
    expect(line).toMatchObject({ msg: expect.stringMatching(/^Something blocks the event loop/) });
    expect(line).not.toHaveProperty('plugin');
  });

  it('says nothing while the loop is only slow', async () => {
    expect(await linesOf('src/main.ts', 'plugin', 4_000)).toEqual([]);
  });
});
