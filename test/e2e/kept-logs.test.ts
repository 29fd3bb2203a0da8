import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeGlobalId } from '../../src/graph/global-id.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { type LokiStandIn, startLokiStandIn } from '../support/start-loki-stand-in.ts';
import { until } from '../support/until.ts';

const developer = { token: 'dev-developer' };
let gateway: TestGateway;
let loki: LokiStandIn;
let workload: string;
const token = 'the-token-of-loki';
beforeAll(async () => {
  loki = await startLokiStandIn();
  const { host } = new URL(loki.url);
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      egress: { allow: [host] },
      pluginSettings: { compute: { loki: [{ cluster: 'embedded', url: loki.url, tenant: 'shop-team', token }] } },
    },
  });
  workload = await until(async () => {
    const { workloads } = await ask<{ workloads: { nodes: { id: string; readyReplicas: number }[] } }, object>(
      gateway,
      '{ workloads(filter: { name: { equals: "vote-front" }, namespaces: ["shop"] }) { nodes { id readyReplicas } } }',
    );
    const [found] = workloads.nodes;
    // What runs has written its first lines.
    expect(found?.readyReplicas).toBe(3);
    return found?.id ?? '';
  });
});
afterAll(async () => {
  await gateway?.stop();
  await loki?.[Symbol.asyncDispose]();
});

interface Prepared {
  readonly downloadLog: {
    readonly __typename: string;
    readonly message?: string;
    readonly download?: { readonly path: string; readonly fileName: string } | null;
  };
}

function prepare(more = '', as: object = developer, id = workload): Promise<Prepared['downloadLog']> {
  const mutation = `mutation { downloadLog(input: { id: "${id}" ${more} }) {
    __typename ... on Error { message } ... on DownloadLogSuccess { download { path fileName } } } }`;
  return gateway.query<Prepared, object>(mutation, undefined, as).then(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return (data as Prepared).downloadLog;
  });
}

const pathOf = async (more = ''): Promise<string> => (await prepare(more)).download?.path ?? 'none';

interface File {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As a browser opens an address: without a bearer token. */
function fetchFile(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<File> {
  return new Promise((resolve, reject) => {
    const sent = request(`${gateway.url}${path}`, { headers, method }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const linesOf = ({ body }: File) => body.toString('utf8').trimEnd().split('\n');

describe('downloadLog', () => {
  it('hands out the log of all pods of a workload as a file, in order of time (CMP-102)', async () => {
    const { download } = await prepare();
    expect(download?.fileName).toBe('shop_vote-front.log');
    const file = await fetchFile(download?.path ?? '');
    expect(file).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/plain; charset=utf-8',
        'content-disposition': 'attachment; filename="shop_vote-front.log"',
        'cache-control': 'no-store',
      },
    });
    const lines = linesOf(file);
    expect(lines.length).toBeGreaterThan(10);
    expect(new Set(lines.map((line) => line.split(' ')[1]?.split('/')[0])).size).toBeGreaterThan(1);
  });

  it('writes JSON lines, compressed where the browser takes that, and only what is wanted (CMP-102)', async () => {
    const path = await pathOf('format: NDJSON, tail: 2');
    const file = await fetchFile(path, { 'accept-encoding': 'gzip' });
    expect(file.headers).toMatchObject({ 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' });
    const lines = linesOf({ ...file, body: gunzipSync(file.body) }).map((line) => JSON.parse(line) as object);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatchObject({ time: expect.any(String), container: expect.any(String) });
  });

  it('records who had how much of what, under the name of whoever asked (CORE-18)', async () => {
    const file = await fetchFile(await pathOf('tail: 3'));
    await until(async () => {
      const { operationRecords } = await ask<{ operationRecords: { nodes: object[] } }, object>(
        gateway,
        '{ operationRecords(filter: { categories: [DOWNLOAD] }, first: 1) { nodes { action status operatorId target { name namespace } session { bytesOut endReason } } } }',
      );
      expect(operationRecords.nodes).toEqual([
        {
          action: 'downloadLog',
          status: 'SUCCEEDED',
          operatorId: expect.stringContaining('developer'),
          target: { name: 'vote-front', namespace: 'shop' },
          session: { bytesOut: file.body.length, endReason: 'COMPLETE' },
        },
      ]);
    });
  });

  it('hands out a file once (refused)', async () => {
    const path = await pathOf('tail: 1');
    const answers = await Promise.all([fetchFile(path), fetchFile(path)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it.each([
    { name: 'a ticket that is none', path: '/downloads/compute.log?ticket=lst_nonsense', status: 401 },
    { name: 'no ticket', path: '/downloads/compute.log', status: 401 },
    { name: 'a kind of files that nobody has', path: '/downloads/other?ticket=x', status: 404 },
  ])('hands out nothing for $name (refused)', async ({ path, status }) => {
    expect((await fetchFile(path)).status).toBe(status);
  });

  it('hands out nothing for another method, and leaves the ticket (refused)', async () => {
    const path = await pathOf('tail: 1');
    expect((await fetchFile(path, {}, 'POST')).status).toBe(405);
    expect((await fetchFile(path)).status).toBe(200);
  });

  it('hands out no ticket in a dry run', async () => {
    expect(await prepare('dryRun: true')).toEqual({ __typename: 'DownloadLogSuccess', download: null });
  });

  it.each([
    { name: 'a tail that is none', more: 'tail: -1' },
    { name: 'a pattern that is none', more: 'filter: { matches: "(" }' },
  ])('does not take $name (refused)', async ({ more }) => {
    expect((await prepare(more)).__typename).toBe('ValidationError');
  });

  it('does not know what the caller may not see (refused)', async () => {
    const found = await ask<{ workload: { id: string } }, object>(
      gateway,
      '{ workload(cluster: "embedded", kind: DAEMON_SET, namespace: "platform", name: "node-exporter") { id } }',
    );
    expect(await prepare('', developer, found.workload.id)).toMatchObject({
      __typename: 'NotFoundError',
      message: 'There is no workload or pod with this id',
    });
  });
});

interface Search {
  readonly logSearch: {
    readonly nodes: readonly { readonly text: string; readonly level: string; readonly pod: string | null }[];
    readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
    readonly problems: readonly { readonly code: string; readonly message: string }[];
    readonly histogram:
      | readonly { readonly count: number; readonly errors: number; readonly warnings: number }[]
      | null;
  };
}

const admin = { token: 'dev-admin' };
const anHourAgo = () => new Date(Date.now() - 3_600_000).toISOString();

async function search(args: string, as: object = admin): Promise<Search['logSearch']> {
  const source = `{ logSearch(cluster: "embedded", ${args}) { nodes { text level pod } pageInfo { endCursor hasNextPage }
    problems { code message } histogram { count errors warnings } } }`;
  return (await ask<Search, object>(gateway, source, undefined, as)).logSearch;
}

const texts = async (args: string, as: object = admin) => (await search(args, as)).nodes.map(({ text }) => text);

describe('logSearch', () => {
  const atMs = (minutesAgo: number) => BigInt(Date.now() - minutesAgo * 60_000) * 1_000_000n;
  const labels = (namespace: string, pod: string, level = 'info') => ({
    ...{ namespace, pod, container: 'app', node_name: 'embedded-a1', detected_level: level, log_store: 'front' },
  });
  beforeAll(() => {
    loki.lines.push(
      { ns: atMs(40), labels: labels('shop', 'vote-front-7d9c6b5f4-abcde'), text: 'before the namespace was made' },
      { ns: atMs(30), labels: labels('platform', 'exporter-abcde', 'warn'), text: 'WARN scrape is slow' },
      { ns: atMs(20), labels: { unit: 'kubelet', detected_level: 'error' }, text: 'node is not ready' },
      { ns: atMs(10), labels: labels('kube-system', 'dns-abcde'), text: 'CNAME a.b' },
      ...['one', 'two', 'three'].map((text) => ({
        ns: atMs(0),
        labels: labels('shop', 'vote-front-7d9c6b5f4-abcde'),
        text,
      })),
    );
    // All of one nanosecond, as a burst is.
    const last = loki.lines.splice(-3).map((line, _index, [first]) => ({ ...line, ns: first?.ns ?? line.ns }));
    loki.lines.push(...last);
  });

  it('finds lines of containers that are gone, newest first, and counts them (CMP-102)', async () => {
    const found = await search(`filter: { since: "${anHourAgo()}" }`);
    expect(found.nodes.map(({ text }) => text)).toEqual([
      'one',
      'three',
      'two',
      'CNAME a.b',
      'WARN scrape is slow',
      'before the namespace was made',
    ]);
    expect(found.nodes[4]).toEqual({ text: 'WARN scrape is slow', level: 'WARN', pod: 'exporter-abcde' });
    const total = (of: 'count' | 'warnings') => found.histogram?.reduce((sum, bucket) => sum + bucket[of], 0);
    expect([total('count'), total('warnings')]).toEqual([6, 1]);
  });

  it('goes on behind a line, though others have its very time (CMP-102)', async () => {
    const pages: string[][] = [];
    for (let after = ''; pages.length < 4; ) {
      const page = await search(`first: 2 ${after} filter: { since: "${anHourAgo()}" }`);
      pages.push(page.nodes.map(({ text }) => text));
      if (!page.pageInfo.hasNextPage) break;
      after = `, after: "${page.pageInfo.endCursor}",`;
    }
    expect(pages).toEqual([
      ['one', 'three'],
      ['two', 'CNAME a.b'],
      ['WARN scrape is slow', 'before the namespace was made'],
    ]);
  });

  it('finds those of the pods behind a Service, by log store, container, text and time (NET-05)', async () => {
    const of = (name: string) =>
      encodeGlobalId({ of: 'kubernetes', cluster: 'embedded', group: '', kind: 'Service', namespace: 'shop', name });
    const filter = (name: string, more = '') => `filter: { since: "${anHourAgo()}", service: "${of(name)}" ${more} }`;
    const more = ', logStores: ["front"], containers: ["app"], contains: "t"';
    expect(await texts(filter('vote-front', more))).toEqual(['three', 'two', 'before the namespace was made']);
    expect(await texts(filter('vote-back'))).toEqual([]);
    const told = [{ message: 'There is no Service with this id' }];
    expect(await search(filter('nowhere'))).toMatchObject({ nodes: [], problems: told });
  });

  it.each([
    { name: 'text', filter: 'contains: "SLOW", ignoreCase: true', found: ['WARN scrape is slow'] },
    { name: 'a pattern', filter: 'matches: "^(one|two)$"', found: ['one', 'two'] },
    { name: 'level', filter: 'levels: [WARN]', found: ['WARN scrape is slow'] },
    {
      name: 'namespace and container',
      filter: 'namespaces: ["kube-system"], containers: ["app"]',
      found: ['CNAME a.b'],
    },
    { name: 'log store', filter: 'logStores: ["nobody"]', found: [] },
    { name: 'what it must not have', filter: 'namespaces: ["shop"], excludes: "t"', found: ['one'] },
  ])('finds by $name (CMP-102, CMP-106)', async ({ filter, found }) => {
    expect(await texts(`filter: { since: "${anHourAgo()}", ${filter} }`)).toEqual(found);
  });

  it('finds what the pods of a workload wrote, gone ones included (CMP-106)', async () => {
    const filter = `filter: { since: "${anHourAgo()}", workload: "${workload}" }`;
    expect(await texts(filter)).toEqual(['one', 'three', 'two', 'before the namespace was made']);
  });

  it('shows a developer its namespaces since they were made, and nothing of others (CMP-102, CMP-106, refused)', async () => {
    expect(await texts(`filter: { since: "${anHourAgo()}" }`, developer)).toEqual(['one', 'three', 'two']);
    expect(await texts(`filter: { namespaces: ["platform"], since: "${anHourAgo()}" }`, developer)).toEqual([]);
  });

  it.each([
    { type: 'SYSTEM', found: ['node is not ready'] },
    { type: 'CONTROL_PLANE', found: ['CNAME a.b'] },
    { type: 'USER_APP', found: ['one', 'three', 'two', 'WARN scrape is slow', 'before the namespace was made'] },
  ])('shows who may read all of it the logs of the platform of type $type (CMP-103)', async ({ type, found }) => {
    expect(await texts(`filter: { platformType: ${type}, since: "${anHourAgo()}" }`)).toEqual(found);
  });

  it('shows logs of the platform to nobody else (CMP-103, refused)', async () => {
    const { nodes, problems } = await search('filter: { platformType: SYSTEM }', developer);
    expect([nodes, problems.map(({ code }) => code)]).toEqual([[], ['FORBIDDEN']]);
  });

  it('asks as the tenant that is set, and tells nobody its token (P23)', async () => {
    await search('first: 1');
    expect(loki.requests.at(-1)?.headers).toMatchObject({
      'x-scope-orgid': 'shop-team',
      authorization: `Bearer ${token}`,
    });
    loki.failure = { status: 401, body: `bad token ${token}` };
    const { problems, histogram } = await search('first: 1');
    expect(problems).toEqual([
      { code: 'UPSTREAM_UNAVAILABLE', message: "Loki of cluster 'embedded' refuses the gateway's credentials" },
    ]);
    expect(histogram).toBeNull();
    loki.failure = undefined;
  });

  it.each([
    { name: 'is down', failure: { status: 503, body: 'busy' }, says: 'status 503' },
    { name: 'takes no such query', failure: { status: 400, body: 'parse error' }, says: 'parse error' },
    { name: 'answers nonsense', failure: { status: 200, body: '<html>' }, says: 'something else' },
  ])('tells of a backend that $name, and the rest of the answer stands (CMP-102)', async ({ failure, says }) => {
    loki.failure = failure;
    const { data, errors } = await gateway.query(
      '{ logSearch(cluster: "embedded") { nodes { text } problems { code message } } viewer { name } }',
    );
    loki.failure = undefined;
    expect(errors).toBeUndefined();
    expect(data).toMatchObject({
      viewer: { name: expect.any(String) },
      logSearch: { nodes: [], problems: [{ code: 'UPSTREAM_UNAVAILABLE', message: expect.stringContaining(says) }] },
    });
  });

  it('says where no backend is set for a cluster (CMP-106, refused)', async () => {
    const { data } = await gateway.query('{ logSearch(cluster: "moon") { nodes { text } problems { code } } }');
    expect(data).toEqual({ logSearch: { nodes: [], problems: [{ code: 'CLUSTER_NOT_FOUND' }] } });
  });

  it.each([
    { name: 'a span that is too long', args: 'filter: { since: "2020-01-01T00:00:00Z" }' },
    {
      name: 'an end before its begin',
      args: 'filter: { since: "2026-01-02T00:00:00Z", until: "2026-01-01T00:00:00Z" }',
    },
    { name: 'a pattern that is none', args: 'filter: { matches: "(" }' },
    { name: 'a cursor that is none', args: 'after: "WyJsaW5lcyJd"' },
    { name: 'more lines than a page has', args: 'first: 1001' },
  ])('does not take $name (CMP-106, refused, bad input)', async ({ args }) => {
    const { errors } = await gateway.query(`{ logSearch(cluster: "embedded", ${args}) { nodes { text } } }`);
    expect(errors?.map(({ extensions }) => extensions?.code)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('log stores', () => {
  interface Answer {
    readonly __typename: string;
    readonly message?: string;
    readonly issues?: readonly { readonly path: readonly string[] }[];
    readonly logStore?: { readonly id: string; readonly version: number; readonly shards: number };
    readonly workspace?: { readonly id: string };
    readonly project?: { readonly id: string };
  }

  async function mutate(name: string, input: object, fields: string, as: object = admin): Promise<Answer> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on Error { message }
      ... on ValidationError { issues { path } } ... on ${type}Success { ${fields} } } }`;
    return (await ask<Record<string, Answer>, object>(gateway, source, { input }, as))[name] as Answer;
  }
  const store = 'logStore { id version shards }';
  const create = (input: object) => mutate('createLogStore', { projectId, retentionDays: 14, ...input }, store);

  let projectId: string;
  beforeAll(async () => {
    const tenant = { displayName: 'Logs' };
    const place = { region: 'somewhere', networkType: 'VPC', zones: ['a'], profile: 'aks-public' };
    const { workspace } = await mutate(
      'createWorkspace',
      { ...tenant, ...place, identifier: 'logs-workspace' },
      'workspace { id }',
    );
    const { project } = await mutate(
      'createProject',
      { ...tenant, identifier: 'logs-project', workspaceId: workspace?.id },
      'project { id }',
    );
    projectId = project?.id ?? '';
  });

  it('are made in a project, split and merged, found, and deleted (CMP-105)', async () => {
    const { logStore } = await create({ name: 'shop-front_2' });
    expect(logStore).toMatchObject({ version: 1, shards: 1 });
    const split = await mutate('updateLogStore', { id: logStore?.id, version: 1, shards: 4 }, store);
    expect(split.logStore).toMatchObject({ version: 2, shards: 4 });
    const merged = await mutate('updateLogStore', { id: logStore?.id, version: 2, shards: 2 }, store);
    expect(merged.logStore).toMatchObject({ version: 3, shards: 2 });
    const listed = `{ logStores(filter: { projectId: "${projectId}" }) { nodes { name retentionDays shards project { id } } } }`;
    const found = { name: 'shop-front_2', retentionDays: 14, shards: 2, project: { id: projectId } };
    expect(await ask(gateway, listed)).toEqual({ logStores: { nodes: [found] } });
    expect((await mutate('deleteLogStore', { id: logStore?.id, confirm: 'shop-front_2' }, 'id')).__typename).toBe(
      'DeleteLogStoreSuccess',
    );
    expect(await ask(gateway, listed)).toEqual({ logStores: { nodes: [] } });
  });

  it.each([
    { name: 'a short name', input: { name: 'ab' }, path: 'name' },
    { name: 'a long name', input: { name: 'a'.repeat(64) }, path: 'name' },
    { name: 'capitals', input: { name: 'Shop' }, path: 'name' },
    { name: 'a name that ends with a dash', input: { name: 'shop-' }, path: 'name' },
    { name: 'no day', input: { name: 'days', retentionDays: 0 }, path: 'retentionDays' },
    { name: 'more than 3,000 days', input: { name: 'days', retentionDays: 3_001 }, path: 'retentionDays' },
    { name: 'no shard', input: { name: 'shards', shards: 0 }, path: 'shards' },
    { name: 'more than 10 shards', input: { name: 'shards', shards: 11 }, path: 'shards' },
  ])('do not take $name (CMP-105, refused)', async ({ input, path }) => {
    const { __typename, issues } = await create(input);
    expect([__typename, issues?.[0]?.path]).toEqual(['ValidationError', [path]]);
  });

  it('show no line for longer than they keep it (CMP-105, CMP-106)', async () => {
    const oldLine = { ns: BigInt(Date.now() - 3 * 86_400_000) * 1_000_000n, text: 'three days old' };
    const labels = { namespace: 'platform', detected_level: 'info' };
    for (const log_store of ['kept', 'short']) loki.lines.push({ ...oldLine, labels: { ...labels, log_store } });
    await create({ name: 'kept', retentionDays: 14 });
    await create({ name: 'short', retentionDays: 2 });
    const since = new Date(Date.now() - 10 * 86_400_000).toISOString();
    expect(await texts(`filter: { logStores: ["kept"], since: "${since}" }`)).toEqual(['three days old']);
    expect(await texts(`filter: { logStores: ["short"], since: "${since}" }`)).toEqual([]);
  });

  it('do not take a name twice, an older version, or more than 200 shards of a project (CMP-105, refused)', async () => {
    const made = await Promise.all(
      Array.from({ length: 19 }, (_, index) => create({ name: `full-${index}`, shards: 10 })),
    );
    expect(made.map(({ __typename }) => __typename)).toEqual(made.map(() => 'CreateLogStoreSuccess'));
    expect(await create({ name: 'one-more', shards: 10 })).toMatchObject({ __typename: 'QuotaExceededError' });
    expect(await create({ name: 'full-0' })).toMatchObject({ __typename: 'ValidationError' });
    const id = made[0]?.logStore?.id;
    expect(await mutate('updateLogStore', { id, version: 7, shards: 1 }, store)).toMatchObject({
      __typename: 'ConflictError',
    });
  });

  it('are nobody’s who does not belong to the project (refused)', async () => {
    expect(
      await mutate('createLogStore', { projectId, name: 'mine', retentionDays: 1 }, store, developer),
    ).toMatchObject({
      __typename: 'NotFoundError',
    });
    expect(await ask(gateway, '{ logStores { nodes { name } } }', undefined, developer)).toEqual({
      logStores: { nodes: [] },
    });
  });
});
