import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CapabilityMissingError, ForbiddenError, UpstreamError, ValidationError } from '../../kernel/answer-error.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import { declareKind } from '../declared-kind.ts';
import { kindRef } from '../kind-ref.ts';
import { type FakeApi, type RecordedRequest, sendJson, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import {
  admin,
  advanceUntil,
  configMapKind,
  connect,
  pod,
  podKind,
  type TestCluster,
} from '../testing/test-cluster.ts';

const widgetKind = kindRef({
  group: 'example.com',
  version: 'v1',
  kind: 'Widget',
  plural: 'widgets',
  isNamespaced: true,
});

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

function configMap(name: string, namespace = 'shop', metadata: object = {}): void {
  api.store.put('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...metadata } });
}

/** Requests to the cluster about one kind, as `GET /path?selector`. */
function asked(plural: string): string[] {
  return api.requests
    .filter(({ path, isWatch }) => path.split('/').includes(plural) && !isWatch)
    .map(
      ({ method, path, query }) =>
        `${method} ${path}${query.has('labelSelector') ? `?${query.get('labelSelector')}` : ''}`,
    );
}

function forbid(matches: (request: RecordedRequest) => boolean): () => void {
  return api.intercept((request, response) => {
    if (!matches(request)) return false;
    sendStatus(response, 403, 'Forbidden', `${request.path} is forbidden`);
    return true;
  });
}

async function settled(options: Parameters<typeof connect>[1] = {}): Promise<TestCluster> {
  const test = connect(api, options);
  await test.clusters.whenSettled(5_000);
  return test;
}

const names = (objects: readonly { metadata: { name: string } }[]) =>
  objects.map(({ metadata }) => metadata.name).sort();

describe('reading an undeclared kind', () => {
  beforeEach(() => {
    configMap('a', 'shop', {
      labels: { app: 'web' },
      ownerReferences: [{ uid: 'o1', kind: 'X', name: 'x', apiVersion: 'v1' }],
    });
    configMap('b');
    configMap('c', 'bank', { labels: { app: 'web' } });
  });

  it.each<{ name: string; read: (reader: ClusterReader) => Promise<unknown>[]; requests: string[] }>([
    {
      name: 'one GET for one object',
      read: (r) => [r.get(configMapKind, 'shop', 'a') as Promise<unknown>],
      requests: ['GET /api/v1/namespaces/shop/configmaps/a'],
    },
    {
      name: 'the same object twice is asked once',
      read: (r) => [
        r.get(configMapKind, 'shop', 'a') as Promise<unknown>,
        r.get(configMapKind, 'shop', 'a') as Promise<unknown>,
      ],
      requests: ['GET /api/v1/namespaces/shop/configmaps/a'],
    },
    {
      name: 'one LIST for several objects of a namespace',
      read: (r) => [
        r.get(configMapKind, 'shop', 'a') as Promise<unknown>,
        r.get(configMapKind, 'shop', 'b') as Promise<unknown>,
      ],
      requests: ['GET /api/v1/namespaces/shop/configmaps'],
    },
    {
      name: 'one LIST for objects of several namespaces',
      read: (r) => [
        r.get(configMapKind, 'shop', 'a') as Promise<unknown>,
        r.get(configMapKind, 'bank', 'c') as Promise<unknown>,
      ],
      requests: ['GET /api/v1/configmaps'],
    },
    {
      name: 'a selector is pushed to the cluster',
      read: (r) => [
        r.list(configMapKind, { namespaces: ['shop', 'shop'], labelSelector: 'app in (web)' }) as Promise<unknown>,
      ],
      requests: ['GET /api/v1/namespaces/shop/configmaps?app=web'],
    },
    {
      name: 'one LIST answers lists and gets together',
      read: (r) => [
        r.list(configMapKind, { labelSelector: 'app=web' }) as Promise<unknown>,
        r.list(configMapKind, { namespaces: ['bank'] }) as Promise<unknown>,
        r.get(configMapKind, 'shop', 'b') as Promise<unknown>,
        r.byOwner(configMapKind, 'o1') as Promise<unknown>,
      ],
      requests: ['GET /api/v1/configmaps'],
    },
    {
      name: 'no request for no namespaces',
      read: (r) => [r.list(configMapKind, { namespaces: [] }) as Promise<unknown>],
      requests: [],
    },
  ])('$name', async ({ read, requests }) => {
    await using test = await settled();
    await Promise.all(read(test.cluster.reader(admin)));
    expect(asked('configmaps')).toEqual(requests);
  });

  it('gives each ask its own part of a shared list', async () => {
    await using test = await settled();
    const reader = test.cluster.reader(admin);
    const [web, bank, b, owned, missing] = await Promise.all([
      reader.list(configMapKind, { labelSelector: 'app=web' }),
      reader.list(configMapKind, { namespaces: ['bank'] }),
      reader.get(configMapKind, 'shop', 'b'),
      reader.byOwner(configMapKind, 'o1'),
      reader.get(configMapKind, 'shop', 'c'),
    ]);
    expect([names(web.items), names(bank.items), b?.metadata.name, names(owned), missing]).toEqual([
      ['a', 'c'],
      ['c'],
      'b',
      ['a'],
      undefined,
    ]);
  });

  it('remembers for the request, and only until something is written', async () => {
    await using test = await settled();
    const reader = test.cluster.reader(admin);
    await reader.get(configMapKind, 'shop', 'a');
    await reader.get(configMapKind, 'shop', 'a');
    expect(asked('configmaps').length).toBe(1);
    await test.cluster.reader(admin).get(configMapKind, 'shop', 'a');
    expect(asked('configmaps').length).toBe(2);
    const ticket = { id: 'x', isDryRun: false, note() {} };
    await test.cluster.writer(admin).patch(ticket, configMapKind, 'shop', 'a', { data: { changed: 'yes' } });
    expect(await reader.get(configMapKind, 'shop', 'a')).toMatchObject({ data: { changed: 'yes' } });
  });

  it('reads each namespace where the cluster may not be listed as a whole', async () => {
    await using test = await settled();
    forbid(({ path }) => path === '/api/v1/configmaps');
    const found = await test.cluster.reader(admin).list(configMapKind, { namespaces: ['shop', 'bank'] });
    expect(names(found.items)).toEqual(['a', 'b', 'c']);
    expect(found.problems).toEqual([]);
  });

  it('gets objects one by one where nothing may be listed', async () => {
    await using test = await settled();
    forbid(({ path }) => path.endsWith('/configmaps'));
    const reader = test.cluster.reader(admin);
    const found = await Promise.all([
      reader.get(configMapKind, 'shop', 'a'),
      reader.get(configMapKind, 'bank', 'c'),
      reader.get(configMapKind, 'bank', 'x'),
    ]);
    expect(found.map((object) => object?.metadata.name)).toEqual(['a', 'c', undefined]);
  });

  it('what may not be read is a problem, never an empty list (refused)', async () => {
    await using test = await settled();
    forbid(({ path }) => path.includes('/configmaps'));
    const reader = test.cluster.reader(admin);
    const everywhere = await reader.list(configMapKind);
    expect(everywhere.items).toEqual([]);
    expect(everywhere.problems.map(({ code }) => code)).toEqual(['FORBIDDEN', 'FORBIDDEN']);
    await expect(reader.get(configMapKind, 'shop', 'a')).rejects.toThrow(ForbiddenError);
    await expect(reader.byOwner(configMapKind, 'o1')).rejects.toThrow(ForbiddenError);
  });

  it('a failing cluster is a problem of the list and an error of the object (refused)', async () => {
    await using test = await settled();
    api.intercept(({ path }, response) => {
      if (!path.includes('/configmaps')) return false;
      sendStatus(response, 500, 'InternalError', 'etcd is away');
      return true;
    });
    const reader = test.cluster.reader(admin);
    expect((await reader.list(configMapKind)).problems).toMatchObject([
      { code: 'UPSTREAM_UNAVAILABLE', message: expect.stringContaining('etcd is away') },
    ]);
    await expect(reader.get(configMapKind, 'shop', 'a')).rejects.toThrow(UpstreamError);
    await expect(reader.byOwner(configMapKind, 'o1')).rejects.toThrow(UpstreamError);
  });

  it('a kind that is not served (refused), without a request', async () => {
    await using test = await settled();
    const reader = test.cluster.reader(admin);
    expect(() => reader.get(widgetKind, 'shop', 'w')).toThrow(CapabilityMissingError);
    expect(reader.list(widgetKind)).toMatchObject({ items: [], problems: [{ code: 'CAPABILITY_MISSING' }] });
    expect(asked('widgets')).toEqual([]);
  });

  it('a selector that does not parse (refused), an index that is not declared (refused)', async () => {
    await using test = await settled();
    expect(() => test.cluster.reader(admin).list(configMapKind, { labelSelector: 'a b' })).toThrow(ValidationError);
    expect(() => test.cluster.reader(admin).byIndex(configMapKind, 'node', 'n1')).toThrow("have no index 'node'");
  });

  it('stops with the request', async () => {
    await using test = await settled();
    api.intercept(({ path }) => path.includes('/configmaps'));
    const gone = new AbortController();
    const reader = test.cluster.reader(admin, gone.signal);
    const pending = [reader.get(configMapKind, 'shop', 'a'), reader.list(configMapKind)];
    await vi.waitFor(() => expect(asked('configmaps').length).toBe(1));
    gone.abort(new Error('gone'));
    for (const one of pending) await expect(one).rejects.toThrow('gone');
  });

  it('more than 10,000 objects are too many (refused)', async () => {
    for (let index = 0; index < 10_001; index += 1) configMap(`n${index}`, 'many');
    await using test = await settled();
    const { items, problems } = await test.cluster.reader(admin).list(configMapKind);
    expect(items.length).toBeGreaterThanOrEqual(10_000);
    expect(problems).toMatchObject([{ code: 'TOO_COMPLEX' }]);
  });
});

describe('reading a declared kind', () => {
  const kinds = [declareKind({ kind: podKind, indexes: { node: (object) => [object.spec?.nodeName ?? ''] } })];

  it('answers every method from memory', async () => {
    api.store.put('pods', pod('a', 'shop', { labels: { app: 'web' }, spec: { nodeName: 'n1' } }));
    api.store.put('pods', {
      ...pod('b', 'bank'),
      metadata: {
        name: 'b',
        namespace: 'bank',
        ownerReferences: [{ uid: 'o1', kind: 'ReplicaSet', name: 'rs', apiVersion: 'apps/v1' }],
      },
    });
    await using test = await settled({ kinds });
    const reader = test.cluster.reader(admin);
    await reader.list(podKind);
    const before = asked('pods').length;
    expect(reader.get(podKind, 'shop', 'a')).toMatchObject({ metadata: { name: 'a' } });
    expect(reader.get(podKind, 'shop', 'b')).toBeUndefined();
    expect(reader.get(podKind, undefined, 'b')).toBeUndefined();
    expect(reader.list(podKind, { namespaces: ['bank'] })).toMatchObject({
      items: [{ metadata: { name: 'b' } }],
      problems: [],
    });
    expect(reader.list(podKind, { labelSelector: 'app=web' })).toMatchObject({ items: [{ metadata: { name: 'a' } }] });
    expect(reader.byOwner(podKind, 'o1')).toMatchObject([{ metadata: { name: 'b' } }]);
    expect(reader.byIndex(podKind, 'node', 'n1')).toMatchObject([{ metadata: { name: 'a' } }]);
    expect(asked('pods').length).toBe(before);
  });

  it('waits for the first list a while, then says that it is still missing (refused)', async () => {
    let isHeld = true;
    api.intercept(({ path }) => isHeld && path === '/api/v1/pods');
    await using test = await settled({ kinds });
    const reader = test.cluster.reader(admin);
    const [list, got] = [reader.list(podKind), reader.get(podKind, 'shop', 'a')];
    const failure = expect(got).rejects.toThrow("The pods of cluster 'fake' are still being listed.");
    await vi.waitFor(() => expect(asked('pods').length).toBe(1));
    test.clock.advance(1_500);
    expect(await list).toMatchObject({ items: [], problems: [{ code: 'UPSTREAM_UNAVAILABLE' }] });
    await failure;
    isHeld = false;
  });

  it('says at once that a cluster is dead, and later shows its last rows', async () => {
    api.store.put('pods', pod('a'));
    await using test = await settled({ kinds });
    const reader = test.cluster.reader(admin);
    await reader.list(podKind);
    await api.close();
    await advanceUntil(test, () => test.cluster.state === 'UNREACHABLE');
    expect(reader.list(podKind)).toMatchObject({
      items: [{ metadata: { name: 'a' } }],
      problems: [{ code: 'UPSTREAM_UNAVAILABLE', staleSince: expect.any(Number) }],
    });
    await using dead = await settled({ kinds });
    expect(await dead.cluster.reader(admin).list(podKind)).toMatchObject({
      items: [],
      problems: [{ code: 'UPSTREAM_UNAVAILABLE' }],
    });
    expect(() => dead.cluster.reader(admin).get(podKind, 'shop', 'a')).toThrow('the connection was refused');
  });

  it('is watched as soon as the cluster serves it, without being told', async () => {
    await using test = await settled({ kinds: [{ kind: widgetKind }] });
    const reader = test.cluster.reader(admin);
    expect(() => reader.get(widgetKind, 'shop', 'w')).toThrow(CapabilityMissingError);
    expect(test.cluster.serves(widgetKind)).toBe(false);
    api.kinds.push(widgetKind);
    api.store.put('widgets', {
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: 'w', namespace: 'shop' },
    });
    await advanceUntil(test, () => test.cluster.serves(widgetKind), 5_000);
    expect(await reader.get(widgetKind, 'shop', 'w')).toMatchObject({ kind: 'Widget' });
    api.kinds.pop();
    for (const watch of api.watches) if (watch.plural === 'widgets') watch.end();
    await advanceUntil(test, () => !test.cluster.serves(widgetKind), 1_000);
    expect(() => reader.get(widgetKind, 'shop', 'w')).toThrow(CapabilityMissingError);
  });

  it('that can be listed but not watched is read live', async () => {
    api.kinds = api.kinds.map((kind) => (kind.plural === 'pods' ? { ...kind, verbs: ['get', 'list'] } : kind));
    api.store.put('pods', pod('a'));
    await using test = await settled({ kinds });
    expect(names((await test.cluster.reader(admin).list(podKind)).items)).toEqual(['a']);
    await expect(test.cluster.feed(podKind).ready()).rejects.toThrow(CapabilityMissingError);
  });

  it('is watched namespace by namespace where the whole cluster is closed', async () => {
    for (const namespace of ['shop', 'bank', 'secret']) api.store.put('pods', pod('a', namespace));
    forbid(({ path }) => path === '/api/v1/pods' || path.includes('/secret/'));
    await using test = await settled({ kinds, settings: { namespaces: ['shop', 'bank', 'secret'] } });
    const reader = test.cluster.reader(admin);
    await reader.list(podKind);
    await vi.waitFor(async () => expect((await reader.list(podKind)).items.length).toBe(2));
    expect(await reader.list(podKind, { namespaces: ['shop', 'secret'] })).toMatchObject({
      items: [{ metadata: { namespace: 'shop' } }],
      problems: [{ code: 'FORBIDDEN', message: 'The gateway may not list pods in secret.' }],
    });
    expect(() => reader.get(podKind, 'secret', 'a')).toThrow(ForbiddenError);
    await vi.waitFor(() => expect(api.watches.size).toBe(2));
    api.store.put('pods', pod('late', 'bank'));
    await vi.waitFor(() => expect(reader.get(podKind, 'bank', 'late')).toBeDefined());
  });

  it('falls back to the namespace of the context, and says that the rest is missing', async () => {
    api.store.put('pods', pod('a', 'home'));
    api.store.put('pods', pod('b', 'other'));
    forbid(({ path }) => path === '/api/v1/pods');
    await using test = await settled({ kinds });
    const found = await test.cluster.reader(admin).list(podKind);
    expect(found).toMatchObject({
      items: [{ metadata: { name: 'a' } }],
      problems: [{ code: 'FORBIDDEN', message: 'The gateway may not list pods except in home.' }],
    });
  });

  it('that is closed everywhere is a problem, never an empty list (refused), until it is opened', async () => {
    api.store.put('pods', pod('a', 'home'));
    const open = forbid(({ path }) => path.endsWith('/pods'));
    await using test = await settled({ kinds });
    const reader = test.cluster.reader(admin);
    expect(await reader.list(podKind)).toMatchObject({ items: [], problems: [{ code: 'FORBIDDEN' }] });
    await expect(test.cluster.feed(podKind).ready()).rejects.toThrow(ForbiddenError);
    expect(test.cluster.state).toBe('DEGRADED');
    open();
    await advanceUntil(test, () => test.cluster.state === 'READY', 5_000);
    expect(names((await reader.list(podKind)).items)).toEqual(['a']);
  });

  it('keeps rows that may no longer be listed, and says how old they are', async () => {
    api.store.put('pods', pod('a', 'home'));
    await using test = await settled({ kinds });
    const reader = test.cluster.reader(admin);
    await reader.list(podKind);
    await vi.waitFor(() => expect(api.watches.size).toBe(1));
    forbid(({ path }) => path.endsWith('/pods'));
    for (const watch of api.watches) watch.end();
    await advanceUntil(test, () => test.cluster.problem?.includes('may not list') === true);
    expect(await reader.list(podKind)).toMatchObject({
      items: [{ metadata: { name: 'a' } }],
      problems: [{ code: 'FORBIDDEN', staleSince: expect.any(Number) }],
    });
  });
});

describe('reading as the caller', () => {
  const kinds = [{ kind: podKind }];
  const developer: Principal = { ...admin, roles: ['DEVELOPER'], namespaces: [{ cluster: '*', namespace: 'shop' }] };
  let allowed: (attributes: { namespace?: string; resource: string }, user: string) => boolean;
  let reviews: string[];

  beforeEach(() => {
    allowed = ({ namespace }) => namespace === 'shop';
    reviews = [];
    api.intercept(({ path, body }, response) => {
      if (!path.endsWith('/subjectaccessreviews')) return false;
      const { spec } = JSON.parse(body) as {
        spec: {
          user: string;
          groups: string[];
          resourceAttributes: { namespace?: string; resource: string; verb: string };
        };
      };
      reviews.push(
        `${spec.user} ${spec.groups.join()} ${spec.resourceAttributes.verb} ${spec.resourceAttributes.resource} ${spec.resourceAttributes.namespace ?? '*'}`,
      );
      sendJson(response, 201, { status: { allowed: allowed(spec.resourceAttributes, spec.user) } });
      return true;
    });
    for (const namespace of ['shop', 'bank']) api.store.put('pods', pod('a', namespace));
  });

  it('filters cached reads by what the cluster allows, and asks again only after 8 s', async () => {
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    const reader = test.cluster.reader(developer);
    const read = async () =>
      names((await reader.list(podKind)).items.map((item) => ({ metadata: { name: item.metadata.namespace ?? '' } })));
    expect(await read()).toEqual(['shop']);
    expect(reviews).toEqual([
      'alice team-shop,system:authenticated list pods *',
      'alice team-shop,system:authenticated list pods shop',
    ]);
    expect(await reader.get(podKind, 'shop', 'a')).toBeDefined();
    expect(await reader.get(podKind, 'bank', 'a')).toBeUndefined();
    const before = reviews.length;
    expect(reader.list(podKind)).not.toBeInstanceOf(Promise);
    expect(reviews.length).toBe(before);
    allowed = () => false;
    test.clock.advance(8_000);
    expect(await read()).toEqual([]);
    expect((await reader.list(podKind)).problems).toMatchObject([{ code: 'FORBIDDEN' }]);
  });

  it('does not ask about namespaces where one right covers the cluster', async () => {
    allowed = ({ namespace }) => namespace === undefined;
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    expect((await test.cluster.reader(admin).list(podKind)).items.length).toBe(2);
    expect(reviews.length).toBe(1);
    expect(await test.cluster.canRead(admin, podKind, 'bank')).toBe(true);
    expect(reviews.length).toBe(1);
  });

  it('forgets answers as soon as rights change', async () => {
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    const reader = test.cluster.reader(developer);
    expect((await reader.list(podKind)).items.length).toBe(1);
    allowed = () => true;
    await vi.waitFor(() => expect([...api.watches].some(({ plural }) => plural === 'clusterroles')).toBe(true));
    api.store.put('clusterroles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'Wide' },
    });
    await vi.waitFor(async () => expect((await reader.list(podKind)).items.length).toBe(2));
  });

  it('shows nothing where the cluster cannot be asked (refused)', async () => {
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    api.intercept(({ path }, response) => {
      if (!path.endsWith('/subjectaccessreviews')) return false;
      sendStatus(response, 500, 'InternalError', 'authorizer is away');
      return true;
    });
    const reader = test.cluster.reader(developer);
    expect(await reader.list(podKind)).toMatchObject({ items: [], problems: [{ code: 'UPSTREAM_UNAVAILABLE' }] });
    await expect(reader.get(podKind, 'shop', 'a')).rejects.toThrow(UpstreamError);
  });

  it('reads uncached kinds as the caller, for whom the forbidden is missing', async () => {
    configMap('a');
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    await test.cluster.reader(developer).get(configMapKind, 'shop', 'a');
    const [request] = api.requests.filter(({ path }) => path.includes('configmaps'));
    expect(request?.headers).toMatchObject({ 'impersonate-user': 'alice', 'impersonate-group': 'team-shop' });
    forbid(({ path }) => path.includes('/configmaps'));
    expect(await test.cluster.reader(developer).get(configMapKind, 'shop', 'a')).toBeUndefined();
    expect((await test.cluster.reader(developer).list(configMapKind)).problems[0]?.code).toBe('FORBIDDEN');
  });

  it('a reserved name (refused)', async () => {
    allowed = () => true;
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    const reader = test.cluster.reader({ ...developer, groups: ['system:masters'] });
    expect(await reader.list(podKind)).toMatchObject({ items: [], problems: [{ code: 'FORBIDDEN' }] });
    await expect(reader.get(podKind, 'shop', 'a')).rejects.toThrow(ForbiddenError);
    expect(reviews).toEqual([]);
  });

  it('the platform itself is not asked about', async () => {
    await using test = await settled({ kinds, settings: { identity: 'impersonate' } });
    const reader = test.cluster.reader({ ...admin, kind: 'SYSTEM' });
    expect((await reader.list(podKind)).items.length).toBe(2);
    expect(reviews).toEqual([]);
  });
});
