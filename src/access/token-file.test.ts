import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadTokenFile } from './token-file.ts';

describe('loadTokenFile', () => {
  let dataDir = '';
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'longshore-token-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('makes a random token that only its owner can read, and answers the same one ever after', async () => {
    const token = await loadTokenFile(dataDir);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await stat(join(dataDir, 'token'))).mode & 0o777).toBe(0o600);
    expect(await loadTokenFile(dataDir)).toBe(token);
    expect(await readdir(dataDir)).toEqual(['token']);
  });

  it('agrees on one token where several start at once', async () => {
    const tokens = await Promise.all(Array.from({ length: 8 }, () => loadTokenFile(dataDir)));
    expect(new Set(tokens).size).toBe(1);
    expect(await readdir(dataDir)).toEqual(['token']);
  });

  it('closes a file that others could read', async () => {
    await writeFile(join(dataDir, 'token'), 'a'.repeat(43), { mode: 0o644 });
    expect(await loadTokenFile(dataDir)).toBe('a'.repeat(43));
    expect((await stat(join(dataDir, 'token'))).mode & 0o777).toBe(0o600);
  });

  it.each([
    '',
    'short',
    'with a blank in the middle of the token here',
  ])('takes no token from %j (refused)', async (text) => {
    await writeFile(join(dataDir, 'token'), text);
    await expect(loadTokenFile(dataDir)).rejects.toThrow('holds no usable token');
  });
});
