import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Logger } from '../../src/kernel/logger.ts';
import { silentLogger } from '../../src/kernel/logger.ts';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { until } from '../support/until.ts';

interface Cost {
  readonly durationMs: number;
  readonly clusterRequests: number;
  readonly clusterBytes: number;
  readonly databaseQueries: number;
  readonly databaseRows: number;
  readonly cacheReads: number;
  readonly isReused: boolean;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly unknown[];
  readonly extensions?: { readonly cost?: Cost };
}

const pods = '{ pods(filter: { namespaces: ["shop"] }) { nodes { name containers { name } } } }';
/** Leases are not cached: each question is a request. */
const leases =
  '{ objects(cluster: "embedded", apiVersion: "coordination.k8s.io/v1", kind: "Lease") { nodes { name } } }';

const logged: { readonly context: object; readonly message: string }[] = [];
const logger: Logger = {
  ...silentLogger,
  warn: (context, message) => void logged.push({ context, message }),
  child: () => logger,
};

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway({
    logger,
    settings: {
      slowOperationMs: 1,
    },
  });
  await until(async () => {
    const { data } = await send({ query: pods });
    expect(data).toMatchObject({ pods: { nodes: expect.arrayContaining([expect.anything()]) } });
  });
});
afterAll(() => gateway?.stop());

async function send(body: object): Promise<Answer> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as Answer;
}

async function costOf(query: string): Promise<Cost> {
  const { errors, extensions } = await send({ query, extensions: { cost: true } });
  expect(errors).toBeUndefined();
  if (!extensions?.cost) throw new Error('no cost was told');
  return extensions.cost;
}

/** What the cluster was asked of one resource, watches apart. */
function requestsAtCluster(resource: string) {
  return gateway.cluster.requests.entries.filter((entry) => entry.resource === resource && entry.verb !== 'watch');
}

describe('what an operation costs', () => {
  it('is told to who asks, and the answer is the same otherwise', async () => {
    const { extensions: none, ...plain } = await send({ query: pods });
    const { extensions, ...asked } = await send({ query: pods, extensions: { cost: true } });
    expect(none).toBeUndefined();
    expect(asked).toEqual(plain);
    expect(Object.keys(extensions?.cost ?? {})).toEqual([
      'durationMs',
      'clusterRequests',
      'clusterBytes',
      'databaseQueries',
      'databaseRows',
      'cacheReads',
      'isReused',
    ]);
  });

  it.each([
    { cost: 'yes' },
    { cost: 1 },
    { cost: null },
    {},
    null,
  ])('is not told for extensions of %j', async (extensions) => {
    expect((await send({ query: pods, extensions })).extensions).toBeUndefined();
  });

  it('is told by GET too, the first time and again', async () => {
    const list = '{ pods(filter: { namespaces: ["shop"] }) { nodes { namespace } } }';
    const address = `${gateway.url}/graphql?query=${encodeURIComponent(list)}`;
    const answers: Answer[] = [];
    for (const extensions of ['', '&extensions={"cost":true}', '&extensions={"cost":true}']) {
      const response = await fetch(`${address}${encodeURI(extensions)}`);
      answers.push((await response.json()) as Answer);
    }
    const [plain, ...asked] = answers;
    expect(plain?.extensions).toBeUndefined();
    for (const { data, errors, extensions } of asked) {
      expect([errors, data]).toEqual([undefined, plain?.data]);
      expect(extensions?.cost?.clusterRequests).toBe(0);
    }
  });

  it('is reads of the cache and nothing else for what is cached, and nothing at all where an answer is given again (P36)', async () => {
    const first = await costOf('{ pods(filter: { namespaces: ["shop"] }) { nodes { name phase } } }');
    const again = await costOf('{ pods(filter: { namespaces: ["shop"] }) { nodes { name phase } } }');
    const nothing = { clusterRequests: 0, clusterBytes: 0, databaseQueries: 0, databaseRows: 0 };
    expect(first).toMatchObject({ ...nothing, isReused: false });
    expect(first.cacheReads).toBeGreaterThan(0);
    expect(again).toMatchObject({ ...nothing, cacheReads: 0, isReused: true });
  });

  it('is as many requests as the cluster has counted, with the bytes of its answers', async () => {
    gateway.cluster.requests.clear();
    const cost = await costOf(leases);
    expect(cost.clusterRequests).toBe(requestsAtCluster('leases').length);
    expect(cost.clusterRequests).toBeGreaterThan(0);
    expect(cost.clusterBytes).toBeGreaterThan(100);
  });

  it('has the statements of a mutation: what it writes down, and what it asks the cluster', async () => {
    gateway.cluster.requests.clear();
    const cost = await costOf(
      `mutation { createConfigMap(input: { cluster: "embedded", namespace: "shop", name: "of-cost", data: [{ key: "a", text: "1" }] }) { __typename } }`,
    );
    const writes = requestsAtCluster('configmaps').filter(({ verb }) => verb === 'create');
    expect(writes).toHaveLength(1);
    expect(cost.clusterRequests).toBeGreaterThanOrEqual(1);
    expect(cost.databaseQueries).toBeGreaterThan(1);
    expect(cost.databaseRows).toBeGreaterThan(0);
  });

  it('is told over a WebSocket as over HTTP, each operation its own', async () => {
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
    });
    try {
      const warm = '{ pods(filter: { namespaces: ["shop"] }) { nodes { uid } } }';
      const [live, list, silent] = await Promise.all([
        overSocket(client, leases, { cost: true }),
        overSocket(client, warm, { cost: true }),
        overSocket(client, warm),
      ]);
      expect(live.extensions?.cost?.clusterRequests).toBeGreaterThan(0);
      expect(list.extensions?.cost?.clusterRequests).toBe(0);
      expect(silent.extensions).toBeUndefined();
      // Pods may change in between: then it is made anew.
      await until(async () => {
        await send({ query: warm });
        const again = await overSocket(client, warm, { cost: true });
        expect(again.extensions?.cost?.isReused).toBe(true);
        expect(again.data).toEqual((await send({ query: warm })).data);
      });
    } finally {
      await client.dispose();
    }
  });

  it('is told where the operation answers with errors', async () => {
    const query = '{ objects(cluster: "embedded", apiVersion: "v1", kind: "no such") { nodes { name } } }';
    const { errors, extensions } = await send({ query, extensions: { cost: true } });
    expect(errors).toMatchObject([{ path: ['objects'] }]);
    expect(extensions?.cost).toMatchObject({ clusterRequests: 0 });
  });

  it('is in the metrics, by kind of operation', async () => {
    const before = await metric('longshore_operation_cluster_requests_total{type="query"}');
    const { clusterRequests } = await costOf(leases);
    expect(await metric('longshore_operation_cluster_requests_total{type="query"}')).toBe(before + clusterRequests);
    expect(await metric('longshore_operation_database_queries_total{type="mutation"}')).toBeGreaterThan(1);
  });
});

describe('a slow operation', () => {
  it('is logged with its name, its caller and its cost, and without its variables', async () => {
    logged.length = 0;
    await send({
      query:
        'query ASlowOne($name: String!) { configMap(cluster: "embedded", namespace: "shop", name: $name) { name } pods { nodes { name labels { key value } events { nodes { reason } } } } }',
      variables: { name: 'a-name-nobody-should-read' },
    });
    const lines = logged.filter(({ message }) => message === 'a slow operation');
    expect(lines).toMatchObject([
      { context: { operation: { name: 'ASlowOne', type: 'query', clusterRequests: expect.any(Number) } } },
    ]);
    expect(JSON.stringify(lines)).toContain('principalId');
    expect(JSON.stringify(lines)).not.toContain('a-name-nobody-should-read');
  });
});

async function metric(line: string): Promise<number> {
  const response = await fetch(`${gateway.url}/metrics`);
  const found = (await response.text()).split('\n').find((each) => each.startsWith(`${line} `));
  if (found === undefined) throw new Error(`no metric ${line}`);
  return Number(found.slice(line.length + 1));
}

function overSocket(client: Client, query: string, extensions?: Record<string, unknown>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answer: Answer = {};
    client.subscribe(
      { query, ...(extensions && { extensions }) },
      {
        next: (message) => {
          answer = message as Answer;
        },
        error: reject,
        complete: () => resolve(answer),
      },
    );
  });
}
