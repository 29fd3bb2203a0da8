import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../kernel/answer-error.ts';
import { type FakeApi, sendJson, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { configMapKind, connect, podKind, type TestCluster } from '../testing/test-cluster.ts';

let api: FakeApi;
let hash: string;
let fields: object;
let refusal: number | undefined;
beforeEach(async () => {
  hash = 'one';
  fields = { a: { type: 'string' } };
  refusal = undefined;
  api = await startFakeApi();
  api.intercept(({ path }, response) => {
    if (!path.startsWith('/openapi/v3')) return false;
    if (refusal !== undefined) sendStatus(response, refusal, 'Refused', 'no');
    else if (path === '/openapi/v3')
      sendJson(response, 200, { paths: { 'api/v1': { serverRelativeURL: `/openapi/v3/api/v1?hash=${hash}` } } });
    else sendJson(response, 200, { components: { schemas: { 'io.Pod': podSchema() } } });
    return true;
  });
});
afterEach(() => api.stop());

const podSchema = () => ({
  type: 'object',
  'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Pod' }],
  properties: { metadata: { type: 'object' }, ...fields },
});

async function ready(): Promise<TestCluster> {
  const test = connect(api, { kinds: [] });
  await test.clusters.whenSettled(5_000);
  return test;
}

const asked = () => ({
  index: api.count(({ path }) => path === '/openapi/v3'),
  documents: api.count(({ path }) => path === '/openapi/v3/api/v1'),
});
const unknown = async ({ cluster }: TestCluster, options = {}) =>
  (await cluster.schemaOf(podKind, options))?.problemsOf({ metadata: {}, b: 1 }, 9).map(({ code }) => code);

describe('schemaOf', () => {
  it('asks once for many, by the hash of the document', async () => {
    await using test = await ready();
    expect(await Promise.all([unknown(test), unknown(test), unknown(test)])).toEqual([
      ['unknown_field'],
      ['unknown_field'],
      ['unknown_field'],
    ]);
    expect(asked()).toEqual({ index: 1, documents: 1 });
    expect(api.requests.find(({ path }) => path.endsWith('/api/v1'))?.query.get('hash')).toBe('one');
  });

  it('asks for a document again only where its hash has changed, and for the index no more than each 2 s', async () => {
    await using test = await ready();
    await unknown(test);
    test.clock.advance(2_000);
    await unknown(test, { isFresh: true });
    expect(asked()).toEqual({ index: 2, documents: 1 });
    hash = 'two';
    fields = { b: { type: 'integer' } };
    await unknown(test, { isFresh: true });
    expect(asked()).toEqual({ index: 2, documents: 1 });
    test.clock.advance(2_000);
    expect(await unknown(test, { isFresh: true })).toEqual([]);
    expect(asked()).toEqual({ index: 3, documents: 2 });
  });

  it('knows nothing of a kind that no document has', async () => {
    await using test = await ready();
    expect(await test.cluster.schemaOf(configMapKind)).toBeUndefined();
    expect(await test.cluster.schemaOf({ ...podKind, group: 'acme.io' })).toBeUndefined();
  });

  it.each([403, 404])('leaves a cluster that answers %i in peace for a minute', async (status) => {
    refusal = status;
    await using test = await ready();
    expect(await unknown(test)).toBeUndefined();
    expect(await unknown(test, { isFresh: true })).toBeUndefined();
    expect(asked().index).toBe(1);
    refusal = undefined;
    test.clock.advance(60_000);
    await vi.waitFor(async () => expect(await unknown(test)).toEqual(['unknown_field']));
  });

  it('rejects while the cluster fails (refused), and asks anew', async () => {
    await using test = await ready();
    refusal = 500;
    await expect(unknown(test)).rejects.toThrow(UpstreamError);
    refusal = undefined;
    await vi.waitFor(async () => expect(await unknown(test)).toEqual(['unknown_field']));
  });
});
