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

describe('POST, of an answer that still holds', () => {
  const query = 'query Again { configMaps(filter: { namespaces: ["shop"] }) { nodes { name resourceVersion } } }';

  async function post(body: object, headers: Record<string, string> = {}) {
    const answer = await request(`${gateway.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer dev-admin', ...headers },
      body: JSON.stringify(body),
    });
    const { date: _, 'x-request-id': requestId, 'keep-alive': __, ...kept } = answer.headers;
    return { status: answer.statusCode, requestId, headers: kept, text: await answer.body.text() };
  }
  const names = (text: string): string[] =>
    JSON.parse(text).data.configMaps.nodes.map(({ name }: { name: string }) => name);
  const reused = async () => {
    const metrics = await request(`${gateway.url}/metrics`, { headers: { authorization: 'Bearer dev-admin' } });
    const line = /operation_duration_seconds_count\{type="query",reused="true"\} (\d+)/.exec(await metrics.body.text());
    return Number(line?.[1] ?? 0);
  };

  it('is the same answer in every byte and header, counted as one that was given again', async () => {
    const first = await post({ query });
    const before = await reused();
    const again = [await post({ query }), await post({ query })];
    for (const { requestId, ...answer } of again) {
      expect({ ...answer, requestId: first.requestId }).toEqual(first);
      expect(requestId).not.toBe(first.requestId);
    }
    expect(await reused()).toBe(before + 2);
  });

  it('has the type that is asked for', async () => {
    for (const accept of ['application/json', 'application/graphql-response+json', 'application/json']) {
      const { headers } = await post({ query }, { accept });
      expect(headers['content-type']).toMatch(accept);
    }
  });

  it('is made anew once something has changed', async () => {
    await post({ query });
    const { store } = gateway.cluster;
    store.create(store.resource('', 'configmaps'), { metadata: { name: 'a-newer-one', namespace: 'shop' } });
    await until(async () => expect(names((await post({ query })).text)).toContain('a-newer-one'));
  });

  it('is nobody else’s: others get what they may read, and who is not signed in gets nothing (refused)', async () => {
    const objects = { query: '{ namespaces { nodes { name } } }' };
    const all = await post(objects);
    expect((await post(objects)).text).toBe(all.text);
    const fewer = await post(objects, { authorization: 'Bearer dev-developer' });
    const count = ({ text }: { readonly text: string }): number => JSON.parse(text).data.namespaces.nodes.length;
    expect(count(fewer)).toBeGreaterThan(0);
    expect(count(fewer)).toBeLessThan(count(all));
    expect(await post(objects, { authorization: 'Bearer of-nobody' })).toMatchObject({ status: 401 });
    expect(await post(objects, { 'content-type': 'text/plain' })).toMatchObject({ status: 415 });
    expect((await post(objects)).text).toBe(all.text);
  });

  it('tells each time what it cost, to who asks', async () => {
    const asking = { query, extensions: { cost: true } };
    await post(asking);
    for (let turn = 0; turn < 2; turn += 1)
      expect(JSON.parse((await post(asking)).text).extensions.cost).toMatchObject({ isReused: true });
  });

  it('is never one of an error, of a mutation or of the clock', async () => {
    const wrong = { query: '{ configMaps(first: -1) { totalCount } }' };
    const [one, two] = [await post(wrong), await post(wrong)];
    expect(JSON.parse(one.text).errors[0].extensions.requestId).toBe(one.requestId);
    expect(JSON.parse(two.text).errors[0].extensions.requestId).toBe(two.requestId);
    const write = {
      query: 'mutation { createDepartment(input: { identifier: "twice", displayName: "d" }) { __typename } }',
    };
    expect((await post(write)).text).toContain('CreateDepartmentSuccess');
    expect((await post(write)).text).not.toContain('CreateDepartmentSuccess');
  });
});
