import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { openSession } from '../../src/embedded/testing/open-session.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const developer = 'the-token-of-a-developer-of-the-shop';
const reader = 'the-token-of-a-reader-of-logs-of-the-shop';
const stranger = 'the-token-of-a-developer-of-another-shop';
const stack = new AsyncDisposableStack();
const logs = '/var/log/app';
const id = encodeGlobalId({
  of: 'kubernetes',
  cluster: 'far',
  group: '',
  kind: 'Pod',
  namespace: 'default',
  name: 'web',
});
let cluster: EmbeddedCluster;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', speed: 100 }));
  const { path } = stack.use(await kubeconfigFile(cluster));
  makePod();
  await until(() => expect(phase()).toBe('Running'));
  gateway = stack.use(
    await startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: path }],
        roles: [
          {
            name: 'log-reader',
            description: 'Reads logs, and runs nothing.',
            rules: [
              { actions: ['READ'], subjects: ['core/Cluster'] },
              { actions: ['READ', 'READ_LOGS'], subjects: ['core/Pod'], where: 'namespaces' },
            ],
          },
        ],
        tokens: [
          staticToken('dora', developer, { roles: ['DEVELOPER'], namespaces: ['default'] }),
          { ...staticToken('rita', reader, { roles: [], namespaces: ['default'] }), roles: ['log-reader'] },
          staticToken('otto', stranger, { roles: ['DEVELOPER'], namespaces: ['elsewhere'] }),
        ],
      },
    }),
  );
  await run(
    `cd ${logs} && printf 'one\\ntwo\\n' > app.log && mkdir old && echo first > old/app.log
     echo odd > "a '\\"\\$(b)
c" && ln -s app.log current && ln -s /etc/passwd out && ln -s / up`,
  );
  await until(async () => expect((await ask(`{ node(id: "${id}") { id } }`)).node).not.toBeNull());
});
afterAll(() => stack.disposeAsync());

/** A pod with one container that runs, one without log files, and one that has ended. */
function makePod(): void {
  const mount = { name: 'log-directory-main', mountPath: logs };
  cluster.store.create(pods(), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      initContainers: [{ name: 'stopped', image: 'acme/side:1', volumeMounts: [mount] }],
      containers: [
        { name: 'main', image: 'acme/main:1', volumeMounts: [mount] },
        { name: 'side', image: 'acme/side:1' },
      ],
      volumes: [{ name: 'log-directory-main', emptyDir: {} }],
    },
  });
}

const pods = () => cluster.store.resource('', 'pods');
const phase = () =>
  (cluster.store.get(pods(), 'default', 'web') as { status?: { phase?: unknown } } | undefined)?.status?.phase;

/** What a program of the container would do by itself. */
async function run(script: string): Promise<string> {
  const command = ['sh', '-c', script].map((word) => `command=${encodeURIComponent(word)}`).join('&');
  const session = await openSession(
    cluster,
    `/api/v1/namespaces/default/pods/web/exec?${command}&container=main&stdout=true`,
  );
  expect(await session.status).toMatchObject({ status: 'Success' });
  return session.text(1);
}

type Data = Readonly<Record<string, never>>;

async function ask(query: string, token = developer): Promise<Data> {
  const { data, errors } = await gateway.query<Data, object>(query, undefined, { token });
  expect(errors).toBeUndefined();
  return data as Data;
}

async function refusal(query: string, token = developer): Promise<string> {
  const { errors } = await gateway.query<Data, object>(query, undefined, { token });
  return String(errors?.[0]?.extensions?.code);
}

const listed = (path: string, more = '') =>
  `{ logFiles(podId: "${id}", path: "${path}" ${more}) { nodes { name kind sizeBytes path } problems { code message } } }`;
const content = (path: string, more = '') =>
  `{ logFileContent(podId: "${id}", path: ${JSON.stringify(path)} ${more}) { text offset nextOffset sizeBytes } }`;

describe('log files of a container', () => {
  it('stand in the directories that it was given for them (CMP-55, CMP-104)', async () => {
    const { node } = await ask(`{ node(id: "${id}") { ... on Pod { logDirectories { container path } } } }`);
    expect(node).toEqual({
      logDirectories: [
        { container: 'main', path: logs },
        { container: 'stopped', path: logs },
      ],
    });
  });

  it('are listed with what they are, whatever they are called (CMP-104)', async () => {
    const { logFiles } = await ask(listed(logs, 'orderBy: [{ field: NAME }]'));
    const at = (name: string) => ({ name, path: `${logs}/${name}` });
    expect(logFiles).toEqual({
      problems: [],
      nodes: [
        { ...at('a \'"$(b)\nc'), kind: 'FILE', sizeBytes: 4 },
        { ...at('app.log'), kind: 'FILE', sizeBytes: 8 },
        { ...at('current'), kind: 'LINK', sizeBytes: 7 },
        { ...at('old'), kind: 'DIRECTORY', sizeBytes: 4096 },
        { ...at('out'), kind: 'LINK', sizeBytes: 11 },
        { ...at('up'), kind: 'LINK', sizeBytes: 1 },
      ],
    });
    const below = await ask(listed(`${logs}/old`, 'filter: { kinds: [FILE] }'));
    expect(below.logFiles).toMatchObject({ nodes: [{ name: 'app.log', path: `${logs}/old/app.log` }] });
  });

  it('are read from their end, or from where one has read to (CMP-104)', async () => {
    expect((await ask(content(`${logs}/current`, 'bytes: 4'))).logFileContent).toEqual({
      text: 'two\n',
      offset: 4,
      nextOffset: 8,
      sizeBytes: 8,
    });
    await run(`echo ä > /tmp/a; printf thr >> ${logs}/app.log; head -c 1 /tmp/a >> ${logs}/app.log`);
    const next = (offset: number) => ask(content(`${logs}/app.log`, `offset: ${offset}`));
    expect((await next(8)).logFileContent).toMatchObject({ text: 'thr', nextOffset: 11, sizeBytes: 12 });
    await run(`tail -c 2 /tmp/a >> ${logs}/app.log`);
    expect((await next(11)).logFileContent).toMatchObject({ text: 'ä\n', nextOffset: 14 });
    expect((await ask(content(`${logs}/a '"$(b)\nc`))).logFileContent).toMatchObject({ text: 'odd\n' });
  });

  it.each([
    { what: 'a link out of the log directory', path: `${logs}/out`, container: 'main' },
    { what: 'a directory behind such a link', path: `${logs}/up/etc/passwd`, container: 'main' },
    { what: 'a way up', path: `${logs}/../../etc/passwd`, container: 'main' },
    { what: 'another directory', path: '/etc/passwd', container: 'main' },
    { what: 'the log directory of another container', path: `${logs}/app.log`, container: 'side' },
    { what: 'a container that there is none of', path: `${logs}/app.log`, container: 'none' },
  ])('are not what is behind $what (CMP-104, refused)', async ({ path, container }) => {
    const more = `container: "${container}"`;
    expect(await refusal(content(path, more))).toBe('BAD_USER_INPUT');
    expect(await refusal(listed(path, more))).toMatch(/BAD_USER_INPUT|undefined/);
    for (const name of ['TruncateLogFile', 'DeleteLogFile']) {
      if (path.endsWith('/out') && name === 'DeleteLogFile') continue;
      expect(await change(name, path, more)).toMatchObject({ __typename: 'ValidationError' });
    }
    expect(await run('cat /etc/passwd')).toContain('root');
  });

  it('cannot be seen while the container does not run (CMP-104, refused)', async () => {
    const { logFiles } = await ask(listed(logs, 'container: "stopped"'));
    expect(logFiles).toMatchObject({ nodes: [], problems: [{ code: 'UPSTREAM_UNAVAILABLE' }] });
  });

  it('are for those who may read logs and run programs there: both (CMP-104, refused)', async () => {
    expect(await refusal(listed(logs), reader)).toBe('FORBIDDEN');
    expect(await refusal(content(`${logs}/app.log`), reader)).toBe('FORBIDDEN');
    const path = `${logs}/app.log`;
    expect(await change('DownloadLogFile', path, '', reader)).toMatchObject({ __typename: 'ForbiddenError' });
    expect(await refusal(changing('TruncateLogFile', path), reader)).toBe('FORBIDDEN');
    expect(await refusal(changing('DeleteLogFile', path), reader)).toBe('FORBIDDEN');
    for (const name of ['DownloadLogFile', 'TruncateLogFile', 'DeleteLogFile']) {
      expect(await change(name, path, '', stranger)).toMatchObject({ __typename: 'NotFoundError' });
    }
    expect(await refusal(listed(logs), stranger)).toBe('BAD_USER_INPUT');
  });
});

function changing(name: string, path: string, more = ''): string {
  const field = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  const own = name === 'DownloadLogFile' ? 'download { path fileName sizeBytes }' : 'sizeBytes';
  return `mutation { answer: ${field}(input: { id: "${id}", path: ${JSON.stringify(path)} ${more} }) {
    __typename ... on ${name}Success { ${own} } ... on Error { message } } }`;
}

async function change(name: string, path: string, more = '', token = developer): Promise<object> {
  return (await ask(changing(name, path, more), token)).answer ?? {};
}

describe('downloadLogFile', () => {
  const download = async (path: string) => {
    const answer = await change('DownloadLogFile', path);
    return (answer as { download: { path: string; fileName: string; sizeBytes: number } }).download;
  };

  it('hands out a file once, with a record of its own (CMP-104)', async () => {
    await run(`seq 1 5000 > ${logs}/long.log`);
    const issued = await download(`${logs}/long.log`);
    expect(issued).toMatchObject({ fileName: 'long.log', sizeBytes: 23_893 });
    const answer = await fetch(`${gateway.url}${issued.path}`);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="long.log"');
    expect(await answer.text()).toBe(Array.from({ length: 5_000 }, (_, index) => `${index + 1}\n`).join(''));
    expect((await fetch(`${gateway.url}${issued.path}`)).status).toBe(401);
    await until(async () => {
      const { operationRecords } = await ask(
        '{ operationRecords(filter: { categories: [DOWNLOAD] }) { nodes { action status detail session { bytesOut } } } }',
      );
      expect(operationRecords).toEqual({
        nodes: [
          {
            action: 'downloadLogFile',
            status: 'SUCCEEDED',
            detail: `main: ${logs}/long.log`,
            session: { bytesOut: 23_893 },
          },
        ],
      });
    });
  });

  it('hands out nothing that went in between (refused)', async () => {
    await run(`echo short > ${logs}/short.log`);
    const { path } = await download(`${logs}/short.log`);
    await run(`rm ${logs}/short.log`);
    expect((await fetch(`${gateway.url}${path}`)).status).toBe(404);
  });
});

describe('truncateLogFile and deleteLogFile', () => {
  it('empty a file and delete it, each with a record of what was there (CMP-104)', async () => {
    await run(`echo 12345 > ${logs}/full.log`);
    const path = `${logs}/full.log`;
    expect(await change('TruncateLogFile', path, 'dryRun: true')).toMatchObject({ sizeBytes: 6 });
    expect(await change('TruncateLogFile', path)).toMatchObject({ sizeBytes: 6 });
    expect(await run(`stat -c %s ${path}`)).toBe('0\n');
    await run(`echo 12345 > ${path}`);
    const key = 'idempotencyKey: "once"';
    expect(await change('DeleteLogFile', path, key)).toMatchObject({ sizeBytes: 6 });
    expect(await run(`ls ${logs}`)).not.toContain('full.log');
    await run(`echo new > ${path}`);
    expect(await change('DeleteLogFile', path, key)).toMatchObject({ sizeBytes: null });
    await run(`cat ${path} && rm ${path}`);
    expect(await change('DeleteLogFile', path)).toMatchObject({ __typename: 'NotFoundError' });
    const { operationRecords } = await ask(
      '{ operationRecords(filter: { actions: ["truncateLogFile", "deleteLogFile"], statuses: [SUCCEEDED] }) { nodes { action target { name } changes { path before after } } } }',
    );
    expect(operationRecords).toEqual({
      nodes: [
        {
          action: 'deleteLogFile',
          target: { name: 'web' },
          changes: [
            { path: '/logFile/container', before: 'main', after: null },
            { path: '/logFile/path', before: path, after: null },
            { path: '/logFile/sizeBytes', before: 6, after: null },
          ],
        },
        {
          action: 'truncateLogFile',
          target: { name: 'web' },
          changes: [{ path: '/logFile/sizeBytes', before: 6, after: 0 }],
        },
      ],
    });
  });

  it('delete a link that leads out, and not what it leads to (CMP-104)', async () => {
    expect(await change('DeleteLogFile', `${logs}/out`)).toMatchObject({ __typename: 'DeleteLogFileSuccess' });
    expect(await run('cat /etc/passwd')).toContain('root');
  });
});
