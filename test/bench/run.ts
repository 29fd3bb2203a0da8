/**
 * `npm run bench`: what Longshore costs, as ratios against baselines measured in the same run. Nothing is asserted here;
 * absolute numbers belong to this machine and this minute. `--rows lists` (or `deliveries`, `journal`, `start`; several are allowed)
 * measures some of it, `--json FILE` writes `[{ name, value, unit, yardstick, ratio, bar, holds }]`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { request } from 'undici';
import { startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway } from '../../src/testing.ts';
import { benchDeliveries } from './bench-deliveries.ts';
import { benchJournal } from './bench-journal.ts';
import type { BenchRow } from './bench-row.ts';
import { createPods } from './many-pods.ts';
import { type Measured, measure } from './measure.ts';
import { measureLargeCluster } from './measure-large-cluster.ts';
import { measureStart } from './measure-start.ts';
import { podFields } from './pod-fields.ts';

const rows: Measured[] = [];
const { values: flags } = parseArgs({
  options: { rows: { type: 'string', multiple: true }, json: { type: 'string' } },
});
const isAsked = (name: string): boolean => flags.rows === undefined || flags.rows.includes(name);
const results: BenchRow[] = [];

if (isAsked('lists')) {
  await benchLists();
  printLists();
  results.push(...listRows());
}
for (const bench of [benchDeliveries, benchJournal]) {
  if (!isAsked(bench.name)) continue;
  const measured = await bench.run();
  printRows(measured);
  results.push(...measured);
}
if (isAsked('cluster')) await measureLargeCluster();
if (isAsked('start')) await measureStart();
if (flags.json !== undefined) {
  const report = results.map((row) => ({
    ...row,
    bar: row.bar ?? null,
    holds: row.bar === undefined ? null : row.ratio <= row.bar,
  }));
  writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
}
process.exit(0);

/** The lists in the form of every other row: CPU against the floor of the same size. */
function listRows(): readonly BenchRow[] {
  return rows.map((row) => {
    const floor = floorOf(row);
    return {
      name: row.name,
      value: row.cpuMs,
      unit: 'ms CPU',
      yardstick: floor.name,
      ratio: row.cpuMs / floor.cpuMs,
      ...(row.name.startsWith('gateway: 1000') ? { bar: 2 } : {}),
    };
  });
}

function floorOf(row: Measured): Measured {
  const size = row.name.match(/(\d+) pods/)?.[1];
  return rows.find((other) => other.name.startsWith('floor') && other.name.includes(` ${size} pods`)) ?? row;
}

function printRows(measured: readonly BenchRow[]): void {
  console.log('\n| what | value | against | ratio | bar |\n| --- | --- | --- | --- | --- |');
  for (const { name, value, unit, yardstick, ratio, bar } of measured) {
    console.log(`| ${name} | ${value.toFixed(2)} ${unit} | ${yardstick} | ${ratio.toFixed(2)} | ${bar ?? ''} |`);
  }
}

async function benchLists(): Promise<void> {
  // Without controllers: nothing but the requests measured here moves.
  await using cluster = await startEmbeddedCluster({ name: 'bench', controllers: false });
  createPods(cluster.store, 'bench', 1_000);
  const folder = mkdtempSync(join(tmpdir(), 'longshore-bench-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, cluster.kubeconfig);
  await using gateway = await startTestGateway({ settings: { clusters: [{ name: 'bench', kubeconfig }] } });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    authorization: `Bearer ${gateway.gateway.rooms.signIn.adminToken}`,
  };
  const query = (first: number) =>
    JSON.stringify({
      query: `{ pods(first: ${first}, filter: { namespaces: ["bench"] }) { nodes { ${podFields} } } }`,
    });
  const graphql = `${gateway.url}/graphql`;
  await untilSeen(graphql, headers);

  for (const first of [1_000, 50]) {
    const answer = await request(graphql, { method: 'POST', headers, body: query(first) });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    if (bytes.includes('"errors"')) throw new Error(bytes.toString().slice(0, 1_000));
    const floor = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
    });
    await new Promise<void>((resolve) => floor.listen(0, '127.0.0.1', () => resolve()));
    const floorUrl = `http://127.0.0.1:${(floor.address() as AddressInfo).port}/`;
    rows.push(
      await measure({ name: `floor: the same bytes of ${first} pods from a plain HTTP server`, url: floorUrl }),
    );
    rows.push(
      await measure({
        name: `gateway: ${first} pods x 30 fields`,
        url: graphql,
        method: 'POST',
        headers,
        body: query(first),
      }),
    );
    floor.close();
  }
  rows.push(
    await measure({
      name: 'cluster: its own LIST of the 1000 pods',
      url: `${cluster.url}/api/v1/namespaces/bench/pods?limit=1000`,
      headers: { authorization: `Bearer ${cluster.token}` },
      ca: cluster.caCertificate,
    }),
  );
  cluster.requests.clear();
  await request(graphql, { method: 'POST', headers, body: query(1_000) }).then(({ body }) => body.dump());
  rmSync(folder, { recursive: true });
  console.log(`requests to the cluster for one warm list: ${cluster.requests.count({ resource: 'pods' })}`);
}

async function untilSeen(url: string, headers: Record<string, string>): Promise<void> {
  const body = JSON.stringify({ query: '{ pods(first: 0, filter: { namespaces: ["bench"] }) { totalCount } }' });
  for (const endsAt = performance.now() + 20_000; performance.now() < endsAt; ) {
    const answer = (await (await request(url, { method: 'POST', headers, body })).body.json()) as {
      data?: { pods?: { totalCount: number } };
    };
    if (answer.data?.pods?.totalCount === 1_000) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('the gateway does not see the 1,000 pods');
}

function printLists(): void {
  console.log('\n| what | CPU ms/request | x floor | p50 ms | p99 ms | bytes |\n| --- | --- | --- | --- | --- | --- |');
  for (const row of rows) {
    const ratio = row.cpuMs / floorOf(row).cpuMs;
    const cells = [
      row.name,
      row.cpuMs.toFixed(3),
      ratio.toFixed(1),
      row.p50Ms.toFixed(1),
      row.p99Ms.toFixed(1),
      row.bytes,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
