import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Json, pod, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const pods = '/api/v1/namespaces/default/pods';
const merge = 'application/merge-patch+json';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ controllers: true, nodes: 2 });
  await api.call('POST', pods, { body: pod('web') });
  const two = pod('two');
  two.spec.containers.push({ name: 'side', image: 'registry.local/side:1' });
  await api.call('POST', pods, { body: two });
  await running('web');
});
afterAll(() => api.stop());

async function running(name: string): Promise<Json> {
  return vi.waitFor(async () => {
    api.clock.advance(1_000);
    const { body } = await api.call('GET', `${pods}/${name}`);
    expect(body.status.phase).toBe('Running');
    return body;
  });
}

describe('the log subresource', () => {
  it('answers with the lines of the only container', async () => {
    api.clock.advance(60_000);
    const { code, text, headers } = await api.call('GET', `${pods}/web/log`);
    expect(code).toBe(200);
    expect(headers['content-type']).toBe('text/plain');
    expect(text.split('\n').length).toBeGreaterThan(2);
  });

  it('shows the end, a part and the times of it as asked', async () => {
    const lines = (await api.call('GET', `${pods}/web/log?timestamps=true`)).text.trimEnd().split('\n');
    expect(lines.every((line) => /^\d{4}-\d\d-\d\dT[\d:.]+Z /.test(line))).toBe(true);
    expect((await api.call('GET', `${pods}/web/log?timestamps=true&tailLines=2`)).text.trimEnd().split('\n')).toEqual(
      lines.slice(-2),
    );
    expect((await api.call('GET', `${pods}/web/log?tailLines=0`)).text).toBe('');
    expect((await api.call('GET', `${pods}/web/log?limitBytes=10`)).text).toHaveLength(10);
    const middle = lines[Math.floor(lines.length / 2)]?.split(' ')[0] ?? '';
    const since = (await api.call('GET', `${pods}/web/log?timestamps=true&sinceTime=${middle}`)).text
      .trimEnd()
      .split('\n');
    expect(since.length).toBeLessThan(lines.length);
    expect(since.every((line) => Date.parse(line.split(' ')[0] ?? '') >= Date.parse(middle))).toBe(true);
  });

  it('follows until the pod ends', async () => {
    await api.call('POST', pods, { body: pod('followed') });
    await running('followed');
    let isOver = false;
    const following = api.call('GET', `${pods}/followed/log?follow=true`).finally(() => {
      isOver = true;
    });
    api.clock.advance(10_000);
    expect(isOver).toBe(false);
    await api.call('DELETE', `${pods}/followed?gracePeriodSeconds=1`);
    const { text } = await vi.waitFor(() => {
      api.clock.advance(1_000);
      if (!isOver) throw new Error('still following');
      return following;
    });
    expect(text).not.toBe('');
  });

  it('wants to know which of two containers is meant', async () => {
    const answer = await api.call('GET', `${pods}/two/log`);
    expect(answer).toMatchObject({
      code: 400,
      body: { message: 'a container name must be specified for pod two, choose one of: [main side]' },
    });
    await running('two');
    expect((await api.call('GET', `${pods}/two/log?container=side`)).code).toBe(200);
  });

  it.each([
    ['web/log?container=none', 400, 'container none is not valid for pod web'],
    ['web/log?previous=true', 400, 'previous terminated container "main" in pod "web" not found'],
    ['web/log?tailLines=-1', 422, /tailLines: Invalid value: -1/],
    ['web/log?sinceSeconds=0', 422, /sinceSeconds/],
    ['web/log?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z', 422, /at most one/],
    ['web/log?limitBytes=some', 400, /limitBytes/],
    ['none/log', 404, 'pods "none" not found'],
  ])('does not answer %s (refused)', async (path, code, message) => {
    const answer = await api.call('GET', `${pods}/${path}`);
    expect(answer.code).toBe(code);
    expect(answer.body.message).toMatch(message);
  });
});

describe('deleting a pod on a node', () => {
  it('lets it end gracefully', async () => {
    await api.call('POST', pods, { body: pod('graceful') });
    await running('graceful');
    const { body } = await api.call('DELETE', `${pods}/graceful`, { body: { gracePeriodSeconds: 7 } });
    expect(body.metadata).toMatchObject({ deletionGracePeriodSeconds: 7, deletionTimestamp: expect.any(String) });
    expect((await api.call('GET', `${pods}/graceful`)).code).toBe(200);
    await vi.waitFor(async () => {
      api.clock.advance(1_000);
      expect((await api.call('GET', `${pods}/graceful`)).code).toBe(404);
    });
  });

  it('does not wait when it is forced', async () => {
    await api.call('POST', pods, { body: pod('forced') });
    await running('forced');
    await api.call('DELETE', `${pods}/forced?gracePeriodSeconds=0`);
    expect((await api.call('GET', `${pods}/forced`)).code).toBe(404);
  });
});

describe('the eviction subresource', () => {
  const evict = (name: string, query = '') =>
    api.call('POST', `${pods}/${name}/eviction${query}`, {
      body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } },
    });
  const budget = (name: string, minAvailable: number) => ({
    metadata: { name },
    spec: { minAvailable, selector: { matchLabels: { app: 'guarded' } } },
  });
  const budgets = '/apis/policy/v1/namespaces/default/poddisruptionbudgets';

  it('deletes the pod, but not in a dry run', async () => {
    await api.call('POST', pods, { body: pod('evicted') });
    await running('evicted');
    expect((await evict('evicted', '?dryRun=All')).code).toBe(201);
    expect((await api.call('GET', `${pods}/evicted`)).body.metadata.deletionTimestamp).toBeUndefined();
    expect((await evict('evicted')).code).toBe(201);
    expect((await api.call('GET', `${pods}/evicted`)).body.metadata.deletionTimestamp).toBeDefined();
  });

  it('asks the disruption budget, and fails on two of them (refused)', async () => {
    await api.call('POST', pods, { body: pod('guarded') });
    await running('guarded');
    await api.call('POST', budgets, { body: budget('one', 1) });
    await vi.waitFor(async () => {
      api.clock.advance(1_000);
      const { body } = await api.call('GET', `${budgets}/one`);
      expect(body.status).toMatchObject({ observedGeneration: 1, currentHealthy: 1, disruptionsAllowed: 0 });
    });
    const refused = await evict('guarded');
    expect(refused).toMatchObject({
      code: 429,
      body: {
        reason: 'TooManyRequests',
        message: "Cannot evict pod as it would violate the pod's disruption budget.",
        details: {
          causes: [
            {
              reason: 'DisruptionBudget',
              message: 'The disruption budget one needs 1 healthy pods and has 1 currently',
            },
          ],
        },
      },
    });
    await api.call('POST', budgets, { body: budget('two', 1) });
    expect((await evict('guarded')).code).toBe(500);
    await api.call('DELETE', `${budgets}/two`);
    await api.call('PATCH', `${budgets}/one`, { body: { spec: { minAvailable: 0 } }, contentType: merge });
    await vi.waitFor(async () => {
      api.clock.advance(1_000);
      expect((await evict('guarded')).code).toBe(201);
    });
  });
});

describe('the binding subresource', () => {
  it('assigns a node once', async () => {
    await using bare = await startTestApi();
    await bare.call('POST', pods, { body: pod('free') });
    const bind = (name: string) =>
      bare.call('POST', `${pods}/free/binding`, { body: { target: { kind: 'Node', name } } });
    expect((await bind('n1')).code).toBe(201);
    const { body } = await bare.call('GET', `${pods}/free`);
    expect(body.spec.nodeName).toBe('n1');
    expect(body.status.conditions).toMatchObject([{ type: 'PodScheduled', status: 'True' }]);
    expect(await bind('n2')).toMatchObject({ code: 409 });
    expect((await bind('')).code).toBe(400);
    expect(await bare.call('GET', `${pods}/free/log`)).toMatchObject({ code: 500, body: { reason: 'InternalError' } });
  });
});
