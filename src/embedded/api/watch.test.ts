import { connect } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { configMap, startTestApi, type TestApi } from '../testing/start-test-api.ts';

let api: TestApi;
let namespace = '';
let round = 0;
const maps = (): string => `/api/v1/namespaces/${namespace}/configmaps`;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
// A namespace of its own for every test, so that no test sees another's changes.
beforeEach(async () => {
  round += 1;
  namespace = `watch-${round}`;
  await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: namespace } } });
});

async function create(name: string, labels: Record<string, string> = {}) {
  return (await api.call('POST', maps(), { body: configMap(name, { metadata: { name, labels } }) })).body;
}

async function label(name: string, labels: Record<string, string | null>) {
  const contentType = 'application/merge-patch+json';
  return (await api.call('PATCH', `${maps()}/${name}`, { body: { metadata: { labels } }, contentType })).body;
}

describe('watching', () => {
  it('begins with what is there and goes on with what happens', async () => {
    await create('a');
    await using watch = await api.watch(`${maps()}?watch=true`);
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED a']));
    await create('b');
    await label('a', { x: '1' });
    await api.call('DELETE', `${maps()}/b`);
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED a', 'DELETED b']));
    const versions = watch.events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((x, y) => x - y));
  });

  it('resumes behind a resourceVersion without a gap or a repetition', async () => {
    const first = await create('a');
    await create('b');
    await api.call('DELETE', `${maps()}/b`);
    await using watch = await api.watch(`${maps()}?watch=1&resourceVersion=${first.metadata.resourceVersion}`);
    await create('c');
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED b', 'DELETED b', 'ADDED c']));
  });

  it('sees only its namespace', async () => {
    await using watch = await api.watch(`${maps()}?watch=true`);
    await api.call('POST', '/api/v1/namespaces/default/configmaps', { body: configMap(`other-${round}`) });
    await create('mine');
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED mine']));
  });

  it('adds and deletes for a selector what starts and stops to match', async () => {
    await create('a', { on: 'yes' });
    await create('b');
    await using watch = await api.watch(`${maps()}?watch=true&labelSelector=on%3Dyes`);
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED a']));
    await label('b', { on: 'yes' });
    await label('b', { extra: '1' });
    const left = await label('a', { on: null });
    await api.call('DELETE', `${maps()}/a`);
    await api.call('DELETE', `${maps()}/b`);
    await vi.waitFor(() =>
      expect(watch.names()).toEqual(['ADDED a', 'ADDED b', 'MODIFIED b', 'DELETED a', 'DELETED b']),
    );
    // Shown as it last matched, at the revision at which it stopped to.
    const gone = watch.events[3]?.object.metadata;
    expect(gone).toMatchObject({ labels: { on: 'yes' }, resourceVersion: left.metadata.resourceVersion });
  });

  it('follows one object by its name', async () => {
    await create('a');
    await create('b');
    expect((await api.call('GET', `${maps()}/a?watch=true`)).body.kind).toBe('ConfigMap');
    await using watch = await api.watch(`${maps()}?watch=true&fieldSelector=metadata.name%3Da`);
    await label('b', { x: '1' });
    await label('a', { x: '1' });
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED a', 'MODIFIED a']));
  });

  it('ends with the initial events when they were asked for', async () => {
    await create('a');
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    await using watch = await api.watch(`${maps()}?${query}`);
    await vi.waitFor(() => expect(watch.events).toHaveLength(2));
    expect(watch.events[1]).toMatchObject({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
  });

  it('tells a quiet client every ten seconds where it stands, and once more at the end', async () => {
    const from = `resourceVersion=${api.cluster.store.resourceVersion}`;
    await using watch = await api.watch(`${maps()}?watch=true&allowWatchBookmarks=true&timeoutSeconds=15&${from}`);
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(1));
    api.clock.advance(9_999);
    await create('a');
    await vi.waitFor(() => expect(watch.events).toHaveLength(1));
    api.clock.advance(1);
    await vi.waitFor(() => expect(watch.events).toHaveLength(2));
    expect(watch.events[1]).toMatchObject({
      type: 'BOOKMARK',
      object: { metadata: { resourceVersion: api.cluster.store.resourceVersion } },
    });
    api.clock.advance(5_000);
    await vi.waitFor(() => expect(watch.end).toBe('ended'));
    expect(watch.events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK', 'BOOKMARK']);
    expect(api.cluster.openWatches).toBe(0);
  });

  it('sends no bookmarks to a client that did not ask', async () => {
    await using watch = await api.watch(`${maps()}?watch=true&timeoutSeconds=30`);
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(1));
    api.clock.advance(30_000);
    await vi.waitFor(() => expect(watch.end).toBe('ended'));
    expect(watch.events).toEqual([]);
  });

  it('says that a compacted resourceVersion has expired', async () => {
    const { metadata } = await create('a');
    await create('b');
    api.cluster.compact();
    await using watch = await api.watch(`${maps()}?watch=true&resourceVersion=${metadata.resourceVersion}`);
    await vi.waitFor(() => expect(watch.end).toBe('ended'));
    expect(watch.events).toMatchObject([{ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } }]);
  });

  it('resumes at the very revision of a compaction', async () => {
    await create('a');
    api.cluster.compact();
    await using watch = await api.watch(`${maps()}?watch=true&resourceVersion=${api.cluster.store.resourceVersion}`);
    await create('b');
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED b']));
  });

  it('is cut in the middle by closeWatches', async () => {
    await using watch = await api.watch(`${maps()}?watch=true`);
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(1));
    api.cluster.closeWatches();
    await vi.waitFor(() => expect(watch.end).toBe('cut'));
    expect(api.cluster.openWatches).toBe(0);
  });

  it('is forgotten when the client goes', async () => {
    const watch = await api.watch(`${maps()}?watch=true`);
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(1));
    await watch.close();
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(0));
  });

  it('prints tables, with the columns only once', async () => {
    await create('a');
    await using watch = await api.watch(`${maps()}?watch=true`, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
    });
    await create('b');
    await vi.waitFor(() => expect(watch.events).toHaveLength(2));
    expect(watch.events.map(({ object }) => [object.columnDefinitions?.length ?? 0, object.rows[0].cells[0]])).toEqual([
      [3, 'a'],
      [0, 'b'],
    ]);
  });

  it('takes a watch from anywhere for one that says where its initial events end', async () => {
    await create('a');
    await using watch = await api.watch(`${maps()}?watch=true&resourceVersion=0&allowWatchBookmarks=true`);
    await vi.waitFor(() => expect(watch.events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']));
    expect(watch.events[1]?.object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
  });

  it('waits for a version that is still to come', async () => {
    const from = Number(api.cluster.store.resourceVersion);
    await using watch = await api.watch(`${maps()}?watch=true&resourceVersion=${from + 1}`);
    await create('a');
    await create('b');
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED b']));
  });

  it('gives a bookmark among tables a row of its own', async () => {
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    for (const path of ['pods', 'services', 'nodes', 'events', 'persistentvolumeclaims', 'resourcequotas']) {
      await using watch = await api.watch(`/api/v1/${path}?${query}&fieldSelector=metadata.name%3Dnone`, {
        accept: 'application/json;as=Table;v=v1;g=meta.k8s.io',
      });
      await vi.waitFor(() => expect(watch.events).toHaveLength(1));
      const { kind, columnDefinitions, rows } = watch.events[0]?.object ?? {};
      expect({ kind, columnDefinitions, rows: rows.length }).toEqual({
        kind: 'Table',
        columnDefinitions: null,
        rows: 1,
      });
      expect(rows[0].object.metadata.annotations).toEqual({ 'k8s.io/initial-events-end': 'true' });
    }
  });

  it.each([
    ['sendInitialEvents=true', 422],
    ['resourceVersionMatch=NotOlderThan', 422],
    ['labelSelector=%3D', 400],
    ['timeoutSeconds=soon', 400],
    ['resourceVersion=999999999&sendInitialEvents=true&resourceVersionMatch=NotOlderThan', 504],
    ['resourceVersion=abc', 500],
    ['continue=abc', 422],
  ])('does not accept ?%s (refused)', async (query, code) => {
    expect(await api.call('GET', `${maps()}?watch=true&${query}`)).toMatchObject({ code, body: { kind: 'Status' } });
  });

  it('cuts a client that does not read instead of buffering for it', async () => {
    const { url, token, caCertificate, store } = api.cluster;
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), ca: caCertificate });
    let isClosed = false;
    socket.on('close', () => {
      isClosed = true;
    });
    socket.on('error', () => undefined);
    socket.write(`GET ${maps()}?watch=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`);
    socket.pause();
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(1));
    const resource = store.resource('', 'configmaps');
    store.create(resource, { metadata: { name: 'big', namespace }, data: {} });
    for (let count = 0; count < 60; count += 1) {
      store.update(resource, {
        metadata: { name: 'big', namespace },
        data: { text: String(count).padEnd(500_000, 'x') },
      });
    }
    await vi.waitFor(() => expect(api.cluster.openWatches).toBe(0));
    socket.resume();
    await vi.waitFor(() => expect(isClosed).toBe(true));
  });
});
