import { namespaceKind, resourceQuotaKind } from 'longshore/plugins/core';
import { type KindRef, systemPrincipal } from 'longshore/sdk';
import { startTestGateway, type TestGateway } from 'longshore/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 40 });
});
afterAll(() => gateway?.stop());

type Input = Readonly<Record<string, unknown>>;
interface Answer {
  readonly __typename: string;
  readonly code?: string;
  readonly message?: string;
  readonly shortages?: readonly Input[];
  readonly workload?: { readonly id: string; readonly name: string };
}

async function call(name: string, input: Input, token = 'dev-admin'): Promise<Answer> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}`;
  const { data, errors } = await gateway.query<{ answer: Answer }>(
    `mutation ($input: ${type}Input!) { answer: ${name}(input: $input) { __typename
      ... on ${type}Success { workload { id name } }
      ... on Error { code message }
      ... on QuotaExceededError { shortages { quota resource hard left needed missing } } } }`,
    { input },
    { token },
  );
  expect(errors).toBeUndefined();
  return (data as { answer: Answer }).answer;
}

const objects = (group: string, plural: string) => {
  const { store } = gateway.cluster;
  const resource = store.resource(group, plural);
  return {
    get: (name: string, namespace: string | undefined = space) => store.get(resource, namespace, name),
    create: (object: Input) => store.create(resource, object as never),
  };
};

let made = 0;
let space = '';
/** A namespace of its own for each test, with the quotas that it names. */
beforeEach(async () => {
  made += 1;
  space = `room-${made}`;
  objects('', 'namespaces').create({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: space, labels: { 'kubernetes.io/metadata.name': space } },
    spec: {},
    status: { phase: 'Active' },
  });
  await untilSeen(namespaceKind as KindRef, space);
});

async function limit(name: string, hard: Input, more: Input = {}): Promise<void> {
  objects('', 'resourcequotas').create({
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name, namespace: space },
    spec: { hard, ...more },
  });
  await expect.poll(() => objects('', 'resourcequotas').get(name)).toMatchObject({ status: { hard } });
  await untilSeen(resourceQuotaKind as KindRef, name);
}

/** The gateway reads from its cache. */
const untilSeen = (kind: KindRef, name: string) =>
  expect
    .poll(async () => {
      const reader = gateway.gateway.rooms.clusters.get('embedded')?.reader(systemPrincipal);
      return (await reader?.get(kind, kind.isNamespaced ? space : undefined, name))?.metadata.name;
    })
    .toBe(name);

const deployment = (name: string, replicas: number, cpu = '500m', template: Input = {}) => ({
  cluster: 'embedded',
  namespace: space,
  name,
  kind: { deployment: { replicas } },
  template: {
    containers: [{ name: 'web', image: 'nginx:1.29', ...(cpu ? { requests: { cpu } } : {}) }],
    ...template,
  },
});

const usedOf = async (quota: string, item: string, used: string) =>
  expect
    .poll(() => (objects('', 'resourcequotas').get(quota) as { status?: { used?: Input } })?.status?.used?.[item])
    .toBe(used);

describe('a workload that the quota of its namespace has no room for', () => {
  it('is refused with what is missing, also in a dry run, and nothing is made (CMP-34, refused)', async () => {
    await limit('limits', { pods: '10', 'requests.cpu': '1' });
    for (const dryRun of [true, false]) {
      const answer = await call('createWorkload', { ...deployment('web', 4), dryRun });
      expect(answer).toMatchObject({ __typename: 'QuotaExceededError', code: 'QUOTA_EXCEEDED' });
      expect(answer.shortages).toEqual([
        { quota: 'limits', resource: 'requests.cpu', hard: '1', left: '1', needed: '2', missing: '1' },
      ]);
      expect(answer.message).toContain("Quota 'limits' has 1 of 1 CPU requests left, and 2 more are needed");
    }
    expect(objects('apps', 'deployments').get('web')).toBeUndefined();
  });

  it('is made once there is room, and counts from then on (CMP-34)', async () => {
    await limit('limits', { pods: '3' });
    expect(await call('createWorkload', deployment('web', 2))).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    await usedOf('limits', 'pods', '2');
    expect(await call('createWorkload', deployment('more', 2))).toMatchObject({
      shortages: [{ resource: 'pods', left: '1', needed: '2', missing: '1' }],
    });
    expect(await call('createWorkload', deployment('more', 1))).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
  });

  it('is not scaled, started, copied or made larger beyond it either (CMP-34, refused)', async () => {
    await limit('limits', { 'requests.cpu': '2' });
    const id = (await call('createWorkload', deployment('web', 3))).workload?.id;
    await usedOf('limits', 'requests.cpu', '1500m');
    const missing = { __typename: 'QuotaExceededError', shortages: [{ resource: 'requests.cpu', left: '500m' }] };
    expect(await call('scaleWorkload', { id, replicas: 5 })).toMatchObject({
      ...missing,
      shortages: [{ needed: '1', missing: '500m' }],
    });
    expect(await call('copyWorkload', { id, name: 'copy' })).toMatchObject(missing);
    const template = { containers: [{ name: 'web', requests: { cpu: '700m' } }] };
    const larger = await call('updateWorkload', { id, template, acknowledge: ['ALL_PODS_UNAVAILABLE'] });
    expect(larger).toMatchObject({ ...missing, shortages: [{ needed: '600m', missing: '100m' }] });
    expect(objects('apps', 'deployments').get('web')).toMatchObject({ spec: { replicas: 3 } });
    expect(await call('scaleWorkload', { id, replicas: 4 })).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
    expect(await call('stopWorkload', { id })).toMatchObject({ __typename: 'StopWorkloadSuccess' });
    await usedOf('limits', 'requests.cpu', '0');
    await limit('tighter', { pods: '1' });
    expect(await call('startWorkload', { id })).toMatchObject({ shortages: [{ quota: 'tighter', missing: '3' }] });
    expect(await call('scaleWorkload', { id, replicas: 0 })).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
  });

  it('counts what the LimitRange of the namespace gives its pods (CMP-34)', async () => {
    objects('', 'limitranges').create({
      apiVersion: 'v1',
      kind: 'LimitRange',
      metadata: { name: 'usual', namespace: space },
      spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '300m' } }] },
    });
    await limit('limits', { 'requests.cpu': '1' });
    const four = await call('createWorkload', deployment('web', 4, ''));
    expect(four).toMatchObject({ shortages: [{ needed: '1200m', missing: '200m' }] });
    const id = (await call('createWorkload', deployment('web', 2, ''))).workload?.id;
    await usedOf('limits', 'requests.cpu', '600m');
    // Those that run were given it too.
    expect(await call('scaleWorkload', { id, replicas: 3 })).toMatchObject({ __typename: 'ScaleWorkloadSuccess' });
  });

  it('has to say what its quota counts (CMP-34, bad input)', async () => {
    await limit('limits', { 'limits.cpu': '4' });
    const answer = await call('createWorkload', deployment('web', 1));
    expect(answer).toMatchObject({ __typename: 'QuotaExceededError', shortages: [] });
    expect(answer.message).toContain('must specify limits.cpu for: web');
  });
});

describe('priority', () => {
  it('has quotas of its own, by the name of the class or by the class of the cluster for all (CMP-34)', async () => {
    for (const [name, globalDefault] of [
      ['urgent', false],
      [`usual-${made}`, true],
    ] as const) {
      objects('scheduling.k8s.io', 'priorityclasses').create({
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: { name },
        value: globalDefault ? 1 : 1000,
        globalDefault,
        preemptionPolicy: 'PreemptLowerPriority',
      });
    }
    const ofClass = (...values: string[]) => ({
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values }] },
    });
    await limit('for-urgent', { pods: '5' }, ofClass('urgent'));
    await limit('for-usual', { pods: '1' }, ofClass(`usual-${made}`));
    expect(await call('createWorkload', deployment('web', 2))).toMatchObject({ shortages: [{ quota: 'for-usual' }] });
    const urgent = deployment('first', 2, '500m', { priorityClassName: 'urgent' });
    expect(await call('createWorkload', urgent)).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
  });
});

describe('where there are no quotas', () => {
  it('nothing more is asked of the cluster', async () => {
    const { requests } = gateway.cluster;
    expect(await call('createWorkload', deployment('web', 0))).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    expect(await call('createWorkload', deployment('other', 1))).toMatchObject({ __typename: 'CreateWorkloadSuccess' });
    const asked = requests.entries
      .filter(({ resource, query, method }) => resource === 'pods' && method === 'POST' && query.includes('dryRun'))
      .filter(({ namespace }) => namespace === space);
    expect(asked).toEqual([]);
  });
});
