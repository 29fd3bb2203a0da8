import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, deployment, pod, startTestApi, type TestApi } from '../testing/start-test-api.ts';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  for (const namespace of ['one', 'two'])
    await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } });
  for (const [namespace, name, tier] of [
    ['one', 'a', 'front'],
    ['one', 'b', 'back'],
    ['one', 'c', 'back'],
    ['two', 'a', 'front'],
  ]) {
    const body = configMap(String(name), { metadata: { name, labels: { tier } } });
    await api.call('POST', `/api/v1/namespaces/${namespace}/configmaps`, { body });
  }
  await api.call('POST', '/api/v1/namespaces/one/pods', { body: pod('p1') });
  await api.call('POST', '/api/v1/namespaces/one/pods', { body: pod('p2') });
  await api.call('POST', '/api/v1/namespaces/one/pods/p2/binding', { body: { target: { kind: 'Node', name: 'n1' } } });
});
afterAll(() => api.stop());

const names = (body: { items: { metadata: { namespace: string; name: string } }[] }): string[] =>
  body.items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`);

describe('listing', () => {
  it('reads one namespace or all, in the order of keys', async () => {
    expect(names((await api.call('GET', '/api/v1/configmaps')).body)).toEqual(['one/a', 'one/b', 'one/c', 'two/a']);
    const one = await api.call('GET', '/api/v1/namespaces/one/configmaps');
    expect(names(one.body)).toEqual(['one/a', 'one/b', 'one/c']);
    expect(one.body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    expect(one.body.metadata.resourceVersion).toMatch(/^\d+$/);
  });

  it.each([
    ['configmaps?labelSelector=tier%3Dback', ['one/b', 'one/c']],
    ['configmaps?labelSelector=tier+in+(front)', ['one/a', 'two/a']],
    ['configmaps?fieldSelector=metadata.name%3Da', ['one/a', 'two/a']],
    ['configmaps?fieldSelector=metadata.namespace!%3Done', ['two/a']],
    ['configmaps?labelSelector=tier%3Dback&fieldSelector=metadata.name!%3Db', ['one/c']],
    ['pods?fieldSelector=spec.nodeName%3Dn1', ['one/p2']],
    ['pods?fieldSelector=spec.nodeName%3D', ['one/p1']],
    ['pods?fieldSelector=status.phase%3DPending', ['one/p1', 'one/p2']],
    ['pods?fieldSelector=status.phase%3DRunning', []],
  ])('selects %s', async (path, expected) => {
    expect(names((await api.call('GET', `/api/v1/${path}`)).body)).toEqual(expected);
  });

  it.each([
    ['limit=1&resourceVersion=0', 'whole, at any state'],
    ['resourceVersion=0&resourceVersionMatch=NotOlderThan&limit=1', 'whole, at any state'],
  ])('answers ?%s %s', async (query) => {
    const { body } = await api.call('GET', `/api/v1/pods?${query}`);
    expect(body.items.length).toBeGreaterThan(1);
    expect(body.metadata.continue).toBeUndefined();
  });

  it('takes a version with a limit for exactly that version', async () => {
    const { resourceVersion } = (await api.call('GET', '/api/v1/pods')).body.metadata;
    await api.call('PATCH', '/api/v1/namespaces/one/pods/p1', {
      body: { metadata: { labels: { later: 'yes' } } },
      contentType: 'application/merge-patch+json',
    });
    const { body } = await api.call('GET', `/api/v1/pods?limit=1&resourceVersion=${resourceVersion}`);
    expect(body.metadata.resourceVersion).toBe(resourceVersion);
    expect(body.items[0].metadata.labels?.later).toBeUndefined();
  });

  it.each([
    ['labelSelector=a%3Db%3Dc', /^found '=', expected: ',' or 'end of string'$/],
    ['labelSelector=a%20in%20(b', /^unable to parse requirement: found '', expected: ',' or '\)'$/],
    ['labelSelector=a%3Ex', /^unable to parse requirement: values\[0\]: Invalid value: "x": for 'Gt', 'Lt' operators/],
    ['fieldSelector=spec.nodeName%3Da', /^"spec.nodeName" is not a known field selector: only "metadata.name", "meta/],
    ['fieldSelector=constructor%3Da', /^"constructor" is not a known field selector/],
    ['fieldSelector=metadata.name%3Db%3Dc', /^invalid field selector: unescaped character in value: 61$/],
    ['limit=many', /^strconv.ParseInt: parsing "many": invalid syntax$/],
    ['resourceVersion=abc', /^invalid resource version: resourceVersion: Invalid value: "abc"/],
    ['continue=nonsense', /^invalid continue token: continue key is not valid/],
  ])('does not understand ?%s (refused)', async (query, message) => {
    const { code, body } = await api.call('GET', `/api/v1/configmaps?${query}`);
    expect({ code, reason: body.reason }).toEqual({ code: 400, reason: 'BadRequest' });
    expect(body.message).toMatch(message);
  });

  it.each([
    'resourceVersionMatch=Exact',
    'resourceVersionMatch=Roughly&resourceVersion=1',
    'sendInitialEvents=true',
    'resourceVersionMatch=Exact&resourceVersion=0',
  ])('does not accept ?%s (refused)', async (query) => {
    expect((await api.call('GET', `/api/v1/configmaps?${query}`)).code).toBe(422);
  });

  it('pages through one state, whatever changes meanwhile', async () => {
    const first = (await api.call('GET', '/api/v1/configmaps?limit=2')).body;
    expect(names(first)).toEqual(['one/a', 'one/b']);
    expect(first.metadata.remainingItemCount).toBe(2);
    await api.call('DELETE', '/api/v1/namespaces/one/configmaps/c');
    const next = encodeURIComponent(first.metadata.continue);
    const second = (await api.call('GET', `/api/v1/configmaps?limit=2&continue=${next}`)).body;
    expect(names(second)).toEqual(['one/c', 'two/a']);
    expect(second.metadata).toEqual({ resourceVersion: first.metadata.resourceVersion });
    await api.call('POST', '/api/v1/namespaces/one/configmaps', {
      body: configMap('c', { metadata: { name: 'c', labels: { tier: 'back' } } }),
    });
  });

  it('pages through a selection without counting what remains', async () => {
    const first = (await api.call('GET', '/api/v1/configmaps?labelSelector=tier%3Dfront&limit=1')).body;
    expect(names(first)).toEqual(['one/a']);
    expect(first.metadata.remainingItemCount).toBeUndefined();
    const next = encodeURIComponent(first.metadata.continue);
    const second = (await api.call('GET', `/api/v1/configmaps?labelSelector=tier%3Dfront&limit=1&continue=${next}`))
      .body;
    expect(names(second)).toEqual(['two/a']);
  });

  it('answers an expired page with 410 and a token that goes on from the newest state', async () => {
    const first = (await api.call('GET', '/api/v1/configmaps?limit=1')).body;
    api.cluster.compact();
    await api.call('POST', '/api/v1/namespaces/two/configmaps', { body: configMap('z') });
    api.cluster.compact();
    const expired = await api.call(
      'GET',
      `/api/v1/configmaps?limit=1&continue=${encodeURIComponent(first.metadata.continue)}`,
    );
    expect(expired).toMatchObject({ code: 410, body: { reason: 'Expired' } });
    const rest = await api.call(
      'GET',
      `/api/v1/configmaps?continue=${encodeURIComponent(expired.body.metadata.continue)}`,
    );
    expect(names(rest.body)).toEqual(['one/b', 'one/c', 'two/a', 'two/z']);
    await api.call('DELETE', '/api/v1/namespaces/two/configmaps/z');
  });

  it('reads an exact state while it is remembered', async () => {
    const { resourceVersion } = (await api.call('GET', '/api/v1/configmaps')).body.metadata;
    await api.call('POST', '/api/v1/namespaces/two/configmaps', { body: configMap('later') });
    const exact = `/api/v1/configmaps?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`;
    expect(names((await api.call('GET', exact)).body)).not.toContain('two/later');
    expect(names((await api.call('GET', exact.replace('Exact', 'NotOlderThan'))).body)).toContain('two/later');
    await api.call('DELETE', '/api/v1/namespaces/two/configmaps/later');
    api.cluster.compact();
    expect(await api.call('GET', exact)).toMatchObject({ code: 410, body: { reason: 'Expired' } });
  });

  it('has not seen the future (refused)', async () => {
    const answer = await api.call(
      'GET',
      '/api/v1/configmaps?resourceVersion=999999999&resourceVersionMatch=NotOlderThan',
    );
    expect(answer).toMatchObject({
      code: 504,
      headers: { 'retry-after': '1' },
      body: { reason: 'Timeout', details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
    });
  });
});

describe('what is shown', () => {
  it('prints tables as kubectl asks for them', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
    await api.call('POST', '/apis/apps/v1/namespaces/one/deployments', { body: deployment('web') });
    api.clock.advance(200_000);
    const { body } = await api.call('GET', '/apis/apps/v1/namespaces/one/deployments', { accept });
    expect(body).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(body.columnDefinitions.map((column: { name: string }) => column.name).slice(0, 5)).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
    ]);
    expect(body.rows[0].cells.slice(0, 5)).toEqual(['web', '0/1', 0, 0, '3m20s']);
    expect(body.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'web' } });
    const bare = await api.call('GET', '/apis/apps/v1/namespaces/one/deployments/web?includeObject=None', { accept });
    expect(bare.body.rows).toMatchObject([
      { cells: ['web', '0/1', 0, 0, '3m20s', 'main', 'registry.local/app:1', 'app=web'] },
    ]);
    expect(bare.body.rows[0].object).toBeUndefined();
  });

  it('reduces objects to their metadata', async () => {
    const accept = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';
    const { body } = await api.call('GET', '/api/v1/namespaces/one/pods', { accept });
    expect(body).toMatchObject({
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      items: [{ metadata: { name: 'p1' } }, {}],
    });
    expect(Object.keys(body.items[0])).toEqual(['metadata']);
  });

  it('answers in YAML when that is asked for', async () => {
    const { text, headers } = await api.call('GET', '/api/v1/namespaces/one/configmaps/a', {
      accept: 'application/yaml',
    });
    expect(headers['content-type']).toBe('application/yaml');
    expect(text).toContain('kind: ConfigMap\n');
  });

  it('passes protobuf over where JSON will do, and refuses where it will not', async () => {
    const either = await api.call('GET', '/api/v1/pods', {
      accept: 'application/vnd.kubernetes.protobuf,application/json',
    });
    expect(either.headers['content-type']).toBe('application/json');
    expect(await api.call('GET', '/api/v1/pods', { accept: 'application/vnd.kubernetes.protobuf' })).toMatchObject({
      code: 406,
    });
  });
});
