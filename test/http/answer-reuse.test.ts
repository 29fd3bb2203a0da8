import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../../src/testing.ts';
import { ask } from '../support/ask.ts';
import { until } from '../support/until.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ clusterSpeed: 20 });
  await until(async () => {
    const { configMaps } = await ask<{ configMaps: { totalCount: number } }, object>(
      gateway,
      '{ configMaps { totalCount } }',
    );
    if (configMaps.totalCount === 0) throw new Error('nothing is listed yet');
  });
});
afterAll(() => gateway.stop());

const get = (query: string, headers: Record<string, string> = {}) =>
  request(`${gateway.url}/graphql?query=${encodeURIComponent(query)}`, { headers });

describe('GET', () => {
  const query = '{ configMaps(filter: { namespaces: ["shop"] }) { nodes { name resourceVersion } } }';

  it('has an ETag, answers 304 while nothing has changed, and 200 once it has', async () => {
    const first = await get(query);
    const etag = String(first.headers.etag);
    const text = await first.body.text();
    expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache', vary: 'accept, authorization' });
    const same = await get(query, { 'if-none-match': `"other", W/${etag}` });
    expect([same.statusCode, await same.body.text()]).toEqual([304, '']);

    const { store } = gateway.cluster;
    const resource = store.resource('', 'configmaps');
    store.create(resource, { metadata: { name: 'a-new-one', namespace: 'shop' } });
    await until(async () => {
      const next = await get(query, { 'if-none-match': etag });
      const after = await next.body.text();
      expect(next.statusCode).toBe(200);
      expect(after).toContain('a-new-one');
      expect(after).not.toBe(text);
    });
  });

  it('has none where the answer is an error (refused)', async () => {
    const answer = await get('{ nothing }');
    expect(answer.headers.etag).toBeUndefined();
    await answer.body.dump();
  });
});
