import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { type PrometheusStandIn, startPrometheusStandIn } from '../support/start-prometheus-stand-in.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const developer = 'the-token-of-a-developer-of-the-shop';
const looker = 'the-token-of-one-who-reads-and-no-more';
const admin = 'the-token-of-an-administrator-of-all';
const hourMs = 3_600_000;
/** Six hours after the cluster was made, so that there is something to look back at. */
const clock = { ...systemClock, now: () => systemClock.now() + 6 * hourMs };
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let prometheus: PrometheusStandIn;
let gateway: TestGateway;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false, nodes: 0 }));
  addObjects();
  const { path } = stack.use(await kubeconfigFile(cluster));
  prometheus = stack.use(await startPrometheusStandIn());
  addSeries();
  addIndicators();
  addControlPlane();
  const backend = { url: prometheus.url, token: 'the-token-of-prometheus', tenant: 'ops', matchers: { place: 'here' } };
  const named = (name: string, more: object = {}) => ({ name, kubeconfig: path, ...more });
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        clusters: [
          named('far'),
          named('strict', { identity: 'impersonate' }),
          named('bare'),
          named('esk', { profile: 'esk' }),
        ],
        egress: { allow: [new URL(prometheus.url).host] },
        pluginSettings: {
          compute: {
            prometheus: ['far', 'strict', 'esk'].map((name) => ({ cluster: name, ...backend })),
            monitoring: {
              collectorImage: 'collector:1',
              indicators: [
                { metric: 'page_views_total', kind: 'COUNTER', description: 'Pages that were shown.' },
                { metric: 'open_sessions', kind: 'GAUGE' },
              ],
            },
          },
        },
        roles: [
          {
            name: 'looker',
            description: 'Reads everything in its namespaces, and nothing else.',
            extends: ['GUEST'],
            rules: [{ actions: ['READ'], subjects: 'ALL', where: 'namespaces' }],
          },
        ],
        tokens: [
          staticToken('dora', developer, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
          staticToken('lou', looker, { roles: ['looker'], namespaces: ['shop'] }),
          staticToken('anna', admin, { roles: ['ADMIN'] }),
        ],
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  prometheus.requests.length = 0;
  prometheus.failure = undefined;
});

function add(group: string, plural: string, object: object): void {
  cluster.store.create(cluster.store.resource(group, plural), object as never);
}

function addObjects(): void {
  for (const name of ['shop', 'theirs']) {
    add('', 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    for (let index = 0; index < 40; index += 1) {
      const spec = { containers: [{ name: 'main', image: 'web:1' }] };
      add('', 'pods', { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: name, name: `db-${index}` }, spec });
    }
    const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'main', image: 'web:1' }] } };
    for (const workload of ['db', 'cache']) {
      add('apps', 'statefulsets', {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { namespace: name, name: workload, labels: { 'app.kubernetes.io/name': 'store' } },
        spec: { serviceName: workload, selector: { matchLabels: { app: 'db' } }, template },
      });
    }
  }
  for (const name of ['n1', 'n2']) add('', 'nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
}

/** Each pod of the shop uses 0.2 cores and 1,000 bytes, each of theirs ten times that; one that is gone is remembered. */
function addSeries(): void {
  const place = { place: 'here' };
  const { series } = prometheus;
  for (const [namespace, factor] of [
    ['shop', 1],
    ['theirs', 10],
  ] as const) {
    for (const pod of [...Array.from({ length: 40 }, (_, index) => `db-${index}`), 'db-99']) {
      const labels = { ...place, namespace, pod, container: 'main' };
      const whole = { ...place, namespace, pod, container: '' };
      series.push(
        { name: 'container_cpu_usage_seconds_total', labels, valueAt: (at) => at * 0.2 * factor },
        { name: 'container_cpu_usage_seconds_total', labels: whole, valueAt: (at) => at * 0.2 * factor },
        { name: 'container_memory_working_set_bytes', labels, valueAt: () => 1_000 * factor },
        {
          name: 'container_network_receive_bytes_total',
          labels: { ...place, namespace, pod, interface: 'eth0' },
          valueAt: (at) => at * 7,
        },
      );
    }
  }
  for (const node of ['n1', 'n2']) {
    series.push(
      { name: 'container_cpu_usage_seconds_total', labels: { ...place, node, id: '/' }, valueAt: (at) => at * 1.5 },
      {
        name: 'container_fs_usage_bytes',
        labels: { ...place, node, id: '/', device: '/dev/sda1' },
        valueAt: () => 5_000,
      },
      { name: 'container_fs_usage_bytes', labels: { ...place, node, id: '/', device: 'tmpfs' }, valueAt: () => 1 },
    );
  }
  series.push({
    name: 'container_memory_working_set_bytes',
    labels: { place: 'elsewhere', namespace: 'shop', pod: 'db-0', container: 'main' },
    valueAt: () => 1e9,
  });
}

/** Each pod of the shop shows 3 pages a second and has 2 sessions, those of theirs ten times as many; a container that is no collector says more. */
function addIndicators(): void {
  const { series } = prometheus;
  for (const [namespace, factor] of [
    ['shop', 1],
    ['theirs', 10],
  ] as const) {
    for (const pod of ['db-0', 'db-1', 'cache-0']) {
      const labels = { place: 'here', namespace, pod, container: 'monitoring-collector' };
      series.push(
        { name: 'page_views_total', labels: { ...labels, path: '/' }, valueAt: (at) => at * 2 * factor },
        { name: 'page_views_total', labels: { ...labels, path: '/cart' }, valueAt: (at) => at * factor },
        { name: 'page_views_total', labels: { ...labels, container: 'main' }, valueAt: (at) => at * 1_000 },
        { name: 'open_sessions', labels, valueAt: () => 2 * factor },
        { name: 'secret_total', labels, valueAt: () => 1 },
      );
    }
  }
}

/** 50 requests a second, of which 10 fail; half of them take 0.1 s at most, all 1 s. */
function addControlPlane(): void {
  const place = { place: 'here' };
  const { series } = prometheus;
  for (const [code, perSecond] of [
    ['200', 40],
    ['503', 10],
  ] as const) {
    series.push({ name: 'apiserver_request_total', labels: { ...place, code }, valueAt: (at) => at * perSecond });
  }
  for (const [le, perSecond] of [
    ['0.1', 30],
    ['1', 50],
    ['+Inf', 50],
  ] as const) {
    const name = 'apiserver_request_duration_seconds_bucket';
    series.push({ name, labels: { ...place, le, verb: 'LIST' }, valueAt: (at) => at * perSecond });
  }
  for (const [instance, size] of [
    ['a', 5_000],
    ['b', 7_000],
  ] as const) {
    series.push(
      { name: 'etcd_mvcc_db_total_size_in_bytes', labels: { ...place, instance }, valueAt: () => size },
      { name: 'etcd_server_leader_changes_seen_total', labels: { ...place, instance }, valueAt: () => 3 },
    );
  }
}

const ago = (hours: number) => new Date(clock.now() - hours * hourMs).toISOString();
const range = (hours = 1) => `range: { since: "${ago(hours)}" }`;
const fields = '{ metric unit scope stepSeconds points { at value } }';

interface Series {
  readonly metric: string;
  readonly unit: string;
  readonly scope: string;
  readonly stepSeconds: number;
  readonly points: readonly { readonly at: string; readonly value: number }[];
}
type Row = { readonly name: string; readonly metrics: readonly Series[] | null };

async function ask(source: string, token = developer) {
  const answer = await gateway.query<Record<string, { readonly nodes: readonly Row[] } & Row>, object>(
    source,
    {},
    { token },
  );
  const errors = (answer.errors ?? []).map(({ message, extensions }) => `${extensions?.code}: ${message}`);
  return { data: answer.data, errors };
}

/** The last of each series, in the order of metrics. */
function last(series: readonly Series[] | null | undefined): string[] {
  return (series ?? []).map(({ metric, points }) => `${metric} ${Math.round(points.at(-1)?.value ?? Number.NaN)}`);
}

describe('metrics over time (CMP-110)', () => {
  it('are told of every pod of a list by one request for each metric, of one’s own namespaces alone', async () => {
    const { data, errors } = await ask(
      `{ pods(first: 100, filter: { cluster: "far" }) { nodes { name metrics(${range()}, metrics: [CPU, MEMORY]) ${fields} } } }`,
    );
    expect(errors).toEqual([]);
    const nodes = data?.pods?.nodes ?? [];
    expect(nodes).toHaveLength(40);
    for (const { metrics } of nodes) expect(last(metrics)).toEqual(['CPU 200', 'MEMORY 1000']);
    const [cpu] = nodes[0]?.metrics ?? [];
    expect(cpu).toMatchObject({ unit: 'MILLICORES', scope: 'OBJECT', stepSeconds: 30 });
    expect(cpu?.points.length).toBeGreaterThan(110);
    expect(prometheus.requests).toHaveLength(2);
    for (const { headers, parameters } of prometheus.requests) {
      expect(headers).toMatchObject({ authorization: 'Bearer the-token-of-prometheus', 'x-scope-orgid': 'ops' });
      expect(parameters.get('query')).toContain('namespace=~"shop"');
      expect(parameters.get('query')).not.toContain('theirs');
    }
  });

  it('are told of every workload by one request, pods that are gone included', async () => {
    const { data, errors } = await ask(
      `{ workloads(filter: { cluster: "far" }, orderBy: [{ field: NAME, direction: ASC }]) { nodes { name metrics(${range()}, metrics: [MEMORY, NETWORK_RECEIVE]) ${fields} } } }`,
    );
    expect(errors).toEqual([]);
    expect(data?.workloads?.nodes.map(({ name, metrics }) => [name, last(metrics)])).toEqual([
      ['cache', ['MEMORY NaN', 'NETWORK_RECEIVE NaN']],
      ['db', ['MEMORY 41000', 'NETWORK_RECEIVE 287']],
    ]);
    expect(prometheus.requests).toHaveLength(2);
  });

  it('are told of every node by one request, disks included', async () => {
    const { data, errors } = await ask(
      `{ clusterNodes(filter: { cluster: "far" }) { nodes { name metrics(${range()}, metrics: [CPU, DISK]) ${fields} } } }`,
    );
    expect(errors).toEqual([]);
    expect(data?.clusterNodes?.nodes.map(({ metrics }) => last(metrics))).toEqual([
      ['CPU 1500', 'DISK 5000'],
      ['CPU 1500', 'DISK 5000'],
    ]);
    expect(prometheus.requests).toHaveLength(2);
  });

  it('are of the whole cluster for who may read all of it, and of one’s own namespaces for others', async () => {
    const source = `{ cluster(name: "far") { name metrics(${range()}, metrics: [MEMORY, DISK]) ${fields} } }`;
    const own = (await ask(source)).data?.cluster?.metrics;
    expect([last(own), own?.map(({ scope }) => scope)]).toEqual([
      ['MEMORY 41000', 'DISK 10000'],
      ['NAMESPACES', 'CLUSTER'],
    ]);
    const all = (await ask(source, admin)).data?.cluster?.metrics;
    expect([last(all), all?.map(({ scope }) => scope)]).toEqual([
      ['MEMORY 451000', 'DISK 10000'],
      ['CLUSTER', 'CLUSTER'],
    ]);
  });

  it('begin where the namespace was made: what was before is of another one', async () => {
    const { data } = await ask(
      `{ workload(cluster: "far", kind: STATEFUL_SET, namespace: "shop", name: "db") { name metrics(${range(12)}, metrics: [MEMORY]) ${fields} } }`,
    );
    const [series] = data?.workload?.metrics ?? [];
    const made = clock.now() - 6 * hourMs;
    expect(Date.parse(series?.points[0]?.at ?? '')).toBeGreaterThan(made - 60_000);
    expect(series?.points.length).toBeGreaterThan(50);
  });

  it('are not for who may read the pod and not its metrics (refused)', async () => {
    const { data, errors } = await ask(
      `{ pods(first: 1, filter: { cluster: "far" }) { nodes { name metrics(${range()}) ${fields} } } }`,
      looker,
    );
    expect(data?.pods?.nodes).toEqual([{ name: 'db-0', metrics: null }]);
    expect(errors).toEqual([expect.stringMatching(/^FORBIDDEN/)]);
    expect(prometheus.requests).toEqual([]);
  });

  it('are not for whom the cluster itself does not let read them, who is an administrator of the gateway (refused)', async () => {
    const { data, errors } = await ask(
      `{ cluster(name: "strict") { name metrics(${range()}, metrics: [MEMORY]) ${fields} } }`,
      admin,
    );
    expect(errors).toEqual([]);
    expect(data?.cluster?.metrics).toMatchObject([{ scope: 'NAMESPACES', points: [] }]);
    expect(prometheus.requests).toEqual([]);
    add('rbac.authorization.k8s.io', 'clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'anna' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'anna' }],
    });
    await until(async () => {
      const granted = await ask(
        `{ cluster(name: "strict") { name metrics(${range()}, metrics: [MEMORY]) ${fields} } }`,
        admin,
      );
      expect(granted.data?.cluster?.metrics).toMatchObject([{ scope: 'CLUSTER' }]);
    });
  });

  it.each([
    [
      'a span of more than 31 days',
      'since: "2020-01-01T00:00:00Z", until: "2020-02-02T00:00:00Z"',
      'at most 31 days before until',
    ],
    [
      'what is more than 90 days ago',
      'since: "2020-01-01T00:00:00Z", until: "2020-01-02T00:00:00Z"',
      'at most 90 days ago',
    ],
  ])('are refused for %s where the profile says so (esk, refused)', async (_what, asked, says) => {
    const source = (cluster: string) =>
      `{ cluster(name: "${cluster}") { name metrics(range: { ${asked} }) { metric } } }`;
    const { data, errors } = await ask(source('esk'), admin);
    expect(data?.cluster?.metrics).toBeNull();
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^BAD_USER_INPUT.*${says}`))]);
    expect((await ask(source('far'), admin)).errors).toEqual([]);
  });

  it.each([
    ['the disk of a pod', 'metrics: [DISK]', '', 'DISK is measured of nodes'],
    ['an end before its begin', '', ', until: "2020-01-01T00:00:00Z"', 'since must be before until'],
    ['a step of nothing', '', ', stepSeconds: 0', 'stepSeconds must be'],
    ['more points than anybody sees', '', ', stepSeconds: 15, until: null', 'stepSeconds must be at least'],
  ])('are refused for %s (bad input)', async (_what, metrics, more, says) => {
    const asked = `range: { since: "${ago(5)}"${more} } ${metrics}`;
    const { data, errors } = await ask(
      `{ pods(first: 1, filter: { cluster: "far" }) { nodes { name metrics(${asked}) { metric } } } }`,
    );
    expect(data?.pods?.nodes).toEqual([{ name: 'db-0', metrics: null }]);
    expect(errors).toEqual([expect.stringContaining(says)]);
  });

  it('are not told of a cluster without a backend, and its rows stay', async () => {
    const { data, errors } = await ask(
      `{ pods(first: 1, filter: { cluster: "bare" }) { nodes { name metrics(${range()}) { metric } } } }`,
    );
    expect(data?.pods?.nodes).toEqual([{ name: 'db-0', metrics: null }]);
    expect(errors).toEqual([expect.stringMatching(/^CAPABILITY_MISSING/)]);
  });

  it.each([
    [{ status: 503, body: 'no' }, 'answers with status 503'],
    [{ status: 401, body: 'no' }, 'refuses the gateway'],
    [{ status: 422, body: '{"status":"error","error":"too many samples"}' }, 'status 422: too many samples'],
    [{ status: 200, body: '<html>' }, 'something else than its API says'],
    [{ status: 200, body: '{"status":"success","data":{"result":"x"}}' }, 'something else than its API says'],
  ])('fail alone where the backend answers %j', async (failure, says) => {
    prometheus.failure = failure;
    const { data, errors } = await ask(
      `{ pods(first: 2, filter: { cluster: "far" }) { nodes { name metrics(${range()}, metrics: [CPU]) { metric } } } }`,
    );
    expect(data?.pods?.nodes.map(({ metrics }) => metrics)).toEqual([null, null]);
    expect(errors).toHaveLength(2);
    for (const error of errors) {
      expect(error).toContain(says);
      expect(error).toMatch(/^UPSTREAM_UNAVAILABLE/);
      expect(error).not.toContain('the-token-of-prometheus');
    }
    expect(prometheus.requests).toHaveLength(1);
  });
});

describe('indicators of apps (CMP-113)', () => {
  interface Told {
    readonly name: string;
    readonly unit: string;
    readonly points: readonly { readonly value: number }[];
  }
  type Of = { readonly name: string; readonly indicators: readonly Told[] | null };
  const shown = (of: Of | null | undefined) =>
    (of?.indicators ?? []).map(({ name, unit, points }) => `${name} ${Math.round(points.at(-1)?.value ?? -1)} ${unit}`);
  const fieldsOf = (names = '') =>
    `name indicators(${range()}${names}) { name unit description kind points { value } }`;
  const one = (more = '', namespace = 'shop') =>
    `{ workload(cluster: "far", kind: STATEFUL_SET, namespace: "${namespace}", name: "db") { ${fieldsOf(more)} } }`;

  it('are told of every workload of a list by one request for each, of their collectors in its pods alone', async () => {
    const { data, errors } = await ask(
      `{ workloads(filter: { cluster: "far" }, orderBy: [{ field: NAME, direction: ASC }]) { nodes { ${fieldsOf()} } } }`,
    );
    expect(errors).toEqual([]);
    expect((data?.workloads?.nodes as unknown as Of[]).map((each) => [each.name, ...shown(each)])).toEqual([
      ['cache', 'page_views_total 3 PER_SECOND', 'open_sessions 2 COUNT'],
      ['db', 'page_views_total 6 PER_SECOND', 'open_sessions 4 COUNT'],
    ]);
    expect(prometheus.requests).toHaveLength(2);
    for (const { parameters } of prometheus.requests) expect(parameters.get('query')).not.toContain('theirs');
  });

  it('are summed over the workloads of an application, as far as one may read their metrics', async () => {
    const source =
      'mutation ($input: CreateApplicationInput!) { createApplication(input: $input) { __typename ... on CreateApplicationSuccess { application { id } } ... on Error { message } } }';
    const input = { cluster: 'far', namespace: 'shop', name: 'store' };
    const made = await gateway.query<{ createApplication: { application: { id: string } } }, object>(
      source,
      { input },
      { token: admin },
    );
    const { id } = made.data?.createApplication.application ?? { id: '' };
    const asked = `{ application(id: "${id}") { ${fieldsOf(', names: ["page_views_total"]')} } }`;
    const { data, errors } = await ask(asked);
    expect(errors).toEqual([]);
    expect(shown(data?.application as unknown as Of)).toEqual(['page_views_total 9 PER_SECOND']);
    const refused = await ask(asked, looker);
    expect(refused.errors).toEqual([expect.stringMatching(/^FORBIDDEN/)]);
    expect(refused.data?.application).toEqual({ name: 'store', indicators: null });
  });

  it('are not for who may read the workload and not its metrics, nor of what is another’s (refused)', async () => {
    const { data, errors } = await ask(one(), looker);
    expect(data?.workload).toEqual({ name: 'db', indicators: null });
    expect(errors).toEqual([expect.stringMatching(/^FORBIDDEN/)]);
    expect(await ask(one('', 'theirs'))).toEqual({ data: { workload: null }, errors: [] });
    expect(prometheus.requests).toEqual([]);
  });

  it.each([
    ['a metric that nobody lists', ', names: ["secret_total"]'],
    ['one that hides others', ', names: ["page_views_total{namespace=\\"theirs\\"}"]'],
    ['more than 20', `, names: [${Array.from({ length: 21 }, (_, at) => `"m${at}"`).join(', ')}]`],
  ])('are refused for %s (refused, bad input)', async (_what, names) => {
    const { data, errors } = await ask(one(names));
    expect(data?.workload).toEqual({ name: 'db', indicators: null });
    expect(errors).toEqual([expect.stringMatching(/^BAD_USER_INPUT: names/)]);
    expect(prometheus.requests).toEqual([]);
  });
});

describe('metrics of the control plane (CMP-17)', () => {
  const source = (cluster: string, more = '') =>
    `{ cluster(name: "${cluster}") { name metrics: controlPlaneMetrics(${range()}${more}) { metric unit stepSeconds points { at value } } } }`;

  it('tell how API server and etcd do, to administrators', async () => {
    const { data, errors } = await ask(source('far'), admin);
    expect(errors).toEqual([]);
    const told = (data?.cluster?.metrics ?? []).map(({ metric, unit, points }) => [metric, unit, points.at(-1)?.value]);
    expect(told).toEqual([
      ['API_REQUEST_RATE', 'PER_SECOND', expect.closeTo(50)],
      ['API_ERROR_RATIO', 'RATIO', expect.closeTo(0.2)],
      ['API_LATENCY_P50', 'SECONDS', expect.closeTo(0.1)],
      ['API_LATENCY_P99', 'SECONDS', expect.closeTo(1)],
      ['ETCD_DATABASE_SIZE', 'BYTES', 7_000],
      ['ETCD_LEADER_CHANGES', 'COUNT', 0],
      ['ETCD_SYNC_P99', 'SECONDS', undefined],
    ]);
    expect(prometheus.requests).toHaveLength(7);
  });

  it('are not for developers (refused)', async () => {
    const { data, errors } = await ask(source('far'));
    expect(data?.cluster).toEqual({ name: 'far', metrics: null });
    expect(errors).toEqual([expect.stringMatching(/^FORBIDDEN/)]);
    expect(prometheus.requests).toEqual([]);
  });

  it('are refused for a range that is none, and missing without a backend (bad input)', async () => {
    const bad = `{ cluster(name: "far") { name metrics: controlPlaneMetrics(range: { since: "${ago(-1)}" }) { metric } } }`;
    expect((await ask(bad, admin)).errors).toEqual([expect.stringMatching(/^BAD_USER_INPUT/)]);
    expect((await ask(source('bare'), admin)).errors).toEqual([expect.stringMatching(/^CAPABILITY_MISSING/)]);
  });
});
