import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createTokenValue } from '../../src/access/users/token-value.ts';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadSettings } from '../../src/config/load-settings.ts';
import { guessableWords } from '../../src/config/secret-key.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import * as sdk from '../../src/sdk.ts';
import { type Gateway, startGateway } from '../../src/server/start-gateway.ts';
import { type RawAnswer, rawRequest } from '../support/raw-request.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stack = new AsyncDisposableStack();
let gateway: Gateway;
let dataDir: string;

const sound = {
  LONGSHORE_SECRET_KEY: randomBytes(32).toString('base64'),
  LONGSHORE_ALLOWED_HOSTS: 'api.example.com',
  LONGSHORE_ALLOWED_ORIGINS: 'https://console.example.com',
};

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'longshore-serve-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  const settings = loadSettings({ mode: 'serve', argv: ['--port', '0', '--data-dir', dataDir], env: sound });
  gateway = await startGateway({
    settings,
    logger: silentLogger,
    databaseUrl: 'memory:',
    hostModules: { 'longshore/sdk': sdk },
  });
  stack.defer(() => gateway.stop());
}, 60_000);

afterAll(() => stack.disposeAsync());

function problemsOf(env: Readonly<Record<string, string>>, file?: string): readonly string[] {
  try {
    loadSettings({ mode: 'serve', argv: file === undefined ? [] : ['--config', file], env });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

const hash = (text: string, encoding: 'hex' | 'base64') => createHash('sha256').update(text).digest(encoding);

describe('serve', () => {
  it('starts with a key, hosts and origins of its own', () => {
    expect(problemsOf(sound)).toEqual([]);
  });

  it.each(Object.keys(sound))('does not start without %s', (name) => {
    const { [name as keyof typeof sound]: _left, ...rest } = sound;
    expect(problemsOf(rest).join()).toMatch(/is missing/);
    expect(problemsOf({ ...rest, [name]: '' }).join()).toMatch(/is missing/);
  });

  it.each([
    ...guessableWords.flatMap((word) => [word, hash(word, 'hex'), hash(word, 'base64'), hash(`${word}\n`, 'hex')]),
    '0'.repeat(64),
    'f'.repeat(64),
    'A'.repeat(43),
    `${'A'.repeat(43)}=`,
    '0123456789abcdef'.repeat(4),
    '00112233445566778899aabbccddeeff'.repeat(2),
    Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0')).join(''),
    Buffer.from('correct horse battery staple 012').toString('base64'),
    Buffer.from('a-secret-key-of-thirty-two-bytes').toString('hex'),
    randomBytes(16).toString('hex'),
    randomBytes(31).toString('base64'),
    randomBytes(33).toString('base64'),
    'changeme',
    'openssl rand -base64 32',
    '<secret>',
    '$LONGSHORE_SECRET_KEY',
  ])('does not start with the key %j, and does not repeat it', (key) => {
    const problems = problemsOf({ ...sound, LONGSHORE_SECRET_KEY: key });
    expect(problems.length).toBeGreaterThan(0);
    if (key.length > 12 && !key.includes('openssl')) expect(problems.join('\n')).not.toContain(key);
  });

  it('does not start with a key that any file of this project shows', async () => {
    const shown = new Set<string>();
    for (const folder of ['README.md', 'deploy', 'src', 'plugins']) {
      for (const path of await filesBelow(join(root, folder))) {
        const text = await readFile(path, 'utf8');
        for (const [word] of text.matchAll(/(?<![\w+/=-])(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=)(?![\w+/=-])/gi))
          shown.add(word);
      }
    }
    const accepted = [...shown].filter((key) => problemsOf({ ...sound, LONGSHORE_SECRET_KEY: key }).length === 0);
    expect(accepted).toEqual([]);
  });

  it.each([
    ['LONGSHORE_ALLOWED_HOSTS', '*'],
    ['LONGSHORE_ALLOWED_HOSTS', '*.example.com'],
    ['LONGSHORE_ALLOWED_HOSTS', 'https://api.example.com'],
    ['LONGSHORE_ALLOWED_ORIGINS', '*'],
    ['LONGSHORE_ALLOWED_ORIGINS', 'null'],
    ['LONGSHORE_ALLOWED_ORIGINS', 'https://*.example.com'],
    ['LONGSHORE_ALLOWED_ORIGINS', 'https://console.example.com/path'],
    ['LONGSHORE_ALLOWED_ORIGINS', 'console.example.com'],
  ])('does not start with %s=%s, which means everybody or nobody', (name, value) => {
    expect(problemsOf({ ...sound, [name]: value })).not.toEqual([]);
  });

  it.each(
    guessableWords.filter((word) => word !== ''),
  )('does not start with the hash of the token "%s"', async (word) => {
    const file = join(dataDir, `tokens-${word}.yaml`);
    await writeFile(file, JSON.stringify({ tokens: [{ name: 'ci', sha256: hash(word, 'hex'), roles: ['ADMIN'] }] }));
    expect(problemsOf(sound, file).join()).toMatch(/anyone can guess/);
  });

  it('makes a random token of 256 bits where none is configured, readable by its owner alone', async () => {
    const token = (await readFile(join(dataDir, 'token'), 'utf8')).trim();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect((await stat(join(dataDir, 'token'))).mode & 0o777).toBe(0o600);
    expect((await open([`Authorization: Bearer ${token}`])).body).toContain('"local:admin"');
  });
});

const viewer = JSON.stringify({ query: '{ viewer { id } }' });

function open(headers: readonly string[], body = viewer): Promise<RawAnswer> {
  return rawRequest(
    gateway.url,
    [
      'POST /graphql HTTP/1.1',
      'Host: api.example.com',
      'Content-Type: application/json',
      'Accept: application/json',
      ...headers,
    ],
    body,
  );
}

/** Paths that products of this kind have left open, and everything this one has. */
const paths = [
  '/graphql',
  '/graphql?query=%7B__typename%7D',
  '/graphql?query=%7B__schema%7Btypes%7Bname%7D%7D%7D',
  '/',
  '/metrics',
  '/readyz?verbose',
  '/readyz?verbose=1',
  '/livez?verbose',
  '/healthz',
  '/version',
  '/debug/pprof',
  '/api',
  '/api/v1',
  '/apis',
  '/admin',
  '/setup',
  '/install',
  '/init',
  '/login',
  '/token',
  '/config',
  '/settings',
  '/env',
  '/graphiql',
  '/playground',
  '/voyager',
  '/schema.graphql',
  '/hooks/core/anything',
  '/webhooks',
  '/terminal',
  '/ws',
  '/subscriptions',
  '/swagger.json',
  '/openapi/v2',
  '/favicon.ico',
  '/.well-known/openid-configuration',
  '/.env',
  '/..%2f..%2fetc/passwd',
  '/../../etc/passwd',
  '/static/../token',
];

describe('routes of serve, without a token', () => {
  it.each([
    'GET',
    'POST',
    'PUT',
    'DELETE',
    'OPTIONS',
    'HEAD',
    'PATCH',
  ])('answer nothing by %s but that the process lives', async (method) => {
    for (const path of paths) {
      for (const accept of ['application/json', 'text/html', 'text/event-stream']) {
        const answer = await rawRequest(
          gateway.url,
          [
            `${method} ${path} HTTP/1.1`,
            'Host: api.example.com',
            'Content-Type: application/json',
            `Accept: ${accept}`,
          ],
          method === 'POST' ? viewer : '',
        );
        const title = `${method} ${path} for ${accept}`;
        if (path.startsWith('/livez')) expect([title, answer.status]).toEqual([title, 200]);
        else
          expect([title, answer.status]).toEqual([title, expect.toSatisfy((status) => status >= 400 && status < 500)]);
        expect(answer.body, title).not.toMatch(/"data"|__schema|GraphiQL|longshore_|"plugins"|"clusters"|root:/);
        expect(answer.head, title).not.toMatch(/^(server|x-powered-by):/im);
      }
    }
  });

  it.each(['/livez', '/readyz'])('answer %s with one word', async (path) => {
    const answer = await rawRequest(gateway.url, [`GET ${path} HTTP/1.1`, 'Host: 10.0.0.7:4000']);
    expect([answer.status, answer.body]).toEqual([200, 'ok\n']);
  });

  it.each([
    ...['dev-admin', 'dev-developer', 'admin', 'changeme', 'null', 'undefined', 'true', ''].map(
      (token) => `Bearer ${token}`,
    ),
    'Basic YWRtaW46YWRtaW4=',
    'Bearer',
    'dev-admin',
    `Bearer ${'a'.repeat(9_000)}`,
    // Sound in form, and issued by nobody.
    `Bearer ${createTokenValue('ls_')}`,
    `Bearer ${createTokenValue('lsi_')}`,
    `Bearer ls_${'0'.repeat(49)}`,
    'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiIsInJvbGVzIjpbIkFETUlOIl19.',
  ])('take no credentials that come with the product: %s', async (authorization) => {
    const answer = await open([`Authorization: ${authorization}`]);
    expect(answer.status).toBe(401);
    expect(answer.body).toContain('UNAUTHENTICATED');
    expect(answer.body).not.toContain('"data"');
  });

  it('answer every bad token in the same words', async () => {
    const bodies = await Promise.all(
      [
        [],
        ['Authorization: Bearer dev-admin'],
        ['Authorization: Basic x'],
        [`Authorization: Bearer ${'b'.repeat(43)}`],
        [`Authorization: Bearer ${createTokenValue('ls_')}`],
        [`Authorization: Bearer ${createTokenValue('ls_').slice(0, -1)}x`],
      ].map(async (headers) => (await open(headers)).body.replaceAll(/"requestId":"[^"]*"/g, '')),
    );
    expect(new Set(bodies).size).toBe(1);
  });

  it('take no token from the URL or a cookie', async () => {
    const token = gateway.rooms.signIn.adminToken ?? '';
    for (const name of ['token', 'access_token', 'authorization', 'Authorization']) {
      const inUrl = await rawRequest(
        gateway.url,
        [
          `POST /graphql?${name}=Bearer%20${token} HTTP/1.1`,
          'Host: api.example.com',
          'Content-Type: application/json',
          `Cookie: ${name}=${token}`,
          `X-${name}: Bearer ${token}`,
        ],
        viewer,
      );
      expect(inUrl.status).toBe(401);
    }
  });

  it('open no WebSocket to who brings no token', async () => {
    for (const payload of [undefined, {}, { authorization: 'Bearer dev-admin' }, { token: 'dev-admin' }]) {
      const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: { host: 'api.example.com' },
      });
      await new Promise((resolve, reject) => {
        socket.on('open', resolve);
        socket.on('error', reject);
      });
      socket.send(JSON.stringify({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) }));
      expect(await new Promise((resolve) => socket.on('close', resolve))).toBe(4401);
    }
  });

  it('know the loopback names no longer, which dev answers', async () => {
    const port = new URL(gateway.url).port;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, 'localhost']) {
      const answer = await rawRequest(gateway.url, ['GET /graphql HTTP/1.1', `Host: ${host}`]);
      expect([host, answer.status]).toEqual([host, 403]);
    }
  });
});

async function filesBelow(path: string): Promise<readonly string[]> {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isFile() && /\.(ts|md|ya?ml|json|sh)$/.test(entry.name) && !entry.name.endsWith('.test.ts'),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}
