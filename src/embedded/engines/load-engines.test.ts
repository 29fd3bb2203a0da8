import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadEngines } from './load-engines.ts';

describe('loadEngines', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'embedded-engines-'));
    await writeFile(join(folder, 'lamps.mjs'), "export const engine = { name: 'lamps', objects: [] };\n");
    await writeFile(join(folder, 'other.mjs'), 'export const other = 1;\n');
    await writeFile(join(folder, 'throws.mjs'), "throw new Error('no power');\n");
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('finds built-in engines by name and others by path', async () => {
    const engines = await loadEngines(['volume-snapshot', join(folder, 'lamps.mjs')]);
    expect(engines.map(({ name }) => name)).toEqual(['volume-snapshot', 'lamps']);
  });

  it.each([
    [
      'volume-snapshots',
      /no embedded engine 'volume-snapshots': built in are cluster-api, gateway-api, kruise, kube-ovn, longshore, volume-snapshot/,
    ],
    ['constructor', /no embedded engine 'constructor'/],
    ['/nowhere/engine.mjs', /cannot be loaded/],
    ['other.mjs', /exports no engine/],
    ['throws.mjs', /cannot be loaded: no power/],
  ])('refuses %s', async (name, problem) => {
    await expect(
      loadEngines([name.endsWith('.mjs') && !name.startsWith('/') ? join(folder, name) : name]),
    ).rejects.toThrow(problem);
  });
});
