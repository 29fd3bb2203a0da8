import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings } from '../config/load-settings.ts';
import { chooseSignIn, isLoopback } from './choose-sign-in.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const embedded = { name: 'embedded', isEmbedded: true, source: { kubeconfigText: '' } };
const foreign = { name: 'prod', source: { kubeconfigPath: '/nowhere' } };

function settings(...argv: string[]) {
  return loadSettings({ mode: 'dev', argv: ['--data-dir', folder, ...argv], env: {} });
}

describe('chooseSignIn', () => {
  it('offers the dev tokens while every cluster is embedded and the listener is loopback', async () => {
    const signIn = await chooseSignIn(settings(), [embedded]);
    expect(signIn).toEqual({ dev: { shopNamespaces: [{ cluster: '*', namespace: 'shop' }] }, adminToken: undefined });
  });

  it.each([
    { name: 'one cluster is not embedded', argv: [], clusters: [embedded, foreign] },
    { name: 'the settings want none', argv: ['--no-dev-tokens'], clusters: [embedded] },
    { name: 'the listener is not loopback', argv: ['--host', '0.0.0.0'], clusters: [embedded] },
  ])('takes only a random token where $name (refused)', async ({ argv, clusters }) => {
    const signIn = await chooseSignIn(settings(...argv), clusters);
    expect(signIn.dev).toBeUndefined();
    expect(signIn.adminToken).toMatch(/^[\w-]{43}$/);
    expect((await readFile(join(folder, 'token'), 'utf8')).trim()).toBe(signIn.adminToken);
    expect((await stat(join(folder, 'token'))).mode & 0o777).toBe(0o600);
  });
});

describe('chooseSignIn in production', () => {
  const serve = (change: object) =>
    chooseSignIn({ ...settings(), mode: 'serve', dataDir: join(folder, 'serve'), ...change }, [foreign]);

  it('makes no token of its own where others can sign in', async () => {
    expect(await serve({ oidc: [{ issuer: 'https://id.example.com' }] })).toEqual({
      dev: undefined,
      adminToken: undefined,
    });
  });

  it('makes one where nobody could (refused without it)', async () => {
    expect((await serve({})).adminToken).toMatch(/^[\w-]{43}$/);
  });
});

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.1.2.3', 'localhost', '::1'])('knows %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each([
    '0.0.0.0',
    '::',
    '127.evil.example',
    '10.0.0.1',
    'localhost.evil.example',
  ])('does not take %s for it (refused)', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});
