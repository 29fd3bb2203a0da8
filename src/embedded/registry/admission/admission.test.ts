import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Json, startTestApi, type TestAnswer, type TestApi } from '../../testing/start-test-api.ts';

const core = '/api/v1/namespaces/shop';
const container = (resources: object, extra: object = {}): Json => ({
  name: 'main',
  image: 'a:1',
  resources,
  ...extra,
});

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi();
  await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'shop' } } });
  await post('serviceaccounts', { metadata: { name: 'default' } });
});
afterEach(() => api.stop());

function post(plural: string, body: Json, query = ''): Promise<TestAnswer> {
  return api.call('POST', `${core}/${plural}${query}`, { body });
}

function pod(name: string, resources: object, spec: object = {}, query = ''): Promise<TestAnswer> {
  return post('pods', { metadata: { name }, spec: { containers: [container(resources)], ...spec } }, query);
}

async function used(name: string): Promise<Json> {
  return (await api.call('GET', `${core}/resourcequotas/${name}`)).body.status.used;
}

describe('a LimitRange', () => {
  beforeEach(async () => {
    const limits = [
      {
        type: 'Container',
        default: { cpu: '500m' },
        defaultRequest: { cpu: '100m' },
        min: { cpu: '50m' },
        max: { cpu: '1' },
        maxLimitRequestRatio: { cpu: '5' },
      },
      { type: 'PersistentVolumeClaim', min: { storage: '1Gi' }, max: { storage: '5Gi' } },
    ];
    await post('limitranges', { metadata: { name: 'limits' }, spec: { limits } });
  });

  it('gives containers what they leave open, and says so', async () => {
    const { body } = await pod('plain', {});
    expect(body.spec.containers[0].resources).toEqual({ limits: { cpu: '500m' }, requests: { cpu: '100m' } });
    expect(body.metadata.annotations['kubernetes.io/limit-ranger']).toBe(
      'LimitRanger plugin set: cpu request for container main; cpu limit for container main',
    );
    expect(body.status.qosClass).toBe('Burstable');
  });

  it.each<[string, object, string]>([
    ['above its maximum', { limits: { cpu: '2' } }, 'maximum cpu usage per Container is 1, but limit is 2'],
    [
      'below its minimum',
      { requests: { cpu: '10m' }, limits: { cpu: '20m' } },
      'minimum cpu usage per Container is 50m, but request is 10m',
    ],
    [
      'beyond its ratio',
      { requests: { cpu: '100m' }, limits: { cpu: '900m' } },
      'cpu max limit to request ratio per Container is 5, but provided ratio is 9.000000',
    ],
  ])('does not let a pod %s in (refused)', async (_name, resources, why) => {
    const answer = await pod('x', resources);
    expect(answer.code).toBe(403);
    expect(answer.body.message).toBe(`pods "x" is forbidden: ${why}`);
  });

  it('holds claims to its sizes (refused)', async () => {
    const claim = (storage: string): Promise<TestAnswer> =>
      post('persistentvolumeclaims', {
        metadata: { name: `c-${storage.toLowerCase()}` },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } },
      });
    expect((await claim('2Gi')).code).toBe(201);
    expect((await claim('6Gi')).body.message).toBe(
      'persistentvolumeclaims "c-6gi" is forbidden: maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi',
    );
  });
});

describe('a ResourceQuota', () => {
  const hard = {
    pods: '2',
    'requests.cpu': '1',
    'count/configmaps': '1',
    'services.nodeports': '1',
    'requests.storage': '5Gi',
  };
  beforeEach(async () => {
    await post('resourcequotas', { metadata: { name: 'q' }, spec: { hard } });
  });

  it('is charged in the same turn, and refuses what it has no room for', async () => {
    expect((await pod('one', { requests: { cpu: '500m' } })).code).toBe(201);
    expect(await used('q')).toMatchObject({ pods: '1', 'requests.cpu': '500m' });
    expect((await pod('large', { requests: { cpu: '600m' } })).body).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        'pods "large" is forbidden: exceeded quota: q, requested: requests.cpu=600m, used: requests.cpu=500m, limited: requests.cpu=1',
      details: { name: 'large', kind: 'pods' },
    });
    expect((await pod('two', { requests: { cpu: '500m' } })).code).toBe(201);
    expect((await pod('three', { requests: { cpu: '1m' } })).body.message).toBe(
      'pods "three" is forbidden: exceeded quota: q, requested: pods=1,requests.cpu=1m, used: pods=2,requests.cpu=1, limited: pods=2,requests.cpu=1',
    );
  });

  it('makes containers say what it counts (refused)', async () => {
    expect((await pod('silent', {})).body.message).toBe(
      'pods "silent" is forbidden: failed quota: q: must specify requests.cpu for: main',
    );
  });

  it('takes nothing for a dry run', async () => {
    expect((await pod('dry', { requests: { cpu: '1' } }, {}, '?dryRun=All')).code).toBe(201);
    expect((await pod('real', { requests: { cpu: '1' } })).code).toBe(201);
  });

  it('counts objects of any kind by name', async () => {
    expect((await post('configmaps', { metadata: { name: 'a' } })).code).toBe(201);
    expect((await post('configmaps', { metadata: { name: 'b' } })).body.message).toBe(
      'configmaps "b" is forbidden: exceeded quota: q, requested: count/configmaps=1, used: count/configmaps=1, limited: count/configmaps=1',
    );
  });

  it('looks at what a change adds (refused)', async () => {
    const ports = [
      { name: 'a', port: 80 },
      { name: 'b', port: 81 },
    ];
    await post('services', { metadata: { name: 's' }, spec: { ports } });
    const answer = await api.call('PATCH', `${core}/services/s`, {
      body: { spec: { type: 'NodePort' } },
      contentType: 'application/merge-patch+json',
    });
    expect(answer.body.message).toBe(
      'services "s" is forbidden: exceeded quota: q, requested: services.nodeports=2, used: services.nodeports=0, limited: services.nodeports=1',
    );
  });

  it('counts only what its scopes pick', async () => {
    await api.call('DELETE', `${core}/resourcequotas/q`);
    await post('resourcequotas', { metadata: { name: 'be' }, spec: { hard: { pods: '1' }, scopes: ['BestEffort'] } });
    expect((await pod('a', {})).code).toBe(201);
    expect((await pod('b', { requests: { cpu: '1m' } })).code).toBe(201);
    expect((await pod('c', {})).body.message).toBe(
      'pods "c" is forbidden: exceeded quota: be, requested: pods=1, used: pods=1, limited: pods=1',
    );
  });
});

describe('a namespace with Pod Security labels', () => {
  const label = (labels: object): Promise<TestAnswer> =>
    api.call('PATCH', '/api/v1/namespaces/shop', {
      body: {
        metadata: {
          labels: Object.fromEntries(
            Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]),
          ),
        },
      },
      contentType: 'application/merge-patch+json',
    });
  const risky = { containers: [container({}, { securityContext: { privileged: true } })] };

  it('refuses pods that its level forbids, in its words (refused)', async () => {
    await label({ enforce: 'baseline' });
    expect((await pod('plain', {})).code).toBe(201);
    expect((await pod('risky', {}, risky)).body).toMatchObject({
      code: 403,
      message:
        'pods "risky" is forbidden: violates PodSecurity "baseline:latest": privileged (container "main" must not set securityContext.privileged=true)',
    });
  });

  it('warns of workloads whose pods would be too free', async () => {
    await label({ warn: 'baseline', 'warn-version': 'v1.36' });
    const template = { metadata: { labels: { app: 'x' } }, spec: risky };
    const answer = await api.call('POST', '/apis/apps/v1/namespaces/shop/deployments', {
      body: { metadata: { name: 'x' }, spec: { selector: { matchLabels: { app: 'x' } }, template } },
    });
    expect(answer.code).toBe(201);
    expect(answer.headers.warning).toBe(
      '299 - "would violate PodSecurity \\"baseline:v1.36\\": privileged (container \\"main\\" must not set securityContext.privileged=true)"',
    );
  });

  it('warns of the pods it has when it becomes stricter', async () => {
    await pod('a', {}, risky);
    await pod('b', {}, risky);
    const answer = await label({ enforce: 'baseline' });
    expect(answer.headers.warning).toEqual([
      '299 - "existing pods in namespace \\"shop\\" violate the new PodSecurity enforce level \\"baseline:latest\\""',
      '299 - "a (and 1 other pod): privileged"',
    ]);
  });
});

describe('a RuntimeClass', () => {
  beforeEach(async () => {
    const overhead = { podFixed: { cpu: '10m' } };
    const scheduling = { nodeSelector: { disk: 'fast' }, tolerations: [{ key: 't', operator: 'Exists' }] };
    await api.call('POST', '/apis/node.k8s.io/v1/runtimeclasses', {
      body: { metadata: { name: 'fast' }, handler: 'h', overhead, scheduling },
    });
  });

  it('brings its overhead and its place into pods', async () => {
    const { body } = await pod('x', {}, { runtimeClassName: 'fast' });
    expect(body.spec).toMatchObject({ overhead: { cpu: '10m' }, nodeSelector: { disk: 'fast' } });
    expect(body.spec.tolerations).toContainEqual({ key: 't', operator: 'Exists' });
  });

  it('does not contradict the pod (refused)', async () => {
    expect((await pod('x', {}, { runtimeClassName: 'fast', nodeSelector: { disk: 'slow' } })).code).toBe(403);
    expect((await pod('x', {}, { overhead: { cpu: '1m' } })).body.message).toBe(
      'pods "x" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    );
  });
});
