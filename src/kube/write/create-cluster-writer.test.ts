import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dryRunTicket, type OperationHandle, type RecordedWrite } from '../../audit/operation-handle.ts';
import {
  CapabilityMissingError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  UpstreamError,
  ValidationError,
} from '../../kernel/answer-error.ts';
import { kindRef } from '../kind-ref.ts';
import { type FakeApi, type RecordedRequest, sendJson, sendStatus, startFakeApi } from '../testing/start-fake-api.ts';
import { admin, connect, pod, podKind, type TestCluster } from '../testing/test-cluster.ts';

const secretKind = kindRef({ group: '', version: 'v1', kind: 'Secret', plural: 'secrets', isNamespaced: true });
const roleKind = kindRef({
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  isNamespaced: false,
});
const deploymentKind = kindRef<{ spec: { replicas: number } }>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  isNamespaced: true,
});

let api: FakeApi;
beforeEach(async () => {
  api = await startFakeApi();
});
afterEach(() => api.stop());

function openTicket(): OperationHandle & { readonly writes: RecordedWrite[] } {
  const writes: RecordedWrite[] = [];
  return { id: 'op-1', isDryRun: false, writes, note: (write) => writes.push(write) };
}

async function ready(options: Parameters<typeof connect>[1] = {}): Promise<TestCluster> {
  const test = connect(api, options);
  await test.clusters.whenSettled(5_000);
  return test;
}

async function watching(): Promise<TestCluster> {
  const test = await ready();
  await test.cluster.reader(admin).list(podKind);
  await vi.waitFor(() => expect(test.cluster.state).toBe('READY'));
  await vi.waitFor(() => expect([...api.watches].some(({ plural }) => plural === 'pods')).toBe(true));
  return test;
}

const written = (): RecordedRequest[] => api.requests.filter(({ method }) => method !== 'GET');
const lastWrite = () => {
  const request = written().at(-1);
  if (request === undefined) throw new Error('nothing was written');
  return { ...request, query: Object.fromEntries(request.query), body: JSON.parse(request.body || 'null') as unknown };
};

describe('beforeWrite', () => {
  it('stops a write before anything is sent (refused)', async () => {
    await using test = await ready({
      beforeWrite: () => {
        throw new Error('not inside a transaction');
      },
    });
    const ticket = openTicket();
    const sent = api.requests.length;
    await expect(test.cluster.writer(admin).create(ticket, podKind, pod('a'))).rejects.toThrow(
      'not inside a transaction',
    );
    expect(api.requests.slice(sent).filter(({ method }) => method !== 'GET')).toEqual([]);
    expect(ticket.writes).toEqual([]);
  });
});

describe('createClusterWriter', () => {
  it('applies exactly what it is given, by server-side apply', async () => {
    await using test = await ready();
    const ticket = openTicket();
    const object = { metadata: { name: 'MyRole:X' }, rules: [], futureField: { kept: true } };
    await test.cluster.writer(admin).apply(ticket, roleKind, object, { force: true });
    expect(lastWrite()).toMatchObject({
      method: 'PATCH',
      path: '/apis/rbac.authorization.k8s.io/v1/clusterroles/MyRole%3AX',
      query: { fieldManager: 'longshore', fieldValidation: 'Strict', force: 'true' },
      headers: { 'content-type': 'application/apply-patch+yaml', 'audit-id': 'op-1' },
      body: { ...object, apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
    });
    expect(ticket.writes).toEqual([
      {
        cluster: 'fake',
        verb: 'APPLY',
        isForced: true,
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        namespace: undefined,
        name: 'MyRole:X',
        resourceVersion: '101',
      },
    ]);
  });

  it('patches with preconditions inside the patch', async () => {
    const { metadata } = api.store.put('pods', pod('a'));
    await using test = await ready();
    const { object } = await test.cluster
      .writer(admin)
      .patch(
        openTicket(),
        podKind,
        'shop',
        'a',
        { metadata: { labels: { x: 'y' } } },
        { uid: metadata.uid, resourceVersion: metadata.resourceVersion, subresource: 'status' },
      );
    expect(lastWrite()).toMatchObject({
      path: '/api/v1/namespaces/shop/pods/a/status',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { labels: { x: 'y' }, uid: metadata.uid, resourceVersion: metadata.resourceVersion } },
    });
    expect(object.metadata.labels).toEqual({ x: 'y' });
  });

  it.each([
    [{ uid: 'another' }],
    [{ resourceVersion: '7' }],
  ])('another object than the caller decided on: %j (refused)', async (preconditions) => {
    api.store.put('pods', pod('a'));
    await using test = await ready();
    const writer = test.cluster.writer(admin);
    const ticket = openTicket();
    await expect(writer.patch(ticket, podKind, 'shop', 'a', {}, preconditions)).rejects.toThrow(ConflictError);
    await expect(writer.scale(ticket, podKind, 'shop', 'a', 2, preconditions)).rejects.toThrow(ConflictError);
    await expect(writer.delete(ticket, podKind, 'shop', 'a', preconditions)).rejects.toThrow(ConflictError);
    expect(ticket.writes).toEqual([]);
  });

  it('scales by the subresource and answers the object', async () => {
    api.store.put('deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { replicas: 1 },
    });
    await using test = await ready();
    const ticket = openTicket();
    const { object } = await test.cluster.writer(admin).scale(ticket, deploymentKind, 'shop', 'web', 3);
    expect(lastWrite()).toMatchObject({
      path: '/apis/apps/v1/namespaces/shop/deployments/web/scale',
      body: { spec: { replicas: 3 } },
    });
    expect(object).toMatchObject({ kind: 'Deployment', spec: { replicas: 3 } });
    expect(ticket.writes).toMatchObject([
      { verb: 'SCALE', name: 'web', resourceVersion: object.metadata.resourceVersion },
    ]);
    const dry = await test.cluster.writer(admin).scale(dryRunTicket, deploymentKind, 'shop', 'web', 5);
    expect(dry.object.spec.replicas).toBe(5);
    expect(api.store.get('deployments', 'shop', 'web')).toMatchObject({ spec: { replicas: 3 } });
    expect(lastWrite().query).toMatchObject({ dryRun: 'All' });
  });

  it('deletes with options, and reads do not see it any more', async () => {
    const { metadata } = api.store.put('pods', pod('a'));
    await using test = await watching();
    const reader = test.cluster.reader(admin);
    expect(reader.get(podKind, 'shop', 'a')).toBeDefined();
    const ticket = openTicket();
    await test.cluster.writer(admin).delete(ticket, podKind, 'shop', 'a', {
      uid: metadata.uid,
      gracePeriodSeconds: 0,
      propagationPolicy: 'Foreground',
    });
    expect(reader.get(podKind, 'shop', 'a')).toBeUndefined();
    expect(lastWrite()).toMatchObject({
      method: 'DELETE',
      query: {},
      body: {
        kind: 'DeleteOptions',
        gracePeriodSeconds: 0,
        propagationPolicy: 'Foreground',
        preconditions: { uid: metadata.uid },
      },
    });
    expect(ticket.writes).toMatchObject([{ verb: 'DELETE', name: 'a', resourceVersion: undefined }]);
  });

  it('says in the body that a deletion is a dry run: with a body nothing in the query is read', async () => {
    api.store.put('pods', pod('a'));
    await using test = await ready();
    await test.cluster.writer(admin).delete(dryRunTicket, podKind, 'shop', 'a');
    expect(lastWrite()).toMatchObject({ method: 'DELETE', body: { kind: 'DeleteOptions', dryRun: ['All'] } });
  });

  it('posts to a subresource, where often only a Status comes back', async () => {
    api.store.put('pods', pod('a'));
    await using test = await ready();
    api.intercept(({ path }, response) => {
      if (!path.endsWith('/eviction')) return false;
      sendJson(response, 201, { kind: 'Status', status: 'Success' });
      return true;
    });
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a', namespace: 'shop' } };
    const { object } = await test.cluster
      .writer(admin)
      .create(openTicket(), podKind, eviction, { subresource: 'eviction' });
    expect(object.kind).toBe('Eviction');
    expect(lastWrite()).toMatchObject({ path: '/api/v1/namespaces/shop/pods/a/eviction', body: eviction });
  });

  it('hands the cluster’s warnings on', async () => {
    await using test = await ready();
    api.intercept(({ method, body }, response) => {
      if (method !== 'POST') return false;
      sendJson(response, 201, api.store.put('pods', JSON.parse(body)), {
        warning: ['299 - "old API"', '299 - "would violate PodSecurity"'],
      });
      return true;
    });
    expect((await test.cluster.writer(admin).create(openTicket(), podKind, pod('a'))).warnings).toEqual([
      'old API',
      'would violate PodSecurity',
    ]);
  });

  it.each([
    ['one that exists', () => sendsStatus(409, 'AlreadyExists', 'pods "a" already exists'), ConflictError],
    ['one without right', () => sendsStatus(403, 'Forbidden', 'pods is forbidden'), ForbiddenError],
    [
      'one that is invalid',
      () =>
        sendsStatus(422, 'Invalid', 'invalid', {
          causes: [{ field: 'spec.a', reason: 'FieldValueRequired', message: 'needed' }],
        }),
      ValidationError,
    ],
    [
      'one in a namespace that is not there',
      () => sendsStatus(404, 'NotFound', 'namespaces "shop" not found', { name: 'shop' }),
      NotFoundError,
    ],
    ['one while the cluster fails', () => sendsStatus(500, 'InternalError', 'etcd'), UpstreamError],
  ])('creates not %s (refused), and notes nothing', async (_name, arrange, error) => {
    await using test = await ready();
    arrange();
    const ticket = openTicket();
    await expect(test.cluster.writer(admin).create(ticket, podKind, pod('a'))).rejects.toThrow(error);
    expect(ticket.writes).toEqual([]);
    expect(written().length).toBe(1);
  });

  function sendsStatus(status: number, reason: string, message: string, details: object = {}): void {
    api.intercept(({ method }, response) => {
      if (method !== 'POST') return false;
      sendStatus(response, status, reason, message, details);
      return true;
    });
  }

  it('a kind that is not served (refused), an object without its names (refused)', async () => {
    await using test = await ready();
    const writer = test.cluster.writer(admin);
    const widget = kindRef({
      group: 'example.com',
      version: 'v1',
      kind: 'Widget',
      plural: 'widgets',
      isNamespaced: true,
    });
    await expect(writer.create(openTicket(), widget, pod('a'))).rejects.toThrow(CapabilityMissingError);
    await expect(writer.create(openTicket(), podKind, { metadata: { name: 'a' } })).rejects.toThrow(
      'Pod needs metadata.namespace.',
    );
    await expect(async () => writer.apply(openTicket(), podKind, { metadata: { namespace: 'shop' } })).rejects.toThrow(
      'metadata.name is required.',
    );
    expect(written()).toEqual([]);
  });

  it('values of a Secret are neither in the answer nor in an error (refused)', async () => {
    await using test = await ready();
    const secret = { metadata: { name: 'db', namespace: 'shop' }, stringData: { password: 'canary-5f1d' } };
    const { object } = await test.cluster.writer(admin).create(openTicket(), secretKind, secret);
    expect(JSON.stringify(object)).not.toContain('canary');
    expect(lastWrite().body).toMatchObject({ stringData: { password: 'canary-5f1d' } });
    sendsStatus(422, 'Invalid', 'Secret "db" is invalid: data[k]: Invalid value: "canary-5f1d"', {
      causes: [{ field: 'data[k]', reason: 'FieldValueInvalid', message: 'Invalid value: "canary-5f1d"' }],
    });
    const failure = await test.cluster
      .writer(admin)
      .create(openTicket(), secretKind, secret)
      .catch((error: unknown) => error);
    const told = [failure, (failure as Error).cause]
      .map((error) => `${String(error)} ${JSON.stringify(error)} ${(error as Error).stack}`)
      .join();
    expect(told).toContain('data[k]');
    expect(told).not.toContain('canary');
  });

  it('gives one Secret value to the one who asks for it, live and as the caller', async () => {
    api.store.put('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'shop' },
      data: { password: Buffer.from('canary').toString('base64') },
    });
    await using test = await ready({ settings: { identity: 'impersonate' } });
    expect(Buffer.from((await test.cluster.secretValue(admin, 'shop', 'db', 'password')) ?? []).toString()).toBe(
      'canary',
    );
    expect(api.requests.at(-1)?.headers['impersonate-user']).toBe('alice');
    expect(await test.cluster.secretValue(admin, 'shop', 'db', 'constructor')).toBeUndefined();
    expect(await test.cluster.secretValue(admin, 'shop', 'none', 'password')).toBeUndefined();
  });

  it('writes as the caller where the cluster impersonates', async () => {
    await using test = await ready({ settings: { identity: 'impersonate' } });
    await test.cluster.writer(admin).create(openTicket(), podKind, pod('a'));
    expect(lastWrite().headers).toMatchObject({ 'impersonate-user': 'alice', 'impersonate-group': 'team-shop' });
    await expect(
      test.cluster.writer({ ...admin, name: 'system:admin' }).create(openTicket(), podKind, pod('b')),
    ).rejects.toThrow(ForbiddenError);
  });
});

describe('one’s own write', () => {
  it('is visible in the next read, also while the watch lags longer than the writer waits', async () => {
    await using test = await watching();
    for (const watch of api.watches) if (watch.plural === 'pods') watch.mute();
    const writing = test.cluster
      .writer(admin)
      .create(openTicket(), podKind, pod('mine', 'shop', { labels: { app: 'web' } }));
    await vi.waitFor(() => {
      expect(written().length).toBe(1);
      expect(test.pending).toBe(0);
    });
    test.clock.advance(2_000);
    await writing;
    const reader = test.cluster.reader(admin);
    expect(await reader.get(podKind, 'shop', 'mine')).toBeDefined();
    expect((await reader.list(podKind, { labelSelector: 'app=web' })).items.length).toBe(1);
    expect((await reader.list(podKind, { labelSelector: 'app=api' })).items.length).toBe(0);
    expect((await reader.list(podKind, { namespaces: ['bank'] })).items.length).toBe(0);
    // Another principal has no such promise, and pays nothing for it.
    expect(test.cluster.reader({ ...admin, id: 'dev:bob' }).get(podKind, 'shop', 'mine')).toBeUndefined();
    for (const watch of api.watches) if (watch.plural === 'pods') watch.reset();
    await vi.waitFor(() => {
      test.clock.advance(500);
      expect(reader.get(podKind, 'shop', 'mine')).not.toBeInstanceOf(Promise);
    });
    expect(reader.get(podKind, 'shop', 'mine')).toBeDefined();
  });

  it('that deletes is visible too', async () => {
    const { metadata } = api.store.put('pods', pod('mine'));
    await using test = await watching();
    for (const watch of api.watches) if (watch.plural === 'pods') watch.mute();
    const deleting = test.cluster.writer(admin).delete(openTicket(), podKind, 'shop', 'mine', { uid: metadata.uid });
    await vi.waitFor(() => {
      expect(written().length).toBe(1);
      expect(test.pending).toBe(0);
    });
    test.clock.advance(2_000);
    await deleting;
    const reader = test.cluster.reader(admin);
    expect(await reader.get(podKind, 'shop', 'mine')).toBeUndefined();
    expect((await reader.list(podKind)).items).toEqual([]);
  });

  it('made by another replica is visible as soon as this one was told', async () => {
    await using test = await watching();
    for (const watch of api.watches) if (watch.plural === 'pods') watch.mute();
    const { metadata } = api.store.put('pods', pod('far'));
    const reader = test.cluster.reader(admin);
    expect(reader.get(podKind, 'shop', 'far')).toBeUndefined();
    test.cluster.expectWrite(admin, {
      kind: podKind,
      namespace: 'shop',
      name: 'far',
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
    });
    expect(await reader.get(podKind, 'shop', 'far')).toBeDefined();
    for (const watch of api.watches) if (watch.plural === 'pods') watch.reset();
    await vi.waitFor(() => {
      test.clock.advance(500);
      expect(reader.get(podKind, 'shop', 'far')).not.toBeInstanceOf(Promise);
    });
  });

  it('made by another replica costs nothing where the cache has it', async () => {
    const { metadata } = api.store.put('pods', pod('far'));
    await using test = await watching();
    test.cluster.expectWrite({ id: admin.id }, { kind: podKind, namespace: 'shop', ...metadata });
    expect(test.cluster.reader(admin).get(podKind, 'shop', 'far')).not.toBeInstanceOf(Promise);
    expect(test.cluster.revision(podKind, admin)).toBeDefined();
  });

  it('stands although other replicas cannot be told', async () => {
    await using test = await ready({ afterWrite: () => Promise.reject(new Error('no database')) });
    const { object } = await test.cluster.writer(admin).create(openTicket(), podKind, pod('mine'));
    expect(object.metadata.name).toBe('mine');
  });

  it('costs nothing where the watch is quick: 200 pairs, none stale', async () => {
    await using test = await watching();
    const writer = test.cluster.writer(admin);
    const reader = test.cluster.reader(admin);
    const before = api.count(({ method, isWatch }) => method === 'GET' && !isWatch);
    for (let index = 0; index < 200; index += 1) {
      test.clock.advance(10);
      const { object } = await writer.apply(openTicket(), podKind, pod('mine', 'shop', { index }));
      expect(reader.get(podKind, 'shop', 'mine')).toMatchObject({
        metadata: { resourceVersion: object.metadata.resourceVersion },
      });
    }
    expect(api.count(({ method, isWatch }) => method === 'GET' && !isWatch)).toBe(before);
  });
});
