import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const developer = 'the-token-of-a-developer-of-the-shop';
const keeper = 'the-token-of-a-keeper-of-volumes-of-the-shop';
const stranger = 'the-token-of-a-developer-of-another-shop';
const stack = new AsyncDisposableStack();
const idOf = (kind: string, name: string) =>
  encodeGlobalId({ of: 'kubernetes', cluster: 'far', group: '', kind, namespace: 'default', name });
const id = idOf('PersistentVolumeClaim', 'data');
let cluster: EmbeddedCluster;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', speed: 100 }));
  const { path } = stack.use(await kubeconfigFile(cluster));
  for (const name of ['data', 'used', 'going']) makeClaim(name);
  makeClaim('raw', { volumeMode: 'Block' });
  gateway = stack.use(
    await startTestGateway({
      settings: {
        embedded: { enabled: false },
        clusters: [{ name: 'far', kubeconfig: path }],
        roles: [
          {
            name: 'volume-keeper',
            description: 'Keeps volumes, and runs nothing.',
            rules: [
              { actions: ['READ'], subjects: ['core/Cluster'] },
              {
                actions: ['READ', 'UPDATE', 'BROWSE'],
                subjects: ['core/PersistentVolumeClaim'],
                where: 'namespaces',
              },
              { actions: ['READ'], subjects: ['core/Pod'], where: 'namespaces' },
            ],
          },
        ],
        tokens: [
          staticToken('dora', developer, { roles: ['DEVELOPER'], namespaces: ['default'] }),
          { ...staticToken('vera', keeper, { roles: [], namespaces: ['default'] }), roles: ['volume-keeper'] },
          staticToken('otto', stranger, { roles: ['DEVELOPER'], namespaces: ['elsewhere'] }),
        ],
      },
    }),
  );
  await until(async () => expect((await ask(`{ node(id: "${id}") { id } }`)).node).not.toBeNull());
});
afterAll(() => stack.disposeAsync());

const resource = (plural: string) => cluster.store.resource('', plural);

function makeClaim(name: string, more: object = {}): void {
  cluster.store.create(resource('persistentvolumeclaims'), {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...more },
  });
}

function makeUser(name: string, claimName: string): void {
  cluster.store.create(resource('pods'), {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: {
      containers: [{ name: 'main', image: 'acme/main:1' }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }],
    },
  });
}

type Data = Readonly<Record<string, never>>;

async function ask(query: string, token = developer): Promise<Data> {
  const { data, errors } = await gateway.query<Data, object>(query, undefined, { token });
  expect(errors).toBeUndefined();
  return data as Data;
}

async function refusal(query: string, token: string): Promise<string> {
  const { errors } = await gateway.query<Data, object>(query, undefined, { token });
  return String(errors?.[0]?.extensions?.code);
}

const selections: Readonly<Record<string, string>> = {
  openFileBrowser: 'isJoined fileBrowser { state closesAt userId pod { namespace } }',
  closeFileBrowser: 'claim { name } fileBrowser { state }',
  downloadFile: 'download { path fileName sizeBytes }',
  uploadFile: 'upload { path filePath sizeBytes }',
};

function acting(name: string, input: object, of = id): string {
  const fields = Object.entries(input).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  const success = `${name.charAt(0).toUpperCase()}${name.slice(1)}Success`;
  return `mutation { answer: ${name}(input: { id: "${of}" ${fields.join(' ')} }) {
    __typename ... on ${success} { ${selections[name] ?? 'path'} } ... on Error { code message }
    ... on InUseError { references { id } } ... on PreconditionError { reason } } }`;
}

const act = async (name: string, input: object = {}, { of = id, token = developer } = {}) =>
  ((await ask(acting(name, input, of), token)).answer ?? {}) as Readonly<Record<string, never>>;

const browser = async (of = id) =>
  (await ask(`{ fileBrowser(id: "${of}") { state reason message claim { name fileBrowser { state } } } }`)).fileBrowser;
const untilOpen = (of = id) => until(async () => expect(await browser(of)).toMatchObject({ state: 'OPEN' }));
const listed = (path: string, more = '') =>
  `{ files(id: "${id}", path: ${JSON.stringify(path)} ${more}) {
    nodes { name path kind sizeBytes } pageInfo { hasNextPage } problems { code message } } }`;
const names = async (path: string) =>
  ((await ask(listed(path))).files as unknown as { nodes: { name: string }[] }).nodes.map(({ name }) => name);

async function upload(path: string, body: string, input: object = {}): Promise<Response> {
  const answer = await act('uploadFile', { path, sizeBytes: Buffer.byteLength(body), ...input });
  const { upload: issued } = answer as unknown as { upload: { path: string } };
  return fetch(`${gateway.url}${issued.path}`, { method: 'PUT', body });
}

async function download(path: string): Promise<string> {
  const { download: issued } = (await act('downloadFile', { path })) as unknown as { download: { path: string } };
  return (await fetch(`${gateway.url}${issued.path}`)).text();
}

describe('openFileBrowser (STO-21)', () => {
  it('starts a pod that can do nothing but show the volume, and joins it the second time', async () => {
    expect(await browser()).toBeNull();
    expect(await act('openFileBrowser', { dryRun: true })).toMatchObject({ isJoined: false, fileBrowser: null });
    expect(await act('openFileBrowser')).toMatchObject({
      isJoined: false,
      fileBrowser: { state: 'OPENING', closesAt: expect.any(String), userId: 65_532 },
    });
    expect(await act('openFileBrowser', { userId: 1_000 })).toMatchObject({ isJoined: true });
    await untilOpen();
    expect(await browser()).toMatchObject({ claim: { name: 'data', fileBrowser: { state: 'OPEN' } } });
    const [pod] = cluster.store
      .list(resource('pods'), 'default')
      .filter((each) => JSON.stringify(each).includes('longshore.dev/file-browser'));
    expect(pod).toMatchObject({
      metadata: {
        labels: { 'longshore.dev/file-browser': 'data' },
        ownerReferences: [{ kind: 'PersistentVolumeClaim', name: 'data' }],
      },
      spec: {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [
          {
            resources: { limits: { memory: '64Mi' } },
            securityContext: {
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
            },
          },
        ],
      },
    });
  });

  it('is refused while pods mount the volume, with the pods (STO-16, STO-21, refused)', async () => {
    makeUser('user', 'used');
    const of = idOf('PersistentVolumeClaim', 'used');
    await until(async () =>
      expect(await act('openFileBrowser', { dryRun: true }, { of })).toMatchObject({
        __typename: 'InUseError',
        references: [{ id: idOf('Pod', 'user') }],
      }),
    );
  });

  it.each([
    { name: 'a raw device', claim: 'raw', input: {}, error: { reason: 'NOT_BROWSABLE' } },
    { name: 'root', claim: 'data', input: { userId: 0 }, error: { __typename: 'ValidationError' } },
    { name: 'what is not there', claim: 'none', input: {}, error: { __typename: 'NotFoundError' } },
  ])('is refused for $name (refused)', async ({ claim, input, error }) => {
    const of = idOf('PersistentVolumeClaim', claim);
    expect(await act('openFileBrowser', input, { of })).toMatchObject(error);
  });

  it('is for who may change the claim and run programs beside it: with less nothing of it is had (STO-21, refused)', async () => {
    for (const name of ['openFileBrowser', 'closeFileBrowser']) {
      expect(await act(name, {}, { token: keeper })).toMatchObject({ __typename: 'ForbiddenError' });
      expect(await act(name, {}, { token: stranger })).toMatchObject({ __typename: 'NotFoundError' });
    }
    expect(await refusal(listed('/'), keeper)).toBe('FORBIDDEN');
    expect(await refusal(`{ file(id: "${id}", path: "/") { name } }`, keeper)).toBe('FORBIDDEN');
    const path = { path: '/a.txt' };
    expect(await act('downloadFile', path, { token: keeper })).toMatchObject({ __typename: 'ForbiddenError' });
    expect(await act('deleteFile', path, { token: stranger })).toMatchObject({ __typename: 'NotFoundError' });
    expect(
      (await ask(`{ node(id: "${id}") { ... on PersistentVolumeClaim { fileBrowser { state } } } }`, keeper)).node,
    ).toEqual({ fileBrowser: null });
  });
});

describe('files of an open file browser (STO-21)', () => {
  it('are uploaded, listed page by page, fetched, renamed and deleted, each with its record', async () => {
    expect(await act('createDirectory', { path: '/docs' })).toMatchObject({ path: '/docs' });
    const large = 'abc\n'.repeat(200_000);
    expect((await upload('/docs/large.txt', large)).status).toBe(201);
    expect((await upload('/docs/ä "b".txt', '')).status).toBe(201);
    expect((await ask(listed('/docs', 'first: 1, orderBy: [{ field: SIZE, direction: DESC }]'))).files).toEqual({
      nodes: [{ name: 'large.txt', path: '/docs/large.txt', kind: 'FILE', sizeBytes: 800_000 }],
      pageInfo: { hasNextPage: true },
      problems: [],
    });
    expect(await download('/docs/large.txt')).toBe(large);
    expect(await act('renameFile', { path: '/docs/large.txt', newPath: '/moved.txt' })).toMatchObject({
      path: '/moved.txt',
    });
    expect((await ask(`{ file(id: "${id}", path: "/moved.txt") { kind sizeBytes } }`)).file).toEqual({
      kind: 'FILE',
      sizeBytes: 800_000,
    });
    expect(await act('deleteFile', { path: '/docs' })).toMatchObject({ __typename: 'InUseError' });
    expect(await act('deleteFile', { path: '/docs', recursive: true, dryRun: true })).toMatchObject({ path: '/docs' });
    expect(await names('/')).toEqual(['docs', 'moved.txt']);
    expect(await act('deleteFile', { path: '/docs', recursive: true })).toMatchObject({ path: '/docs' });
    expect(await names('/')).toEqual(['moved.txt']);
    await until(async () => {
      const { operationRecords } = (await ask(`{ operationRecords(
        filter: { statuses: [SUCCEEDED] }, orderBy: [{ field: CREATED_AT, direction: ASC }], first: 100) {
        nodes { category action detail session { bytesIn bytesOut } target { name } } } }`)) as unknown as {
        operationRecords: { nodes: { category: string; action: string }[] };
      };
      const of = (category: string) => operationRecords.nodes.filter((each) => each.category === category);
      expect(of('UPLOAD')).toMatchObject([
        { action: 'uploadFile', detail: '/docs/large.txt', session: { bytesIn: 800_000 }, target: { name: 'data' } },
        { detail: '/docs/ä "b".txt', session: { bytesIn: 0 } },
      ]);
      expect(of('DOWNLOAD')).toMatchObject([{ detail: '/docs/large.txt', session: { bytesOut: 800_000 } }]);
      const written = of('WRITE').map(({ action }) => action);
      for (const action of ['openFileBrowser', 'createDirectory', 'renameFile', 'deleteFile']) {
        expect(written).toContain(action);
      }
    });
  });

  it('are written over only where that is asked for, and a ticket is good once (refused)', async () => {
    expect((await upload('/once.txt', 'one')).status).toBe(201);
    expect(await act('uploadFile', { path: '/once.txt', sizeBytes: 3 })).toMatchObject({ __typename: 'ConflictError' });
    const answer = await act('uploadFile', { path: '/once.txt', sizeBytes: 3, overwrite: true });
    const { upload: issued } = answer as unknown as { upload: { path: string } };
    expect((await fetch(`${gateway.url}${issued.path}`, { method: 'PUT', body: 'two' })).status).toBe(201);
    expect((await fetch(`${gateway.url}${issued.path}`, { method: 'PUT', body: 'six' })).status).toBe(401);
    expect(await download('/once.txt')).toBe('two');
  });

  it('are not kept where there is no room, and nothing of them is (refused)', async () => {
    const before = await names('/');
    const answer = await upload('/huge.bin', 'x'.repeat(5_000_000));
    expect(answer.status).toBe(429);
    expect(await names('/')).toEqual(before);
  });

  it.each([
    { name: 'a way up', path: '/../etc/passwd' },
    { name: 'a path that is not absolute', path: 'etc/passwd' },
    { name: 'the root', path: '/' },
    { name: 'a name that is too long', path: `/${'x'.repeat(256)}` },
  ])('are none for $name (refused)', async ({ path }) => {
    for (const [name, more] of [
      ['downloadFile', {}],
      ['uploadFile', { sizeBytes: 1, overwrite: true }],
      ['createDirectory', {}],
      ['renameFile', { newPath: '/b' }],
      ['deleteFile', { recursive: true }],
    ] as const) {
      expect(await act(name, { path, ...more })).toMatchObject({ __typename: 'ValidationError' });
    }
  });

  it.each([
    { name: 'what is not there', action: 'downloadFile', input: { path: '/none' }, error: 'NotFoundError' },
    {
      name: 'a directory that is not there',
      action: 'createDirectory',
      input: { path: '/no/b' },
      error: 'NotFoundError',
    },
    { name: 'less than nothing', action: 'uploadFile', input: { path: '/b', sizeBytes: -1 }, error: 'ValidationError' },
    {
      name: 'more than the profile lets',
      action: 'uploadFile',
      input: { path: '/b', sizeBytes: 2e9 },
      error: 'ValidationError',
    },
  ])('are not had for $name (refused)', async ({ action, input, error }) => {
    expect(await act(action, input)).toMatchObject({ __typename: error });
  });

  it('are withheld where a pod mounts the volume in between (STO-16, refused)', async () => {
    makeUser('late', 'data');
    await until(async () =>
      expect(await act('deleteFile', { path: '/moved.txt' })).toMatchObject({ __typename: 'InUseError' }),
    );
    expect((await ask(listed('/'))).files).toMatchObject({ nodes: [], problems: [{ code: 'UPSTREAM_UNAVAILABLE' }] });
    cluster.store.delete(resource('pods'), 'default', 'late', { gracePeriodSeconds: 0 });
    await until(async () => expect(await names('/')).toContain('moved.txt'));
  });
});

describe('closeFileBrowser (STO-21)', () => {
  it('ends the pod and keeps the files; what was handed out before is worth nothing', async () => {
    const { download: issued } = (await act('downloadFile', { path: '/moved.txt' })) as unknown as {
      download: { path: string };
    };
    expect(await act('closeFileBrowser')).toMatchObject({ claim: { name: 'data' } });
    await until(async () => expect(await browser()).toBeNull());
    expect((await fetch(`${gateway.url}${issued.path}`)).status).toBe(409);
    expect(await act('closeFileBrowser')).toMatchObject({ reason: 'FILE_BROWSER_NOT_OPEN' });
    expect(await act('deleteFile', { path: '/moved.txt' })).toMatchObject({ reason: 'FILE_BROWSER_NOT_OPEN' });
    await act('openFileBrowser');
    await untilOpen();
    expect(await names('/')).toContain('moved.txt');
  });

  it('comes by itself where the claim is to go', async () => {
    const of = idOf('PersistentVolumeClaim', 'going');
    await act('openFileBrowser', {}, { of });
    await untilOpen(of);
    cluster.store.delete(resource('persistentvolumeclaims'), 'default', 'going', {});
    await until(() =>
      expect(cluster.store.get(resource('persistentvolumeclaims'), 'default', 'going')).toBeUndefined(),
    );
  });
});
