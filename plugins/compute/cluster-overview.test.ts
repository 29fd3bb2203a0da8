import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staticToken } from '../../test/support/static-token.ts';

const developer = 'the-token-of-a-developer-of-the-shop';
const outsider = 'the-token-of-one-who-has-no-namespace';
const admin = 'the-token-of-an-administrator-of-all';
let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { enabled: true },
      clusters: [{ name: 'nowhere', kubeconfig: '/nonexistent/folder/kubeconfig' }],
      tokens: [
        staticToken('developer', developer, { roles: ['DEVELOPER'], namespaces: ['shop'] }),
        staticToken('outsider', outsider, { roles: ['DEVELOPER'], namespaces: ['elsewhere'] }),
        staticToken('admin', admin, { roles: ['ADMIN'] }),
      ],
    },
  });
});
afterAll(() => gateway?.stop());

interface Health {
  readonly total: number;
  readonly healthy: number;
  readonly unhealthy: number;
}
interface Overview {
  readonly scope: string;
  readonly nodes: Health;
  readonly pods: Health;
  readonly statelessApps: Health;
  readonly anomalyCount: number;
  readonly anomalies: readonly { readonly reason: string; readonly node: { readonly name: string } }[];
  readonly cpuRequestedMillicores: number;
  readonly cpuAllocatableMillicores: number;
  readonly cpuPercent: number | null;
  readonly memoryPercent: number | null;
  readonly problems: readonly { readonly cluster: string; readonly code: string }[];
}
interface Answer {
  readonly clusters: { readonly nodes: readonly { readonly name: string; readonly overview: Overview }[] };
  readonly cluster: {
    readonly overview: Overview;
    readonly usage: { readonly cpuMillicores: number; readonly memoryBytes: number; readonly scope: string } | null;
    readonly components: readonly { readonly name: string; readonly state: string }[];
  };
  readonly pods: { readonly totalCount: number };
  readonly all: { readonly totalCount: number };
}

const health = '{ total healthy unhealthy }';
const overview = `overview { scope nodes ${health} pods ${health} statelessApps ${health} anomalyCount anomalies { reason node { name } }
  cpuRequestedMillicores cpuAllocatableMillicores cpuPercent memoryPercent problems { cluster code } }`;

async function ask(source: string, token = developer) {
  const { data, errors } = await gateway.query<Answer, object>(source, {}, { token });
  return { data: data as Answer, errors: (errors ?? []).map(({ extensions }) => extensions?.code) };
}

const page = (more = '') => `{ cluster(name: "embedded") { ${overview} ${more} } }`;

function setCondition(name: string, type: string, status: string): void {
  const { store } = gateway.cluster;
  const kind = store.resource('', 'nodes');
  const node = structuredClone(store.get(kind, undefined, name)) as unknown as {
    status: { conditions: { type: string; status: string }[] };
  };
  node.status.conditions = [...node.status.conditions.filter((each) => each.type !== type), { type, status }];
  store.update(kind, node as never, { subresource: 'status' } as never);
}

describe('the overview of a cluster (CMP-12, CMP-111)', () => {
  it('counts nodes for everybody, and of pods, apps and what they ask for what one may see', async () => {
    const lists = 'pods(first: 0, filter: { cluster: "embedded" }) { totalCount }';
    await expect
      .poll(async () => (await ask(page())).data.cluster.overview.pods.unhealthy, { timeout: 20_000 })
      .toBeLessThanOrEqual(2);
    const mine = (await ask(`{ cluster(name: "embedded") { ${overview} } ${lists} }`)).data;
    const whole = (await ask(`{ cluster(name: "embedded") { ${overview} } ${lists} }`, admin)).data;
    expect(mine.cluster.overview).toMatchObject({ scope: 'NAMESPACES', nodes: { total: 3 }, problems: [] });
    expect(whole.cluster.overview).toMatchObject({ scope: 'CLUSTER', nodes: { total: 3 }, problems: [] });
    for (const { cluster, pods } of [mine, whole]) {
      const {
        pods: counted,
        statelessApps,
        cpuRequestedMillicores: used,
        cpuAllocatableMillicores: of,
      } = cluster.overview;
      expect(counted.total).toBe(pods.totalCount);
      expect(counted.healthy + counted.unhealthy).toBe(counted.total);
      expect(statelessApps.total).toBeGreaterThan(0);
      expect(cluster.overview.cpuPercent).toBeCloseTo((100 * used) / of, 1);
    }
    expect(whole.cluster.overview.pods.total).toBeGreaterThan(mine.cluster.overview.pods.total);
  });

  it('shows no pod to who may see none (refused)', async () => {
    const { data } = await ask(page(), outsider);
    const none = { total: 0, healthy: 0, unhealthy: 0 };
    expect(data.cluster.overview).toMatchObject({
      scope: 'NAMESPACES',
      pods: none,
      statelessApps: none,
      cpuRequestedMillicores: 0,
    });
  });

  it.each([-1, 1_001])('refuses to show %i anomalies (bad input)', async (first) => {
    const { errors } = await ask(
      `{ cluster(name: "embedded") { overview { anomalies(first: ${first}) { reason } } } }`,
    );
    expect(errors).toEqual(['BAD_USER_INPUT']);
  });

  it('costs no cluster a request, and one that does not answer is a row of problems beside the others', async () => {
    await ask(`{ clusters { nodes { name ${overview} } } }`);
    gateway.cluster.requests.clear();
    const { data, errors } = await ask(`{ clusters { nodes { name ${overview} } } }`);
    expect(errors).toEqual([]);
    const [embedded, nowhere] = data.clusters.nodes;
    expect(embedded?.overview.problems).toEqual([]);
    expect(nowhere?.overview.problems[0]).toMatchObject({ cluster: 'nowhere', code: 'UPSTREAM_UNAVAILABLE' });
    expect(nowhere?.overview).toMatchObject({ nodes: { total: 0 }, cpuPercent: null });
    const asked = gateway.cluster.requests.entries.filter(({ verb }) => verb !== 'watch');
    // Other kinds are still being read for the first time.
    const counted = ['nodes', 'pods', 'deployments', 'clonesets', 'subjectaccessreviews'];
    expect(asked.filter(({ resource }) => counted.includes(resource))).toEqual([]);
  });

  it('tells what is used now: of the nodes, or of one’s own pods', async () => {
    const usage = async (token: string) =>
      (await ask(page('usage { cpuMillicores memoryBytes scope }'), token)).data.cluster.usage;
    await expect
      .poll(async () => (await usage(developer))?.memoryBytes, { timeout: 20_000 })
      .toBeGreaterThan(1_000_000);
    const [mine, whole] = [await usage(developer), await usage(admin)];
    expect([mine?.scope, whole?.scope]).toEqual(['NAMESPACES', 'CLUSTER']);
    expect(whole?.memoryBytes).toBeGreaterThan(mine?.memoryBytes ?? Number.NaN);
    expect(await usage(outsider)).toEqual({ cpuMillicores: 0, memoryBytes: 0, scope: 'NAMESPACES' });
  });

  it('tells the use of a cluster that does not answer as an error of that field alone', async () => {
    const { data, errors } = await ask('{ cluster(name: "nowhere") { name usage { scope } } }', admin);
    expect(data.cluster).toEqual({ name: 'nowhere', usage: null });
    expect(errors).toEqual(['UPSTREAM_UNAVAILABLE']);
  });
});

describe('counts of nodes (CMP-12, CMP-111)', () => {
  it('follow what becomes of the nodes, and the overview names the one that is not well', async () => {
    interface Message {
      readonly clusterNodeCountChanges: {
        readonly type: string;
        readonly counts: { readonly total: number; readonly healthy: number } | null;
      };
    }
    const stream = gateway.subscribe<Message, object>(
      'subscription { clusterNodeCountChanges(filter: { cluster: "embedded" }) { type counts { total ready healthy schedulable } } }',
      {},
      { token: developer },
    );
    const told = () =>
      stream.received.flatMap(({ data }) => {
        const { type, counts } = data?.clusterNodeCountChanges ?? {};
        return counts ? [`${type} ${counts.healthy}/${counts.total}`] : [];
      });
    await expect.poll(told).toEqual(['ADDED 3/3']);
    const { data } = await gateway.query<{ clusterNodes: { nodes: readonly { name: string }[] } }, object>(
      '{ clusterNodes(filter: { cluster: "embedded" }) { nodes { name } } }',
      {},
      { token: developer },
    );
    const name = data?.clusterNodes.nodes[0]?.name ?? '';
    setCondition(name, 'ReadonlyFilesystem', 'True');
    await expect.poll(told).toEqual(['ADDED 3/3', 'MODIFIED 2/3']);
    const { anomalyCount, anomalies, nodes } = (await ask(page())).data.cluster.overview;
    expect([anomalyCount, anomalies, nodes.unhealthy]).toEqual([
      1,
      [{ reason: 'ReadonlyFilesystem', node: { name } }],
      1,
    ]);
    setCondition(name, 'ReadonlyFilesystem', 'False');
    await expect.poll(told).toEqual(['ADDED 3/3', 'MODIFIED 2/3', 'MODIFIED 3/3']);
  });

  it('refuse a filter that cannot be read (bad input)', async () => {
    const { errors } = await ask('{ clusterNodeCounts(filter: { labelSelector: "a in" }) { total } }');
    expect(errors).toEqual(['BAD_USER_INPUT']);
  });
});

describe('components of a cluster (CMP-17)', () => {
  it('are those of kube-system, for who may see its pods', async () => {
    const { store } = gateway.cluster;
    const labels = { component: 'etcd', tier: 'control-plane' };
    store.create(store.resource('', 'pods'), {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'etcd-a', namespace: 'kube-system', labels },
      spec: { nodeName: 'nowhere', containers: [{ name: 'etcd', image: 'etcd:3' }] },
    } as never);
    const source = '{ cluster(name: "embedded") { components { name isControlPlane state ready pods { name } } } }';
    await expect
      .poll(async () => (await ask(source, admin)).data.cluster.components)
      .toContainEqual({ name: 'etcd', isControlPlane: true, state: 'DOWN', ready: 0, pods: [{ name: 'etcd-a' }] });
    expect((await ask(source)).data.cluster.components).toEqual([]);
  });
});
