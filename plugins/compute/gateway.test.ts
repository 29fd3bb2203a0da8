import type { ExecutionResult } from 'graphql';
import { startTestGateway, type TestGateway, type TestStream } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway?.stop());

interface Named {
  readonly id: string;
  readonly name: string;
}

async function ask<Data>(source: string, token?: string): Promise<Data> {
  const { data, errors } = await gateway.query(source, undefined, token ? { token } : {});
  expect(errors).toBeUndefined();
  return data as Data;
}

async function workload(kind: string, namespace: string, name: string): Promise<Named> {
  const found = await ask<{ workload: Named | null }>(
    `{ workload(cluster: "embedded", kind: ${kind}, namespace: "${namespace}", name: "${name}") { id name } }`,
  );
  if (!found.workload) throw new Error(`The sample has no ${kind} '${name}'`);
  return found.workload;
}

const developer = 'dev-developer';

describe('compute on the embedded cluster', () => {
  it('joins pods, workloads, nodes and Services both ways in one query', async () => {
    interface Data {
      deployment: { pods: { nodes: { name: string; node: { pods: { nodes: Named[] } }; workload: Named }[] } };
      service: { pods: { nodes: { name: string; services: { nodes: Named[] } }[] } };
    }
    await expect
      .poll(async () => {
        const { deployment, service } = await ask<Data>(`{
          deployment: workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "vote-front") {
            pods { nodes { name node { pods { nodes { name } } } workload { name } } } }
          service(cluster: "embedded", namespace: "shop", name: "vote-front") {
            pods { nodes { name services { nodes { name } } } } }
        }`);
        const pods = deployment.pods.nodes;
        return {
          podCount: pods.length,
          onTheirNodes: pods.every((pod) => pod.node.pods.nodes.some(({ name }) => name === pod.name)),
          workloads: [...new Set(pods.map((pod) => pod.workload.name))],
          services: [...new Set(service.pods.nodes.flatMap((pod) => pod.services.nodes.map(({ name }) => name)))],
        };
      })
      .toEqual({ podCount: 3, onTheirNodes: true, workloads: ['vote-front'], services: ['vote-front'] });
  });

  it('scales as a developer, sees its own write at once, and the pods come', async () => {
    const { id } = await workload('DEPLOYMENT', 'shop', 'vote-worker');
    const dryRun = `mutation { scaleWorkload(input: { id: "${id}", replicas: 3, dryRun: true }) {
      __typename ... on ScaleWorkloadSuccess { changes { path before after } operation { id } } } }`;
    expect(await ask(dryRun, developer)).toEqual({
      scaleWorkload: {
        __typename: 'ScaleWorkloadSuccess',
        changes: [{ path: '/spec/replicas', before: 1, after: 3 }],
        operation: null,
      },
    });
    const scaled = await ask(
      `mutation { scaleWorkload(input: { id: "${id}", replicas: 2 }) { __typename
        ... on ScaleWorkloadSuccess { workload { desiredReplicas } changes { path before after } operation { status } } } }`,
      developer,
    );
    expect(scaled).toEqual({
      scaleWorkload: {
        __typename: 'ScaleWorkloadSuccess',
        workload: { desiredReplicas: 2 },
        changes: [{ path: '/spec/replicas', before: 1, after: 2 }],
        operation: { status: 'SUCCEEDED' },
      },
    });
    const read = `{ node(id: "${id}") { ... on Deployment { replicas status pods { totalCount } } } }`;
    expect(await ask(read, developer)).toMatchObject({ node: { replicas: 2 } });
    await expect
      .poll(() => ask(read, developer), { timeout: 30_000 })
      .toEqual({ node: { replicas: 2, status: 'RUNNING', pods: { totalCount: 2 } } });
  });

  it('restarts by a new rollout', async () => {
    const { id } = await workload('DEPLOYMENT', 'shop', 'vote-back');
    const read = `{ node(id: "${id}") { ... on Deployment { revision replicaSets { totalCount } } } }`;
    await expect.poll(() => ask(read)).toEqual({ node: { revision: 1, replicaSets: { totalCount: 1 } } });
    const restarted = await ask(`mutation { restartWorkload(input: { id: "${id}" }) { __typename
      ... on RestartWorkloadSuccess { changes { path } } } }`);
    expect(restarted).toMatchObject({
      restartWorkload: {
        __typename: 'RestartWorkloadSuccess',
        changes: [{ path: expect.stringContaining('kubectl.kubernetes.io~1restartedAt') }],
      },
    });
    await expect.poll(() => ask(read)).toEqual({ node: { revision: 2, replicaSets: { totalCount: 2 } } });
  });

  it('hides other namespaces from a developer, also from writes (refused)', async () => {
    const { id } = await workload('DAEMON_SET', 'platform', 'node-exporter');
    expect(
      await ask(`{ node(id: "${id}") { id } pods(filter: { namespaces: ["platform"] }) { totalCount } }`, developer),
    ).toEqual({
      node: null,
      pods: { totalCount: 0 },
    });
    expect(
      await ask(
        `mutation { restartWorkload(input: { id: "${id}" }) { __typename ... on NotFoundError { message } } }`,
        developer,
      ),
    ).toEqual({ restartWorkload: { __typename: 'NotFoundError', message: 'There is no workload with this id' } });
  });
});

describe('streams of compute on the embedded cluster', () => {
  interface PodMessage {
    readonly podChanges: { readonly type: string; readonly pod: { readonly name: string } | null };
  }
  const messageOf = ({ data }: ExecutionResult<PodMessage>) => data?.podChanges;

  it('send what is there, mark its end, and then what comes', async () => {
    const { id } = await workload('STATEFUL_SET', 'platform', 'metrics-store');
    await expect
      .poll(() => ask(`{ pods(filter: { workloadId: "${id}" }) { totalCount } }`))
      .toEqual({ pods: { totalCount: 2 } });
    await using stream: TestStream<PodMessage> = gateway.subscribe(
      `subscription { podChanges(filter: { workloadId: "${id}" }) { type cursor pod { name } } }`,
    );
    await stream.next((result) => messageOf(result)?.type === 'SNAPSHOT');
    const before = stream.received.map(messageOf).filter((message) => message?.type === 'ADDED');
    expect(before.map((message) => message?.pod?.name).sort()).toEqual(['metrics-store-0', 'metrics-store-1']);
    await ask(`mutation { scaleWorkload(input: { id: "${id}", replicas: 3 }) { __typename } }`);
    await stream.next((result) => messageOf(result)?.pod?.name === 'metrics-store-2');
  });

  interface LogMessage {
    readonly podLogLines: {
      readonly type: string;
      readonly cursor: string;
      readonly line: { readonly text: string } | null;
    };
  }
  const lineOf = ({ data }: ExecutionResult<LogMessage>) => data?.podLogLines.line?.text;
  const logs = (pod: string, args: string) =>
    `subscription { podLogLines(cluster: "embedded", namespace: "shop", pod: "${pod}" ${args}) { type cursor line { time text isCut } } }`;

  async function frontPod(): Promise<string> {
    const { pods } = await ask<{ pods: { nodes: Named[] } }>(
      '{ pods(first: 1, filter: { namespaces: ["shop"], name: { contains: "vote-front" }, ready: true }) { nodes { name } } }',
    );
    return pods.nodes[0]?.name ?? '';
  }

  it('send log lines and resume behind the last one without loss or repetition', async () => {
    await expect.poll(frontPod, { timeout: 15_000 }).not.toBe('');
    const pod = await frontPod();
    const read = async (args: string): Promise<TestStream<LogMessage>> => {
      const stream: TestStream<LogMessage> = gateway.subscribe(logs(pod, args), undefined, { token: developer });
      expect(await stream.closed).toBeUndefined();
      return stream;
    };
    await expect
      .poll(async () => (await read('follow: false')).received.length, { timeout: 15_000 })
      .toBeGreaterThan(3);
    const all = await read('follow: false');
    const cursor = all.received[1]?.data?.podLogLines.cursor;
    const rest = await read(`follow: false, after: "${cursor}"`);
    const expected = all.received.slice(2).map(lineOf);
    expect(rest.received.slice(0, expected.length).map(lineOf)).toEqual(expected);
  });

  it.each([
    ['a pod that is missing', 'shop', 'gone', undefined],
    ['a pod that is not for the caller, in the same words', 'platform', 'metrics-store-0', developer],
  ])('refuse the log of %s', async (_name, namespace, pod, token) => {
    await using stream: TestStream<LogMessage> = gateway.subscribe(
      `subscription { podLogLines(cluster: "embedded", namespace: "${namespace}", pod: "${pod}") { type } }`,
      undefined,
      token ? { token } : {},
    );
    const { data, errors } = await stream.next();
    expect(data).toBeUndefined();
    expect(errors?.map(({ message, extensions }) => ({ message, code: extensions?.code }))).toEqual([
      { message: `There is no pod '${pod}' in namespace '${namespace}' of cluster 'embedded'`, code: 'BAD_USER_INPUT' },
    ]);
  });

  it('tell why a log cannot be read', async () => {
    const pod = await frontPod();
    await using stream: TestStream<LogMessage> = gateway.subscribe(logs(pod, 'previous: true'));
    await expect(stream.next()).rejects.toThrow(/previous terminated container .* not found.*BAD_USER_INPUT/);
  });
});
