import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

const developer = { token: 'dev-developer' };
let gateway: TestGateway;
let workload: string;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
  workload = await until(async () => {
    const { workloads } = await ask<{ workloads: { nodes: { id: string; pods: { totalCount: number } }[] } }, object>(
      gateway,
      '{ workloads(filter: { name: { equals: "vote-front" }, namespaces: ["shop"] }) { nodes { id pods { totalCount } } } }',
    );
    const [found] = workloads.nodes;
    expect(found?.pods.totalCount).toBeGreaterThan(1);
    return found?.id ?? '';
  });
});
afterAll(() => gateway?.stop());

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
