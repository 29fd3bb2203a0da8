import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { pod, startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const pods = '/api/v1/namespaces/default/pods';
const metrics = '/apis/metrics.k8s.io/v1beta1';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ controllers: true, nodes: 2 });
  const busy = pod('busy', {
    metadata: { name: 'busy', labels: { app: 'busy' }, annotations: { 'embedded.longshore.dev/load': 'steady 300' } },
  });
  busy.spec.containers[0].resources = {
    requests: { cpu: '500m', memory: '64Mi' },
    limits: { cpu: '1', memory: '1Gi' },
  };
  await api.call('POST', pods, { body: busy });
  await api.call('POST', pods, { body: pod('plain') });
  await api.call('POST', pods, {
    body: pod('waiting', { spec: { nodeSelector: { none: 'such' }, containers: [{ name: 'a', image: 'a' }] } }),
  });
  await vi.waitFor(async () => {
    api.clock.advance(500);
    const { body } = await api.call('GET', `${metrics}/namespaces/default/pods`);
    expect(body.items).toHaveLength(2);
  });
});
afterAll(() => api.stop());

describe('metrics.k8s.io', () => {
  it('measures running pods as metrics-server does, throttled at their limit', async () => {
    const { body } = await api.call('GET', `${metrics}/namespaces/default/pods/busy`);
    expect(body).toMatchObject({
      kind: 'PodMetrics',
      apiVersion: 'metrics.k8s.io/v1beta1',
      metadata: { name: 'busy', namespace: 'default', labels: { app: 'busy' } },
      timestamp: expect.stringMatching(/^2026-01-01T00:/),
      window: '15s',
      containers: [{ name: 'main', usage: { cpu: '1000000000n', memory: expect.stringMatching(/^\d+Ki$/) } }],
    });
    const kibibytes = Number.parseInt(body.containers[0].usage.memory, 10);
    expect(kibibytes).toBeGreaterThan(0.45 * 64 * 1024);
    expect(kibibytes).toBeLessThan(0.55 * 64 * 1024);
  });

  it('gives the same numbers until it measures again', async () => {
    const read = async () => (await api.call('GET', `${metrics}/namespaces/default/pods/plain`)).body;
    api.clock.advance(15_000 - (api.clock.now() % 15_000));
    const first = await read();
    api.clock.advance(14_000);
    expect(await read()).toEqual(first);
    api.clock.advance(1_000);
    const second = await read();
    expect(Date.parse(second.timestamp) - Date.parse(first.timestamp)).toBe(15_000);
    expect(second.containers).not.toEqual(first.containers);
  });

  it('selects by label and by namespace', async () => {
    const named = async (path: string) =>
      (await api.call('GET', `${metrics}/${path}`)).body.items.map(
        ({ metadata }: { metadata: { name: string } }) => metadata.name,
      );
    expect(await named('pods?labelSelector=app%3Dbusy')).toEqual(['busy']);
    expect(await named('namespaces/kube-system/pods?labelSelector=app%3Dbusy')).toEqual([]);
  });

  it('adds up what runs on a node', async () => {
    const { body } = await api.call('GET', `${metrics}/nodes`);
    expect(body).toMatchObject({ kind: 'NodeMetricsList', items: [{ usage: {} }, { usage: {} }] });
    const nanos = body.items.map(({ usage }: { usage: { cpu: string } }) => Number.parseInt(usage.cpu, 10));
    expect(Math.max(...nanos)).toBeGreaterThan(1_000_000_000);
    const { body: one } = await api.call('GET', `${metrics}/nodes/${body.items[0].metadata.name}`);
    expect(one.usage).toEqual(body.items[0].usage);
  });

  it('is discovered with get and list only', async () => {
    const { body } = await api.call('GET', metrics);
    expect(body.resources).toEqual([
      { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
      { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
    ]);
    const { body: groups } = await api.call('GET', '/apis');
    expect(groups.groups.map(({ name }: { name: string }) => name)).toContain('metrics.k8s.io');
  });

  it.each([
    ['GET', 'namespaces/default/pods/waiting', 404, 'podmetrics.metrics.k8s.io "default/waiting" not found'],
    ['GET', 'namespaces/default/pods/none', 404, 'pods "default/none" not found'],
    ['GET', 'nodes/none', 404, 'nodes "none" not found'],
    ['GET', 'things', 404, 'the server could not find the requested resource'],
    ['GET', 'pods?watch=true', 405, /not/],
    ['DELETE', 'namespaces/default/pods/busy', 405, /not/],
    ['POST', 'namespaces/default/pods', 405, /not/],
  ])('%s %s is not answered (refused)', async (method, path, code, message) => {
    const answer = await api.call(method, `${metrics}/${path}`);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toMatch(message);
  });

  it('is not served where nothing runs (refused)', async () => {
    await using bare = await startTestApi();
    expect((await bare.call('GET', `${metrics}/nodes`)).code).toBe(404);
    expect((await bare.call('GET', metrics)).code).toBe(404);
  });
});
