import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { V1Pod } from '@kubernetes/client-node';
import { request } from 'undici';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import type { Bench, BenchRow } from './bench-row.ts';
import { createPods } from './many-pods.ts';
import { type Measured, measure, measureEach } from './measure.ts';
import { podFields } from './pod-fields.ts';
import { projectPod } from './project-pod.ts';

const pods = 1_000;

/**
 * Lists of pods with thirty fields: unmoved, with one pod of a hundred changed since the last request, and made for the
 * first time, against the same bytes from a plain HTTP server, and against one that projects by hand and stringifies.
 */
export const benchLists: Bench = { name: 'lists', run };

async function run(): Promise<readonly BenchRow[]> {
  // Without controllers: nothing but the requests measured here moves.
  await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
  createPods(cluster.store, 'bench', pods);
  const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig);
  await using gateway = await startTestGateway({
    settings: { embedded: { enabled: false }, clusters: [{ name: 'bench', kubeconfig }] },
  });
  const target = (name: string, query: string) => ({
    name,
    url: `${gateway.url}/graphql`,
    method: 'POST' as const,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${gateway.gateway.rooms.signIn.adminToken}`,
    },
    body: JSON.stringify({ query }),
  });
  const listOf = (first: number) =>
    `{ pods(first: ${first}, filter: { namespaces: ["bench"] }) { nodes { ${podFields} } } }`;
  const shown = (version: string) =>
    ask(target('', '{ pods(first: 1000, filter: { namespaces: ["bench"] }) { nodes { resourceVersion } } }')).then(
      (answer) => answer.includes(`"${version}"`),
    );
  const change = async (count: number, round: number) => {
    const last = touch(cluster, count, round);
    while (!(await shown(last))) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  while (!(await shown(touch(cluster, 1, 0)))) await new Promise((resolve) => setTimeout(resolve, 20));

  const rows: BenchRow[] = [];
  for (const first of [pods, 50]) {
    const list = target(`${first} pods x 30 fields`, listOf(first));
    const floor = await floorOf(await ask(list));
    const projected = await projectionOf(cluster, first);
    // The first requests are interpreted, then compiled.
    for (let use = 0; use < 5; use += 1) await ask(list);

    const unmoved = await measure(list);
    const plain = await measure({ name: 'the same bytes', url: floor.url });
    const plainOnce = await measureEach({ name: 'the same bytes', url: floor.url }, 60, async () => {});
    const oneInHundred = await measureEach(list, 60, (round) => change(Math.ceil(first / 100), round));
    const allNew = await measureEach(list, 20, (round) => change(pods, round));
    const byHand = await measureEach({ name: 'by hand', url: projected.url }, 40, async () => {});
    floor.server.close();
    projected.server.close();
    const isWhole = first === pods;
    rows.push(
      rowOf(`${list.name}, unmoved`, unmoved, 'the same bytes from a plain HTTP server', plain, isWhole ? 1.5 : 7),
      rowOf(
        `${list.name}, 1 % changed`,
        oneInHundred,
        'the same bytes, one request at a time',
        plainOnce,
        isWhole ? 8 : undefined,
      ),
      rowOf(`${list.name}, first time`, allNew, 'projected by hand and stringified', byHand, isWhole ? 3 : undefined),
    );
  }
  cluster.requests.clear();
  await ask(target('', listOf(pods)));
  rows.push({
    name: 'requests to the cluster for one warm list',
    value: cluster.requests.count({ resource: 'pods' }),
    unit: 'requests',
    yardstick: 'none',
    ratio: cluster.requests.count({ resource: 'pods' }),
    bar: 0,
  });
  rmSync(folder, { recursive: true });
  return rows;
}

function rowOf(
  name: string,
  measured: Measured,
  yardstick: string,
  against: Measured,
  bar: number | undefined,
): BenchRow {
  const ratio = measured.cpuMs / against.cpuMs;
  return { name, value: measured.cpuMs, unit: 'ms CPU', yardstick, ratio, ...(bar === undefined ? {} : { bar }) };
}

async function ask({
  url,
  method,
  headers,
  body,
}: {
  url: string;
  method: 'POST';
  headers: Record<string, string>;
  body: string;
}): Promise<Buffer> {
  const answer = await request(url, { method, headers, body });
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  if (bytes.includes('"errors"')) throw new Error(bytes.toString().slice(0, 1_000));
  return bytes;
}

/** Changes so many pods; answers the version of the last. */
function touch({ store }: EmbeddedCluster, count: number, round: number): string {
  const resource = store.resource('', 'pods');
  let version = '';
  for (let index = 0; index < count; index += 1) {
    const name = `web-${String((index * 7 + round) % pods).padStart(5, '0')}`;
    const pod = store.get(resource, 'bench', name);
    if (!pod) throw new Error(`no pod ${name}`);
    const labels = { ...pod.metadata.labels, round: `${round}-${index}` };
    version = store.update(resource, { ...pod, metadata: { ...pod.metadata, labels } }).metadata.resourceVersion ?? '';
  }
  return version;
}

const serve = (answer: () => Uint8Array): Promise<{ readonly url: string; readonly server: Server }> => {
  const server = createServer((_request, response) => {
    const bytes = answer();
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({ server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
    });
  });
};

const floorOf = (bytes: Buffer) => serve(() => bytes);

function projectionOf({ store }: EmbeddedCluster, first: number) {
  const resource = store.resource('', 'pods');
  const list = store.list(resource, 'bench').slice(0, first) as unknown as readonly V1Pod[];
  return serve(() => Buffer.from(JSON.stringify({ data: { pods: { nodes: list.map(projectPod) } } })));
}
