import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedCluster, startEmbeddedCluster } from '../../src/embedded/start-embedded-cluster.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { type KubeconfigFile, kubeconfigFile } from '../support/kubeconfig-file.ts';
import { staticToken } from '../support/static-token.ts';
import { until } from '../support/until.ts';
import {
  ClusterStatesDocument,
  ConfigMapsDocument,
  NodeByIdDocument,
  ObjectsOfKindDocument,
  PodPageDocument,
  type PodPageQuery,
  ScaleWorkloadDocument,
  WorkloadsWithPodsDocument,
} from '../typed/graphql.ts';

const token = 'the-token-of-an-administrator-of-many-clusters';
const asAdmin = { token };

let second: EmbeddedCluster;
let dead: EmbeddedCluster;
let blackHole: Server;
let files: readonly KubeconfigFile[];
let gateway: TestGateway;

beforeAll(async () => {
  [second, dead, blackHole] = await Promise.all([
    startEmbeddedCluster({ name: 'second', sample: 'shop', speed: 40 }),
    startEmbeddedCluster({ name: 'dead', controllers: false }),
    startBlackHole(),
  ]);
  const address = blackHole.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const hole = { token: dead.token, kubeconfig: dead.kubeconfig.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`) };
  files = await Promise.all([kubeconfigFile(second), kubeconfigFile(dead), kubeconfigFile(hole)]);
  await dead.stop();
  gateway = await startTestGateway({
    clusterSpeed: 40,
    settings: {
      embedded: { enabled: true },
      tokens: [staticToken('operator', token, { roles: ['ADMIN'] })],
      clusters: [
        { name: 'second', kubeconfig: files[0]?.path },
        { name: 'dead', kubeconfig: files[1]?.path },
        { name: 'hole', kubeconfig: files[2]?.path },
        { name: 'nowhere', kubeconfig: '/nonexistent/folder/kubeconfig' },
      ],
    },
  });
  await until(async () => {
    const { pods } = await ask(gateway, PodPageDocument, { filter: { namespaces: ['shop'] } }, asAdmin);
    const clusters = pods.edges.map(({ node }) => node.cluster.name);
    expect(clusters.filter((name) => name === 'second').length).toBe(5);
    expect(clusters.filter((name) => name === 'embedded').length).toBe(5);
  });
});
afterAll(async () => {
  await gateway?.stop();
  await Promise.all([second?.stop(), new Promise((resolve) => blackHole?.close(resolve))]);
  await Promise.all((files ?? []).map((file) => file[Symbol.asyncDispose]()));
});

/** Takes connections and never says a word. */
function startBlackHole(): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.resume();
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

describe('a gateway with dead clusters', () => {
  it('starts, and says of each cluster how it is', async () => {
    const { clusters } = await until(async () => {
      const states = await ask(gateway, ClusterStatesDocument, {}, asAdmin);
      expect(states.clusters.nodes.find(({ name }) => name === 'dead')?.state).toBe('UNREACHABLE');
      return states;
    });
    const byName = Object.fromEntries(clusters.nodes.map((cluster) => [cluster.name, cluster]));
    expect(byName).toMatchObject({
      embedded: { state: 'READY', problem: null, isEmbedded: true },
      second: { state: 'READY', problem: null, isEmbedded: false },
      dead: { state: 'UNREACHABLE', problem: expect.stringContaining("'dead'") },
      nowhere: { state: 'UNREACHABLE', problem: expect.stringMatching(/kubeconfig/i) },
    });
    expect(['CONNECTING', 'UNREACHABLE']).toContain(byName.hole?.state);
  });

  it('tells the same in its report of the start', () => {
    const report = gateway.gateway.report();
    expect(report).toMatch(/cluster +embedded .*READY/);
    expect(report).toMatch(/cluster +nowhere .*UNREACHABLE/);
    expect(report).not.toContain(token);
  });

  it('is ready all the same', async () => {
    const answer = await fetch(`${gateway.url}/readyz`);
    expect([answer.status, await answer.text()]).toEqual([200, 'ok\n']);
  });

  it('lists the rows of those that live and names the others, in bounded time', async () => {
    const started = performance.now();
    const { pods } = await ask(gateway, PodPageDocument, { filter: { namespaces: ['shop'] } }, asAdmin);
    expect(performance.now() - started).toBeLessThan(4_000);
    expect(pods.totalCount).toBe(10);
    expect(pods.problems.map(({ cluster, code }) => [cluster, code]).sort()).toEqual([
      ['dead', 'UPSTREAM_UNAVAILABLE'],
      ['hole', 'UPSTREAM_UNAVAILABLE'],
      ['nowhere', 'UPSTREAM_UNAVAILABLE'],
    ]);
    for (const { message } of pods.problems) expect(message).not.toMatch(/\bat .*\.(ts|js):\d+|node_modules|undefined/);
  });

  it('merges the pages of several clusters without repeating or skipping a row', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let hasNext = true; hasNext; ) {
      const page: PodPageQuery = await ask(
        gateway,
        PodPageDocument,
        { first: 6, after, filter: { namespaces: ['shop'] }, orderBy: [{ field: 'NAME' }] },
        asAdmin,
      );
      seen.push(...page.pods.edges.map(({ node }) => `${node.name} ${node.cluster.name}`));
      after = page.pods.pageInfo.endCursor;
      hasNext = page.pods.pageInfo.hasNextPage;
    }
    expect(new Set(seen).size).toBe(10);
    expect(seen).toEqual([...seen].sort());
  });

  it('asks one cluster alone where the filter says so (CORE-32, CORE-40)', async () => {
    const filter = { cluster: 'second', namespaces: ['shop'] };
    const { workloads } = await ask(gateway, WorkloadsWithPodsDocument, { filter }, asAdmin);
    expect(workloads).toMatchObject({ totalCount: 3, problems: [] });
  });

  it('names a cluster that it does not have (refused, CORE-40)', async () => {
    const { pods } = await ask(gateway, PodPageDocument, { filter: { cluster: 'atlantis' } }, asAdmin);
    expect(pods).toMatchObject({ totalCount: 0, problems: [{ cluster: 'atlantis', code: 'CLUSTER_NOT_FOUND' }] });
  });

  it('keeps objects of one name in two clusters apart (CORE-40)', async () => {
    const { configMaps } = await ask(
      gateway,
      ConfigMapsDocument,
      { filter: { name: { equals: 'vote-settings' } } },
      asAdmin,
    );
    expect(configMaps.totalCount).toBe(2);
    expect(new Set(configMaps.nodes.map(({ id }) => id)).size).toBe(2);
    for (const { id } of configMaps.nodes) {
      expect((await ask(gateway, NodeByIdDocument, { id }, asAdmin)).node?.id).toBe(id);
    }
  });

  it('writes to the cluster that an id names, and to no other (CORE-40)', async () => {
    const filter = { cluster: 'second', namespaces: ['shop'] };
    const { workloads } = await ask(gateway, WorkloadsWithPodsDocument, { filter }, asAdmin);
    const front = workloads.nodes.find(({ name }) => name === 'vote-front');
    const { scaleWorkload } = await ask(
      gateway,
      ScaleWorkloadDocument,
      { input: { id: front?.id ?? '', replicas: 4 } },
      asAdmin,
    );
    expect(scaleWorkload.__typename).toBe('ScaleWorkloadSuccess');
    const replicas = ({ store }: EmbeddedCluster) => {
      const front = store.get(store.resource('apps', 'deployments'), 'shop', 'vote-front');
      return (front?.spec as { replicas?: number } | undefined)?.replicas;
    };
    expect([replicas(second), replicas(gateway.cluster)]).toEqual([4, 3]);
  });

  it('answers a write to a dead cluster with an error that is data (refused, CORE-35)', async () => {
    const id = Buffer.from('k8s|dead|apps|Deployment|shop|vote-front').toString('base64url');
    const { scaleWorkload } = await ask(gateway, ScaleWorkloadDocument, { input: { id, replicas: 1 } }, asAdmin);
    expect(scaleWorkload).toMatchObject({ __typename: 'UpstreamError', code: 'UPSTREAM' });
  });

  it('says why a list of any kind is empty where its cluster is dead', async () => {
    const kind = { cluster: 'dead', apiVersion: 'v1', kind: 'Endpoints' };
    const answer = await gateway.query(ObjectsOfKindDocument, kind, asAdmin);
    const codes =
      answer.errors?.map(({ extensions }) => extensions?.code) ?? answer.data?.objects.problems.map(({ code }) => code);
    expect(codes).toEqual(['UPSTREAM_UNAVAILABLE']);
  });

  it('does not offer the development tokens any more (refused)', async () => {
    for (const refused of ['dev-admin', 'dev-developer', null]) {
      const answer = await gateway.query(ClusterStatesDocument, {}, { token: refused });
      expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual(['UNAUTHENTICATED']);
    }
  });

  it('goes on showing the last known rows of a cluster that dies, and says since when they are old', async () => {
    await second.stop();
    const lists = ['pods', 'workloads', 'services', 'configMaps', 'clusterNodes', 'namespaces'];
    const fields = lists.map((list) => `${list}(first: 1) { problems { cluster code } }`);
    await until(async () => {
      const seen: Record<string, { problems: unknown[] }> = await ask(gateway, `{ ${fields.join(' ')} }`, {}, asAdmin);
      for (const list of lists)
        expect(seen[list]?.problems).toContainEqual({ cluster: 'second', code: 'UPSTREAM_UNAVAILABLE' });
    });
    const filter = { namespaces: ['shop'], name: { contains: 'vote-back' } };
    const { pods } = await ask(gateway, PodPageDocument, { filter }, asAdmin);
    expect(pods.edges.map(({ node }) => node.cluster.name).sort()).toEqual(['embedded', 'second']);
    const problem = pods.problems.find(({ cluster }) => cluster === 'second');
    expect(problem).toMatchObject({ code: 'UPSTREAM_UNAVAILABLE', message: expect.stringContaining('old') });
    expect(Date.parse(problem?.staleSince ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });
});
