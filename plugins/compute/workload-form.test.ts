import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

const developer = 'dev-developer';

type Input = Readonly<Record<string, unknown>>;
interface Answer {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

const errorFields = `... on Error { message code }
  ... on ValidationError { issues { path code } }
  ... on PreconditionError { reason unacknowledged { code path } }`;

async function call(name: string, input: Input, fields: string, token = developer): Promise<Answer> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query(
    `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename ... on ${type}Success { ${fields} } ${errorFields} } }`,
    { input },
    { token },
  );
  expect(errors).toBeUndefined();
  return (data as { answer: Answer }).answer;
}

function stored(group: string, plural: string, name: string): Input {
  const { store } = gateway.cluster;
  return (store.get(store.resource(group, plural), 'shop', name) ?? {}) as Input;
}

const web = { name: 'web', image: 'nginx:1.29' };
const place = { cluster: 'embedded', namespace: 'shop' };
const deployment = (name: string, more: Input = {}, template: Input = {}) => ({
  ...place,
  name,
  kind: { deployment: { replicas: 1 } },
  template: { containers: [web], ...template },
  ...more,
});

describe('createWorkload', () => {
  it('makes a Deployment whose pods come up (CMP-44, CMP-45, CMP-46, CMP-47)', async () => {
    const container = {
      ...web,
      requests: { cpu: '100m', memory: '64Mi' },
      limits: { cpu: '500m', memory: '128Mi' },
      env: [
        { name: 'MODE', value: 'fast' },
        { name: 'IP', valueFrom: { fieldPath: 'status.podIP' } },
      ],
    };
    const made = await call(
      'createWorkload',
      deployment('first', { kind: { deployment: { replicas: 2 } } }, { containers: [container] }),
      'workload { name desiredReplicas images } operation { status }',
    );
    expect(made).toMatchObject({
      __typename: 'CreateWorkloadSuccess',
      workload: { name: 'first', desiredReplicas: 2, images: ['nginx:1.29'] },
      operation: { status: 'SUCCEEDED' },
    });
    await expect
      .poll(async () => {
        const { data } = await gateway.query(
          '{ workload(cluster: "embedded", kind: DEPLOYMENT, namespace: "shop", name: "first") { readyReplicas status } }',
          {},
          { token: developer },
        );
        return data;
      })
      .toEqual({ workload: { readyReplicas: 2, status: 'HEALTHY' } });
    expect(stored('apps', 'deployments', 'first')).toMatchObject({
      metadata: { labels: { 'ecns.es.io/workload': 'deployment-first' } },
      spec: {
        selector: { matchLabels: { 'ecns.es.io/workload': 'deployment-first' } },
        template: { metadata: { labels: { 'ecns.es.io/workload': 'deployment-first' } } },
      },
    });
  });

  it('previews with the manifest, and makes nothing (CORE-31)', async () => {
    const answer = await call('createWorkload', deployment('preview', { dryRun: true }), 'manifest workload { name }');
    expect(answer).toMatchObject({
      manifest: { kind: 'Deployment', metadata: { name: 'preview', namespace: 'shop' } },
      workload: { name: 'preview' },
    });
    expect(stored('apps', 'deployments', 'preview')).toEqual({});
  });

  it.each([
    [
      'a Deployment without an image',
      deployment('bad', {}, { containers: [{ name: 'web' }] }),
      'template.containers.0.image',
    ],
    [
      'a request above its limit (CMP-46)',
      deployment('bad', {}, { containers: [{ ...web, requests: { cpu: '2' }, limits: { cpu: '1' } }] }),
      'template.containers.0.requests.cpu',
    ],
    [
      'a key of a ConfigMap that is not there (CMP-53)',
      deployment(
        'bad',
        {},
        { containers: [{ ...web, env: [{ name: 'A', valueFrom: { configMapKey: { name: 'gone', key: 'a' } } }] }] },
      ),
      'template.containers.0.env.0',
    ],
    ['a name that is none (CMP-45)', deployment('Bad_Name'), 'name'],
  ])('refuses %s, and says where in the input (refused)', async (_title, input, path) => {
    const answer = await call('createWorkload', input, 'workload { name }');
    expect(answer).toMatchObject({ __typename: 'ValidationError', code: 'VALIDATION' });
    expect((answer.issues as { path: string[] }[]).map((issue) => issue.path.join('.'))).toContain(path);
  });

  it('makes nothing in a namespace that is not the caller’s (refused)', async () => {
    const answer = await call('createWorkload', { ...deployment('first'), namespace: 'platform' }, 'workload { name }');
    expect(answer.code).toBe('NOT_FOUND');
  });
});
