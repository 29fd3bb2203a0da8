import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { buildBundle, runLongshore, startLongshore } from '../support/command-line.ts';
import { openEventStream } from '../support/event-stream.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { rawWebSocket } from '../support/raw-web-socket.ts';
import { until } from '../support/until.ts';

let folder: string;
let cluster: EmbeddedCluster;
let kubeconfig: KubeconfigFile;
let number = 0;
beforeAll(async () => {
  buildBundle();
  folder = await mkdtemp(join(tmpdir(), 'longshore-command-'));
  cluster = await startEmbeddedCluster({ name: 'outside', controllers: false });
  kubeconfig = await kubeconfigFile(cluster);
}, 120_000);
afterAll(async () => {
  await cluster?.stop();
  await kubeconfig?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const newFolder = () => join(folder, `data-${++number}`);
const dev = (dataDir = newFolder()) => ['dev', '--port', '0', '--data-dir', dataDir];

async function ask(url: string, query: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
  return {
    status: response.status,
    body: (await response.json()) as { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] },
  };
}

/** Words for a person: what is wrong, and nothing of where in the code. */
function expectOneLine(stderr: string, pattern: RegExp): void {
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(pattern);
  expect(stderr).not.toMatch(/\n\s+at |\.js:\d+|Error:/);
}

describe('longshore', () => {
  it.each([['--help'], ['help'], []])('lists its commands with %j', async (...args) => {
    const { code, stdout, stderr } = await runLongshore(args);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of ['dev', 'serve', 'migrate', 'doctor', 'schema'])
      expect(stdout).toMatch(new RegExp(`^  ${command} +\\w`, 'm'));
  });

  it('says by doctor what works and what cures what does not, and starts nothing', async () => {
    const dataDir = newFolder();
    const well = await runLongshore(['doctor', '--data-dir', dataDir, '--kubeconfig', kubeconfig.path]);
    expect(well.stdout).toMatch(/^ok +cluster outside: It answers: Kubernetes v1/m);
    expect(well.stdout).toMatch(/^ok +plugin core: /m);
    expect(well.code).toBe(0);
    const broken = await runLongshore(['doctor', '--data-dir', dataDir], {
      env: { DATABASE_URL: 'postgres://nobody:secret-word@127.0.0.1:1/none' },
    });
    expect(broken.stdout).toMatch(/^FAILURE +database database: .*\n +→ .*DATABASE_URL/m);
    expect(broken.stdout + broken.stderr).not.toContain('secret-word');
    expect(broken.code).toBe(1);
    const wrong = await runLongshore(['doctor'], { env: { LONGSHORE_PORT: 'many' } });
    expect(wrong.stdout).toMatch(/^FAILURE +configuration /m);
    expect(wrong.code).toBe(1);
    await expect(stat(dataDir)).rejects.toThrow();
  });

  it('lists the flags of each command with --help', async () => {
    const commands = ['dev', 'serve', 'migrate', 'schema'];
    for (const { code, stdout } of await Promise.all(commands.map((command) => runLongshore([command, '--help'])))) {
      expect(code).toBe(0);
      for (const flag of ['--port', '--data-dir', '--config', '--kubeconfig']) expect(stdout).toContain(flag);
    }
  });

  it('says its version', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await runLongshore(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  it('names an unknown command and the one that was meant (refused)', async () => {
    const { code, stderr } = await runLongshore(['deb']);
    expect(code).toBe(1);
    expectOneLine(stderr, /Unknown command 'deb'.*dev/);
  });

  it('prints the schema that is committed', async () => {
    const { code, stdout } = await runLongshore(['schema']);
    expect(code).toBe(0);
    expect(stdout).toBe(await readFile(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));
    expect((await runLongshore(['schema', '--check'])).code).toBe(0);
  });

  it('brings the database up to date, and twice does no harm', async () => {
    const dataDir = newFolder();
    const first = await runLongshore(['migrate', '--data-dir', dataDir]);
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/applied core\/0001_\w+.*up to date \([1-9]\d* applied\)/s),
    });
    expect(await runLongshore(['migrate', '--data-dir', dataDir])).toMatchObject({
      code: 0,
      stdout: 'The database is up to date (0 applied).\n',
    });
  });
});

describe('wrong settings', () => {
  it.each([
    { name: 'an unknown flag', args: ['--prot=4000'], env: {}, says: /--prot.*--port/ },
    { name: 'a port that is none', args: ['--port', '70000'], env: {}, says: /port.*65535/ },
    { name: 'a port of the environment', args: [], env: { LONGSHORE_PORT: 'many' }, says: /port.*LONGSHORE_PORT/ },
    { name: 'an unknown variable', args: [], env: { LONGSHORE_PROT: '1' }, says: /LONGSHORE_PROT.*LONGSHORE_PORT/ },
    { name: 'a plugin that is not there', args: ['--plugins', 'core,nobody'], env: {}, says: /'nobody'/ },
    {
      name: 'a settings file that is not there',
      args: ['--config', '/nonexistent.yaml'],
      env: {},
      says: /\/nonexistent\.yaml/,
    },
    {
      name: 'a kubeconfig that is not there',
      args: ['--kubeconfig', '/nonexistent/config'],
      env: {},
      says: /\/nonexistent\/config/,
    },
    { name: 'a limit of none', args: [], env: { LONGSHORE_LIMITS_DEPTH: '0' }, says: /limits\.depth/ },
    {
      name: 'a database that is no PostgreSQL',
      args: [],
      env: { DATABASE_URL: 'mysql://root:hunter2@db/x' },
      says: /databaseUrl|DATABASE_URL/,
    },
  ])('end the start with one line that names them: $name', async ({ args, env, says }) => {
    const { code, stderr } = await runLongshore(['dev', '--data-dir', newFolder(), ...args], {
      env: { LONGSHORE_PORT: '0', ...env },
    });
    expect(code).toBe(1);
    expectOneLine(stderr, says);
    expect(stderr).not.toContain('hunter2');
  });

  it('of a file are named with the file and the key', async () => {
    const file = join(folder, 'wrong.yaml');
    await writeFile(file, 'limits:\n  depht: 3\n');
    const { code, stderr } = await runLongshore([...dev(), '--config', file]);
    expect(code).toBe(1);
    expectOneLine(stderr, /limits\.depht.*wrong\.yaml.*depth/);
  });

  it('of serve are told all at once', async () => {
    const { code, stderr } = await runLongshore(['serve', '--port', '0', '--data-dir', newFolder()]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/secretKey[^\n]*\n[^\n]*allowedHosts[^\n]*\n[^\n]*allowedOrigins/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('longshore dev', () => {
  it('answers, and on SIGTERM asks its streams to come back and ends with 0 (P37)', async () => {
    await using longshore = await startLongshore(dev());
    const { body } = await ask(longshore.url, '{ workloads(filter: { namespaces: ["shop"] }) { totalCount } }');
    expect(body).toEqual({ data: { workloads: { totalCount: 3 } } });
    await using socket = rawWebSocket(longshore.url);
    await socket.opened;
    socket.send({ type: 'connection_init' });
    await until(() => expect(socket.received.length).toBe(1));
    socket.send({ id: 'a', type: 'subscribe', payload: { query: 'subscription { podChanges { type } }' } });
    await using events = await openEventStream(longshore.url, 'subscription { podChanges { type } }');
    await until(() => expect([socket.received.length > 1, events.events.length > 1]).toEqual([true, true]));

    const started = performance.now();
    longshore.process.kill('SIGTERM');
    expect((await socket.closed).code).toBe(1012);
    await events.ended;
    const { code, stderr } = await longshore.ended;
    expect(code).toBe(0);
    expect(performance.now() - started).toBeLessThan(8_000);
    expect(stderr).not.toMatch(/unhandled|\n\s+at /i);
  });

  it('keeps what it has recorded over a kill and a restart in the same folder', async () => {
    const dataDir = newFolder();
    const make = 'mutation { createNamespace(input: { cluster: "embedded", name: "kept" }) { __typename } }';
    const records = '{ operationRecords(first: 5) { nodes { action status } } }';
    {
      await using first = await startLongshore(dev(dataDir));
      expect((await ask(first.url, make)).body).toEqual({
        data: { createNamespace: { __typename: 'CreateNamespaceSuccess' } },
      });
      first.process.kill('SIGKILL');
      await first.ended;
    }
    await using second = await startLongshore(dev(dataDir));
    const { body } = await ask(second.url, records);
    expect(body.data).toEqual({ operationRecords: { nodes: [{ action: 'createNamespace', status: 'SUCCEEDED' }] } });
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
    expect((await stat(join(dataDir, 'kubeconfig'))).mode & 0o777).toBe(0o600);

    const third = await runLongshore(dev(dataDir));
    expect(third.code).toBe(1);
    expectOneLine(third.stderr, new RegExp(`data folder in use by process ${second.process.pid}`));
    expect((await ask(second.url, '{ viewer { name } }')).status).toBe(200);
  });

  it('says in one line that its port is taken (refused)', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const { port } = holder.address() as { port: number };
    const { code, stderr } = await runLongshore(['dev', '--port', String(port), '--data-dir', newFolder()]);
    await new Promise((resolve) => holder.close(resolve));
    expect(code).toBe(1);
    expect(stderr.split('\n').filter((line) => line.includes(`Port ${port} is taken`))).toHaveLength(1);
    expect(stderr).not.toMatch(/\n\s+at |EADDRINUSE/);
  });

  it('on real clusters knows no fixed token any more, but one of its own that it prints and keeps (P27)', async () => {
    const dataDir = newFolder();
    await using longshore = await startLongshore([...dev(dataDir), '--kubeconfig', kubeconfig.path]);
    for (const headers of [{}, { authorization: 'Bearer dev-admin' }, { authorization: 'Bearer dev-developer' }]) {
      const { status, body } = await ask(longshore.url, '{ viewer { name } }', headers as Record<string, string>);
      expect([status, body.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
    }
    const token = (await readFile(join(dataDir, 'token'), 'utf8')).trim();
    expect(token.length).toBeGreaterThan(30);
    expect((await stat(join(dataDir, 'token'))).mode & 0o777).toBe(0o600);
    expect(longshore.output()).toContain(token);
    const { body } = await ask(longshore.url, '{ viewer { roles } clusters { nodes { name isEmbedded } } }', {
      authorization: `Bearer ${token}`,
    });
    expect(body.data).toEqual({
      viewer: { roles: ['ADMIN'] },
      clusters: { nodes: [{ name: 'outside', isEmbedded: false }] },
    });
    longshore.process.kill('SIGINT');
    expect((await longshore.ended).code).toBe(0);
  });

  it('ends in a hurry at a second signal, with its last words to every stream (P37)', async () => {
    const environment = { LONGSHORE_DRAIN_NOTICE_SECONDS: '60', LONGSHORE_DRAIN_SPREAD_SECONDS: '60' };
    await using longshore = await startLongshore([...dev(), '--drain-seconds', '120'], { env: environment });
    await ask(longshore.url, '{ viewer { name } }');
    await using socket = rawWebSocket(longshore.url);
    await socket.opened;
    const started = performance.now();
    longshore.process.kill('SIGTERM');
    await until(async () => expect((await fetch(`${longshore.url}/readyz`)).status).toBe(503));
    longshore.process.kill('SIGINT');
    expect((await socket.closed).code).toBe(1012);
    expect((await longshore.ended).code).toBe(0);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
