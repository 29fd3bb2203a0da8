import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { kubeconfigFile } from '../support/kubeconfig-file.ts';
import { type PrometheusStandIn, startPrometheusStandIn } from '../support/start-prometheus-stand-in.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';

const tokens = {
  admin: 'the-token-of-an-administrator-of-all',
  dora: 'the-token-of-a-developer-of-the-project',
  gus: 'the-token-of-a-guest-of-the-project',
  olaf: 'the-token-of-one-who-belongs-elsewhere',
};
let aheadMs = 0;
/** Time that a test can move while everything else goes on. */
const clock = { ...systemClock, now: () => systemClock.now() + aheadMs };
const stack = new AsyncDisposableStack();
let cluster: EmbeddedCluster;
let prometheus: PrometheusStandIn;
let gateway: TestGateway;
let project: string;

beforeAll(async () => {
  cluster = stack.use(await startEmbeddedCluster({ name: 'far', controllers: false, nodes: 0 }));
  for (const namespace of ['shop', 'theirs']) addNamespace(namespace);
  const { path } = stack.use(await kubeconfigFile(cluster));
  prometheus = stack.use(await startPrometheusStandIn());
  for (const [namespace, value] of [
    ['shop', 1_000],
    ['theirs', 9_000],
  ] as const) {
    const labels = { namespace, pod: 'web-0', container: 'main' };
    prometheus.series.push({ name: 'container_memory_working_set_bytes', labels, valueAt: () => value });
  }
  gateway = stack.use(
    await startTestGateway({
      clock,
      settings: {
        embedded: { enabled: false },
        clusters: [
          { name: 'far', kubeconfig: path },
          { name: 'bare', kubeconfig: path },
        ],
        egress: { allow: [new URL(prometheus.url).host] },
        pluginSettings: { compute: { prometheus: [{ cluster: 'far', url: prometheus.url, rateSeconds: 10 }] } },
        tokens: [
          staticToken('anna', tokens.admin, { roles: ['ADMIN'] }),
          staticToken('dora', tokens.dora, { roles: ['GUEST'] }),
          staticToken('gus', tokens.gus, { roles: ['GUEST'] }),
          staticToken('olaf', tokens.olaf, { roles: ['DEVELOPER'], namespaces: ['theirs'] }),
        ],
      },
    }),
  );
  project = await makeProject('far');
});
afterAll(() => stack.disposeAsync());
beforeEach(() => {
  prometheus.requests.length = 0;
});

function add(group: string, plural: string, kind: string, metadata: object, spec?: object): void {
  const apiVersion = group === '' ? 'v1' : `${group}/v1`;
  cluster.store.create(cluster.store.resource(group, plural), { apiVersion, kind, metadata, spec } as never);
}

function addNamespace(namespace: string): void {
  const resources = { requests: { cpu: '100m', memory: '64Mi' } };
  const containers = [{ name: 'main', image: 'web:1', resources }];
  const labels = { app: 'web' };
  add('', 'namespaces', 'Namespace', { name: namespace });
  for (const name of ['web-0', 'web-1']) add('', 'pods', 'Pod', { namespace, name }, { containers });
  const template = { metadata: { labels }, spec: { containers } };
  add(
    'apps',
    'statefulsets',
    'StatefulSet',
    { namespace, name: 'web' },
    { serviceName: 'web', selector: { matchLabels: labels }, template },
  );
  const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  add('', 'persistentvolumeclaims', 'PersistentVolumeClaim', { namespace, name: 'data' }, claim);
}

async function mutate<T>(name: string, input: object, fields = 'warnings'): Promise<T> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const source = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } } }`;
  const { data, errors } = await gateway.query<Record<string, { __typename: string }>>(
    source,
    { input },
    { token: tokens.admin },
  );
  expect(errors).toBeUndefined();
  expect(data?.[name]).toMatchObject({ __typename: `${type}Success` });
  return data?.[name] as T;
}

async function makeProject(of: string): Promise<string> {
  const fields = { identifier: `team-${of}`, displayName: 'Team' };
  const { project: made } = await mutate<{ project: { id: string } }>('createProject', fields, 'project { id }');
  await mutate('bindNamespaces', { id: made.id, namespaces: [{ cluster: of, namespace: 'shop' }] });
  const members = [
    { kind: 'PRINCIPAL', name: 'token:dora', role: 'DEVELOPER' },
    { kind: 'PRINCIPAL', name: 'token:gus', role: 'GUEST' },
  ];
  await mutate('addMembers', { id: made.id, members });
  return made.id;
}

interface Shown {
  readonly overview: {
    readonly workloads: { readonly total: number };
    readonly pods: { readonly total: number };
    readonly problems: readonly object[];
  };
  readonly members: { readonly totalCount: number };
  readonly admins: { readonly totalCount: number };
  readonly operations: { readonly nodes: readonly object[] };
  readonly metrics:
    | readonly { readonly scope: string; readonly points: readonly { readonly value: number }[] }[]
    | null;
}

const overview =
  'overview { applicationCount workloads { total byKind { kind count } } pods { total byPhase { phase count } } volumeClaimCount cpuRequestedMillicores memoryRequestedBytes problems { cluster code } }';

async function show(fields: string, token: string, id = project) {
  const source = `query ($id: ID!) { project(id: $id) { ${fields} } }`;
  const { data, errors } = await gateway.query<{ project: Shown | null }>(source, { id }, { token });
  return { project: data?.project, errors: (errors ?? []).map(({ extensions }) => extensions?.code) };
}

const range = () => `range: { since: "${new Date(clock.now() - 300_000).toISOString()}", stepSeconds: 15 }`;
const metrics = () => `metrics(${range()}, metrics: [MEMORY]) { scope points { value } }`;

describe('the overview of a project (CMP-112)', () => {
  it('has what runs in its namespaces, its members and administrators, and what was done of late', async () => {
    const more =
      'members(first: 0) { totalCount } admins: members(first: 0, filter: { roles: ["ADMIN"] }) { totalCount } operations(first: 5) { nodes { id } }';
    await until(async () => {
      const { project: shown, errors } = await show(`${overview} ${more}`, tokens.dora);
      expect(errors).toEqual([]);
      expect(shown?.overview).toEqual({
        applicationCount: 0,
        workloads: { total: 1, byKind: [{ kind: 'STATEFUL_SET', count: 1 }] },
        pods: { total: 2, byPhase: [{ phase: 'PENDING', count: 2 }] },
        volumeClaimCount: 1,
        cpuRequestedMillicores: 200,
        memoryRequestedBytes: 128 * 2 ** 20,
        problems: [],
      });
      expect(shown?.members.totalCount).toBeGreaterThanOrEqual(2);
      expect(shown?.admins.totalCount).toBeLessThan(shown?.members.totalCount ?? 0);
    });
    const { project: seen } = await show(more, tokens.admin);
    expect(seen?.operations.nodes.length).toBeGreaterThanOrEqual(2);
  });

  it('has what its pods are made of, and its templates and stacks; private images are for a registry to count', async () => {
    const counts = 'overview { popularImages { image podCount } privateImageCount templateCount stackCount }';
    const none = { popularImages: [{ image: 'web:1', podCount: 2 }], privateImageCount: null, stackCount: 0 };
    await until(async () => {
      const { project: shown, errors } = await show(counts, tokens.dora);
      expect(errors).toEqual([]);
      expect(shown?.overview).toEqual({ ...none, templateCount: 0 });
    });
    await mutate('createOrchestrationTemplate', {
      ...{ projectId: project, name: 'shop', format: 'COMPOSE' },
      content: 'services: { web: { image: "web:1" } }',
    });
    expect((await show(counts, tokens.dora)).project?.overview).toEqual({ ...none, templateCount: 1 });
    const unseen = { popularImages: [], templateCount: 0, stackCount: 0 };
    expect((await show(counts, tokens.gus)).project?.overview).toMatchObject(unseen);
    expect(await show('overview { popularImages(first: 101) { image } }', tokens.dora)).toMatchObject({
      errors: ['BAD_USER_INPUT'],
    });
  });

  it('shows nothing of its namespaces to who may not see into them, and nothing at all to who belongs elsewhere (refused)', async () => {
    await until(async () => {
      const { project: shown } = await show(`${overview} ${metrics()}`, tokens.gus);
      expect(shown?.overview).toMatchObject({ workloads: { total: 0 }, pods: { total: 0 }, volumeClaimCount: 0 });
      expect(shown?.metrics).toEqual([{ scope: 'NAMESPACES', points: [] }]);
    });
    expect(prometheus.requests).toEqual([]);
    expect((await show(overview, tokens.olaf)).project).toBeNull();
  });

  it('has the trend of its own namespaces alone, from when they are its own', async () => {
    expect((await show(metrics(), tokens.dora)).project?.metrics).toEqual([{ scope: 'NAMESPACES', points: [] }]);
    aheadMs += 120_000;
    const { project: shown, errors } = await show(metrics(), tokens.dora);
    expect(errors).toEqual([]);
    const values = shown?.metrics?.[0]?.points.map(({ value }) => value) ?? [];
    expect(new Set(values)).toEqual(new Set([1_000]));
    // Five minutes are asked for: it has belonged to it for two.
    expect(values.length).toBeGreaterThanOrEqual(6);
    expect(values.length).toBeLessThanOrEqual(9);
    expect(prometheus.requests.at(-1)?.parameters.get('query')).not.toContain('theirs');
  });

  it('has no trend where a cluster of it has no backend, and the rest stays', async () => {
    const bare = await makeProject('bare');
    const { project: shown, errors } = await show(`${overview} ${metrics()}`, tokens.admin, bare);
    expect(errors).toEqual(['CAPABILITY_MISSING']);
    expect(shown).toMatchObject({ metrics: null, overview: { pods: { total: 2 } } });
  });

  it.each([
    ['the disk, which belongs to nodes', () => `metrics(${range()}, metrics: [DISK]) { scope }`],
    [
      'a range that is none',
      () => 'metrics(range: { since: "2020-01-02T00:00:00Z", until: "2020-01-01T00:00:00Z" }) { scope }',
    ],
  ])('refuses %s (bad input)', async (_what, fields) => {
    expect(await show(fields(), tokens.dora)).toMatchObject({ project: { metrics: null }, errors: ['BAD_USER_INPUT'] });
  });
});
