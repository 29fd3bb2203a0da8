import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway, type TestStream } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const place = { cluster: 'embedded', namespace: 'ballot' };
const resources = { requests: { cpu: '50m', memory: '32Mi' }, limits: { cpu: '500m', memory: '128Mi' } };
const probe = { action: { tcpSocket: { port: 'http' } } };

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The named fields of a mutation's success; fails the test with what it answers otherwise. */
async function mutate<T = Readonly<Record<string, Named>>>(name: string, input: object, fields: string): Promise<T> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const { answer } = await ask<{ answer: T & { __typename: string } }, object>(
    gateway,
    `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ... on Error { message } ... on ValidationError { issues { path message } } } }`,
    { input },
  );
  if (answer.__typename !== `${type}Success`) throw new Error(`${name}: ${JSON.stringify(answer)}`);
  return answer;
}

async function made(name: string, more: object): Promise<string> {
  const { workload } = await mutate(
    'createWorkload',
    { ...place, name, application: 'vote', ...more },
    'workload { id }',
  );
  return workload?.id ?? '';
}

/** Waits until a workload says this of itself. */
async function untilIs(id: string, fields: string, expected: object): Promise<void> {
  const read = `query ($id: ID!) { node(id: $id) { ... on Workload { ${fields} } } }`;
  await until(async () => expect((await ask<{ node: object }, object>(gateway, read, { id })).node).toEqual(expected));
}

interface Message {
  readonly workloadChanges: { readonly type: string; readonly workload: (Named & { readonly status: string }) | null };
}

describe('the vote application', () => {
  it('is made by mutations alone in an empty namespace, watched, scaled, broken, diagnosed, rolled back and deleted (CMP-44, CMP-75, CMP-77, CMP-78, CMP-108)', async () => {
    // 1. An empty namespace, and an application that its workloads will belong to.
    await mutate('createNamespace', { cluster: place.cluster, name: place.namespace }, 'namespace { name }');
    const { application } = await mutate('createApplication', { name: 'vote', ...place }, 'application { id name }');
    await using stream: TestStream<Message> = gateway.subscribe(
      'subscription { workloadChanges(filter: { namespaces: ["ballot"] }) { type workload { id name status } } }',
    );
    await stream.next(({ data }) => data?.workloadChanges.type === 'SNAPSHOT');

    // 2. What it is configured by.
    await mutate(
      'createConfigMap',
      { ...place, name: 'options', data: [{ key: 'a', text: 'cats' }] },
      'configMap { id }',
    );
    const content = { opaque: [{ key: 'password', text: 'a word that nobody reads' }] };
    await mutate('createSecret', { ...place, name: 'store', content }, 'secret { id }');

    // 3. Its workloads.
    const password = { name: 'PASSWORD', valueFrom: { secretKey: { name: 'store', key: 'password' } } };
    const store = await made('store', {
      kind: { statefulSet: { replicas: 1, volumeClaimTemplates: [{ name: 'data', size: '1Gi' }] } },
      template: {
        containers: [
          {
            name: 'store',
            image: 'redis:8',
            ...resources,
            env: [password],
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    });
    const front = await made('front', {
      kind: { deployment: { replicas: 2, strategy: { type: 'START_THEN_STOP', batchSize: 1 } } },
      template: {
        containers: [
          {
            name: 'front',
            image: 'vote-front:v1',
            ...resources,
            ports: [{ name: 'http', containerPort: 8080 }],
            readinessProbe: probe,
            livenessProbe: probe,
            env: [{ name: 'OPTION_A', valueFrom: { configMapKey: { name: 'options', key: 'a' } } }, password],
            volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
          },
        ],
        volumes: [{ name: 'cache', source: { emptyDir: { sizeLimit: '64Mi' } } }],
      },
    });
    await untilIs(store, 'status readyReplicas', { status: 'RUNNING', readyReplicas: 1 });
    await untilIs(front, 'status readyReplicas', { status: 'RUNNING', readyReplicas: 2 });
    const isFront = ({ data }: { data?: Message | null }) => data?.workloadChanges.workload?.id === front;
    await stream.next(
      (result) => isFront(result as never) && result.data?.workloadChanges.workload?.status === 'RUNNING',
    );
    const grouped = 'query ($id: ID!) { node(id: $id) { ... on Application { state workloads { totalCount } } } }';
    const { id } = application ?? {};
    await until(async () =>
      expect(await ask<object, object>(gateway, grouped, { id })).toEqual({
        node: { state: 'RUNNING', workloads: { totalCount: 2 } },
      }),
    );

    // 4. More pods.
    await mutate('scaleWorkload', { id: front, replicas: 3 }, 'workload { id }');
    await untilIs(front, 'readyReplicas', { readyReplicas: 3 });

    // 5. A version whose image is not there: the old pods serve on.
    const broken = { containers: [{ name: 'front', image: 'vote-front:does-not-exist' }] };
    await mutate('updateWorkload', { id: front, template: broken }, 'workload { id }');
    const why = `query ($id: ID!) { node(id: $id) { ... on Workload {
      readyReplicas pods(filter: { ready: false }) { nodes { findings { code container } } } } } }`;
    await until(async () =>
      expect(await ask<object, object>(gateway, why, { id: front })).toEqual({
        node: {
          readyReplicas: 3,
          pods: { nodes: [{ findings: [{ code: 'IMAGE_NOT_FOUND', container: 'front' }] }] },
        },
      }),
    );

    // 6. Back to the version before, which a preview shows first.
    const back = await mutate<{ changes: object[] }>(
      'rollBackWorkload',
      { id: front, dryRun: true },
      'changes { path before after }',
    );
    expect(back.changes).toContainEqual({
      path: '/spec/template/spec/containers/0/image',
      before: 'vote-front:does-not-exist',
      after: 'vote-front:v1',
    });
    await mutate('rollBackWorkload', { id: front }, 'workload { id }');
    await untilIs(front, 'status images readyReplicas', {
      status: 'RUNNING',
      images: ['vote-front:v1'],
      readyReplicas: 3,
    });

    // 7. It goes, and the watch saw all of it.
    for (const one of [front, store]) await mutate('deleteWorkload', { id: one }, 'operation { status }');
    // Each kind has a watch of its own: which of the two is told first is nobody's promise.
    for (const one of [front, store]) {
      await until(() => {
        const seen = stream.received.flatMap(({ data }) =>
          data?.workloadChanges.workload?.id === one ? [data.workloadChanges.type] : [],
        );
        expect([seen[0], seen.at(-1)]).toEqual(['ADDED', 'DELETED']);
      });
    }
    await mutate('deleteNamespace', { cluster: place.cluster, name: place.namespace, confirm: place.namespace }, 'id');
  });
});
