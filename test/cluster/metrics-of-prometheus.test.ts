import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { dashboardExpressions } from '../support/dashboard-expressions.ts';
import { findPrometheus, mustSkip } from '../support/needs.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const token = 'the-token-of-an-administrator-of-all';
const binary = findPrometheus();
const stack = new AsyncDisposableStack();
let gateway: TestGateway;

/** What a kubelet, an API server and an etcd would tell: counters that grow with time. */
function exposition(): string {
  const now = Date.now() / 1_000;
  const container = 'namespace="shop",container="main"';
  const odd = 'namespace="odd\\"} or vector(1)",pod="web-0",container="main"';
  return [
    ...['web-0', 'web-1'].map((pod) => `container_memory_working_set_bytes{${container},pod="${pod}"} 1000`),
    `container_memory_working_set_bytes{${odd}} 5`,
    `container_memory_working_set_bytes{namespace="shop",container="",pod="web-0"} 9000`,
    ...['web-0', 'web-1'].map((pod) => `container_cpu_usage_seconds_total{${container},pod="${pod}"} ${now * 0.2}`),
    `container_network_receive_bytes_total{namespace="shop",pod="web-0",interface="eth0"} ${Math.round(now * 7)}`,
    `container_memory_working_set_bytes{node="n1",id="/"} 4000`,
    `container_fs_usage_bytes{node="n1",id="/",device="/dev/sda1"} 5000`,
    `apiserver_request_total{code="200"} ${now * 40}`,
    `apiserver_request_total{code="503"} ${now * 10}`,
    ...['0.1', '1', '+Inf'].map(
      (le) => `apiserver_request_duration_seconds_bucket{le="${le}",verb="LIST"} ${now * (le === '0.1' ? 30 : 50)}`,
    ),
    'etcd_mvcc_db_total_size_in_bytes 7000',
    'etcd_server_leader_changes_seen_total 3',
    ...['echo-0', 'other-0'].map(
      (pod) => `page_views_total{namespace="default",container="monitoring-collector",pod="${pod}"} ${now * 3}`,
    ),
    '',
  ].join('\n');
}

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address() as AddressInfo;
  socket.close();
  await once(socket, 'close');
  return port;
}

async function startPrometheus(path: string): Promise<string> {
  const exporter = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(exposition());
  }).listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  stack.defer(() => {
    exporter.closeAllConnections();
    exporter.close();
  });
  const folder = await mkdtemp(join(tmpdir(), 'longshore-prometheus-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const { port: scraped } = exporter.address() as AddressInfo;
  const config = {
    global: { scrape_interval: '1s', scrape_timeout: '1s' },
    scrape_configs: [
      { job_name: 'cluster', honor_labels: true, static_configs: [{ targets: [`127.0.0.1:${scraped}`] }] },
    ],
  };
  // JSON is YAML.
  await writeFile(join(folder, 'prometheus.yml'), JSON.stringify(config));
  const port = await freePort();
  const child = spawn(
    path,
    [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: 'ignore' },
  );
  stack.defer(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  const url = `http://127.0.0.1:${port}`;
  await until(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200));
  return url;
}

let prometheusUrl: string;

describe.skipIf(mustSkip('Prometheus', binary !== undefined))('metrics of a real Prometheus (CMP-110, CMP-17)', () => {
  beforeAll(async () => {
    const url = await startPrometheus(binary ?? '');
    prometheusUrl = url;
    gateway = stack.use(
      await startTestGateway({
        settings: {
          embedded: { enabled: true },
          egress: { allow: [new URL(url).host] },
          pluginSettings: {
            compute: {
              prometheus: [{ cluster: 'embedded', url, rateSeconds: 10 }],
              monitoring: {
                collectorImage: 'collector:1',
                indicators: [{ metric: 'page_views_total', kind: 'COUNTER' }],
              },
            },
          },
          tokens: [staticToken('anna', token, { roles: ['ADMIN'] })],
        },
      }),
    );
  });
  afterAll(() => stack.disposeAsync());

  interface Series {
    readonly metric: string;
    readonly points: readonly { readonly value: number }[];
  }

  async function last(field: string): Promise<Record<string, number | undefined>> {
    const since = new Date(Date.now() - 120_000).toISOString();
    const source = `{ cluster(name: "embedded") { series: ${field}(range: { since: "${since}", stepSeconds: 15 }) { metric points { value } } } }`;
    const { data, errors } = await gateway.query<{ cluster: { series: readonly Series[] } }, object>(
      source,
      {},
      { token },
    );
    expect(errors).toBeUndefined();
    return Object.fromEntries((data?.cluster.series ?? []).map(({ metric, points }) => [metric, points.at(-1)?.value]));
  }

  it('are asked by queries of the dashboard that it understands', async () => {
    for (const expression of dashboardExpressions()) {
      const query = expression.replaceAll('$__rate_interval', '1m').replace(/\$\w+/g, '.*');
      const response = await fetch(`${prometheusUrl}/api/v1/query?query=${encodeURIComponent(query)}`);
      expect(await response.json(), query).toMatchObject({ status: 'success' });
    }
  });

  it('are what it has scraped: the queries are ones that it understands', async () => {
    // Rates are taken over a step: it has to have scraped for as long.
    await expect
      .poll(() => last('metrics'), { timeout: 50_000, interval: 1_000 })
      .toEqual({
        CPU: expect.closeTo(400, -1),
        MEMORY: 2_005,
        NETWORK_RECEIVE: expect.closeTo(7, 0),
        NETWORK_TRANSMIT: undefined,
        DISK: 5_000,
      });
    expect(await last('controlPlaneMetrics')).toEqual({
      API_REQUEST_RATE: expect.closeTo(50, 0),
      API_ERROR_RATIO: expect.closeTo(0.2, 1),
      API_LATENCY_P50: expect.closeTo(0.083, 1),
      API_LATENCY_P99: expect.closeTo(0.95, 0),
      ETCD_DATABASE_SIZE: 7_000,
      ETCD_LEADER_CHANGES: 0,
      ETCD_SYNC_P99: undefined,
    });
  });

  it('has indicators of apps: of the pods of a workload alone (CMP-113)', async () => {
    const { store } = gateway.cluster;
    const template = { metadata: { labels: { app: 'echo' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
    store.create(store.resource('apps', 'statefulsets'), {
      ...{ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { namespace: 'default', name: 'echo' } },
      spec: { serviceName: 'echo', replicas: 0, selector: { matchLabels: { app: 'echo' } }, template },
    } as never);
    const since = new Date(Date.now() - 120_000).toISOString();
    const source = `{ workload(cluster: "embedded", kind: STATEFUL_SET, namespace: "default", name: "echo") {
      indicators(range: { since: "${since}", stepSeconds: 15 }) { name unit points { value } } } }`;
    const shown = async () => {
      const { data } = await gateway.query<{
        workload: { indicators: readonly { points: { value: number }[] }[] } | null;
      }>(source, {}, { token });
      return data?.workload?.indicators?.map(({ points }) => points.at(-1)?.value);
    };
    await expect.poll(shown, { timeout: 30_000, interval: 500 }).toEqual([expect.closeTo(3, 0)]);
  });

  it('take pods, nodes and workloads each in one query that it understands, whatever they are called', async () => {
    const since = new Date(Date.now() - 600_000).toISOString();
    const rows = (list: string) =>
      `${list}: ${list}(first: 50) { nodes { metrics(range: { since: "${since}" }) { metric points { value } } } }`;
    const { data, errors } = await gateway.query<Record<string, { nodes: object[] }>, object>(
      `{ ${['pods', 'workloads', 'clusterNodes'].map(rows).join(' ')} }`,
      {},
      { token },
    );
    expect(errors).toBeUndefined();
    for (const { nodes } of Object.values(data ?? {})) expect(nodes.length).toBeGreaterThan(0);
  });
});
