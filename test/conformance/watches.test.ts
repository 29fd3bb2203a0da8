import { expect } from 'vitest';
import { succeeded } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';
import { configMap, pod } from './support/objects.ts';
import { serveDefinition } from './support/serve-definition.ts';

const { conformanceCase } = conformanceArea('watches');

const labelled = (name: string, labels: Json): Json => configMap(name, { metadata: { name, labels } });

conformanceCase(
  {
    title: 'tells additions, changes and deletions as they happen',
    source:
      'API concepts: efficient detection of changes; e2e: [sig-api-machinery] Watchers should observe add, update, and delete watch notifications on configmaps',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await using watch = await api.watch(path, { labelSelector: 'of=case' });
    await create(path, labelled('a', { of: 'case' }));
    expect(await watch.next()).toMatchObject({
      type: 'ADDED',
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data: { key: 'value' } },
    });
    const changed = await api.patch('merge', `${path}/a`, { data: { key: 'other' } });
    expect(await watch.next()).toEqual({ type: 'MODIFIED', object: changed.body });
    await api.delete(`${path}/a`);
    const { type, object } = await watch.next();
    expect(type).toBe('DELETED');
    expect(object.data).toEqual({ key: 'other' });
    expect(BigInt(object.metadata.resourceVersion)).toBeGreaterThan(BigInt(changed.body.metadata.resourceVersion));
  },
);

conformanceCase(
  {
    title: 'begins a watch without resourceVersion with what is there',
    source: 'API concepts: semantics for watch, get state and start at any/most recent',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    for (const name of ['b', 'a']) await create(path, labelled(name, { of: 'case' }));
    for (const resourceVersion of [undefined, '0']) {
      await using watch = await api.watch(path, { labelSelector: 'of=case', resourceVersion });
      await watch.next();
      await watch.next();
      expect(watch.names().sort()).toEqual(['ADDED a', 'ADDED b']);
    }
  },
);

conformanceCase(
  {
    title: 'takes a watch up where another one ended',
    source:
      'e2e: [sig-api-machinery] Watchers should be able to restart watching from the last resource version observed by the previous watch',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const made = await create(path, configMap('a'));
    succeeded(await api.patch('merge', `${path}/a`, { data: { n: '1' } }));
    succeeded(await api.patch('merge', `${path}/a`, { data: { n: '2' } }));
    succeeded(await api.delete(`${path}/a`));
    await using watch = await api.watch(path, {
      fieldSelector: 'metadata.name=a',
      resourceVersion: made.metadata.resourceVersion,
    });
    await watch.next(({ type }) => type === 'DELETED');
    expect(watch.events.map(({ type, object }) => [type, object.data.n])).toEqual([
      ['MODIFIED', '1'],
      ['MODIFIED', '2'],
      ['DELETED', '2'],
    ]);
  },
);

conformanceCase(
  {
    title: 'shows the same order of changes to all who watch',
    source: 'e2e: [sig-api-machinery] Watchers should receive events on concurrent watches in same order',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    const { metadata } = await create(path, configMap('start'));
    await using one = await api.watch(path, { resourceVersion: metadata.resourceVersion });
    await using two = await api.watch(path, { resourceVersion: metadata.resourceVersion });
    await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => create(path, configMap(name))));
    await create(path, configMap('z-last'));
    await Promise.all([one, two].map((watch) => watch.next(({ object }) => object.metadata.name === 'z-last')));
    expect(one.names()).toEqual(two.names());
    expect(one.names().length).toBeGreaterThanOrEqual(7);
  },
);

conformanceCase(
  {
    title: 'tells a watcher with a selector when something begins and ceases to match',
    source:
      'e2e: [sig-api-machinery] Watchers should observe an object deletion if it stops meeting the requirements of the selector',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await using watch = await api.watch(path, { labelSelector: 'color=red' });
    await create(path, labelled('a', { color: 'blue' }));
    succeeded(await api.patch('merge', `${path}/a`, { metadata: { labels: { color: 'red' } } }));
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { labels: { color: 'red' } } } });
    const left = await api.patch('merge', `${path}/a`, { metadata: { labels: { color: 'green' } } });
    const { type, object } = await watch.next();
    expect(type).toBe('DELETED');
    expect(object.metadata.labels).toEqual({ color: 'red' });
    expect(object.metadata.resourceVersion).toBe(left.body.metadata.resourceVersion);
    succeeded(await api.patch('merge', `${path}/a`, { metadata: { labels: { color: 'red' } } }));
    expect(await watch.next()).toMatchObject({ type: 'ADDED' });
  },
);

conformanceCase(
  {
    title: 'watches one object by its name',
    source: 'API concepts: watch with fieldSelector metadata.name; meta/v1 ListOptions.watch',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await using watch = await api.watch(path, { fieldSelector: 'metadata.name=b' });
    for (const name of ['a', 'b', 'c']) await create(path, configMap(name));
    await api.delete(`${path}/b`);
    await watch.next(({ type }) => type === 'DELETED');
    expect(watch.names()).toEqual(['ADDED b', 'DELETED b']);
  },
);

conformanceCase(
  { title: 'ends a watch when its time is over', source: 'meta/v1 ListOptions.timeoutSeconds' },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await create(path, configMap('a'));
    await using watch = await api.watch(path, { timeoutSeconds: 1, fieldSelector: 'metadata.name=a' });
    await watch.ended();
    expect(watch.names()).toEqual(['ADDED a']);
  },
);

conformanceCase(
  {
    title: 'streams a list and says by a bookmark where it ends (sendInitialEvents)',
    source: 'KEP-3157 streaming lists; API concepts: streaming lists',
  },
  async ({ api, namespace, create }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    for (const name of ['a', 'b']) await create(path, labelled(name, { of: 'case' }));
    await using watch = await api.watch(path, {
      sendInitialEvents: true,
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: true,
      labelSelector: 'of=case',
    });
    const bookmark = await watch.next(({ type }) => type === 'BOOKMARK');
    expect(bookmark.object).toMatchObject({
      kind: 'ConfigMap',
      metadata: {
        resourceVersion: expect.stringMatching(/^[1-9]\d*$/),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    });
    expect(watch.names().sort()).toEqual(['ADDED a', 'ADDED b']);
    await create(path, labelled('c', { of: 'case' }));
    const { object } = await watch.next(({ type }) => type === 'ADDED');
    expect(BigInt(object.metadata.resourceVersion)).toBeGreaterThan(BigInt(bookmark.object.metadata.resourceVersion));
  },
);

conformanceCase(
  {
    title: 'refuses sendInitialEvents without resourceVersionMatch, and in lists',
    source: 'KEP-3157; meta/v1 ListOptions.sendInitialEvents',
  },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await using watch = await api.watch(path, { sendInitialEvents: true, allowWatchBookmarks: true });
    expect(watch.status).toBe(422);
    expect(watch.refusal.details.causes[0]).toMatchObject({
      reason: 'FieldValueForbidden',
      field: 'resourceVersionMatch',
    });
    const list = await api.get(path, { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' });
    expect(list).toMatchObject({
      status: 422,
      body: {
        details: {
          causes: expect.arrayContaining([
            expect.objectContaining({ reason: 'FieldValueForbidden', field: 'sendInitialEvents' }),
          ]),
        },
      },
    });
  },
);

conformanceCase(
  { title: 'refuses a watch from a resourceVersion that is none', source: 'meta/v1 ListOptions.resourceVersion' },
  async ({ api, namespace }) => {
    const path = `/api/v1/namespaces/${await namespace()}/configmaps`;
    await using watch = await api.watch(path, { resourceVersion: 'nonsense' });
    expect(watch.status).toBeGreaterThanOrEqual(400);
    expect(watch.refusal).toMatchObject({ kind: 'Status', status: 'Failure' });
  },
);

conformanceCase(
  { title: 'watches all namespaces at once', source: 'API concepts: watch across all namespaces' },
  async ({ api, namespace, create, name }) => {
    const [one, two] = [await namespace(), await namespace()];
    await using watch = await api.watch('/api/v1/configmaps', { labelSelector: `of=${name('case')}` });
    for (const ns of [one, two])
      await create(`/api/v1/namespaces/${ns}/configmaps`, labelled('a', { of: name('case') }));
    await watch.next();
    await watch.next();
    expect(watch.events.map(({ object }) => object.metadata.namespace)).toEqual([one, two]);
  },
);

conformanceCase(
  {
    title: 'tells a watcher of a status that changed, and of a deletion that has begun',
    source: 'API conventions: watch of pods; concepts/workloads/pods: termination',
  },
  async ({ api, namespace, create, defer }) => {
    const path = `/api/v1/namespaces/${await namespace()}/pods`;
    defer(() => api.patch('merge', `${path}/a`, { metadata: { finalizers: null } }));
    await using watch = await api.watch(path, { fieldSelector: 'metadata.name=a' });
    await create(path, pod('a', { metadata: { name: 'a', finalizers: ['example.com/hold'] } }));
    expect((await watch.next()).type).toBe('ADDED');
    succeeded(await api.delete(`${path}/a`));
    const going = await watch.next(({ object }) => object.metadata.deletionTimestamp !== undefined);
    expect(going.type).toBe('MODIFIED');
    succeeded(await api.patch('merge', `${path}/a`, { metadata: { finalizers: null } }));
    expect((await watch.next(({ type }) => type === 'DELETED')).object.metadata.name).toBe('a');
  },
);

conformanceCase(
  {
    title: 'watches custom resources',
    source: 'e2e: [sig-api-machinery] CustomResourceDefinition Watch watch on custom resource definition objects',
  },
  async (t) => {
    const ns = await t.namespace();
    const valves = await serveDefinition(t, 'Valve');
    await using watch = await t.api.watch(valves.path(ns));
    await t.create(valves.path(ns), {
      apiVersion: `${valves.group}/v1`,
      kind: 'Valve',
      metadata: { name: 'a' },
      open: false,
    });
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { kind: 'Valve', open: false } });
    succeeded(await t.api.patch('merge', `${valves.path(ns)}/a`, { open: true }));
    expect(await watch.next()).toMatchObject({ type: 'MODIFIED', object: { open: true, metadata: { generation: 2 } } });
    succeeded(await t.api.delete(`${valves.path(ns)}/a`));
    expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { open: true } });
  },
);
