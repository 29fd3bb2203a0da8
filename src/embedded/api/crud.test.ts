import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, deployment, pod, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const maps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const pods = '/api/v1/namespaces/default/pods';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('creating', () => {
  it('answers with the object as it is stored', async () => {
    const { code, body } = await api.call('POST', maps, { body: configMap('created', { data: { a: '1' } }) });
    expect(code).toBe(201);
    expect(body).toMatchObject({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      data: { a: '1' },
      metadata: { name: 'created', namespace: 'default' },
    });
    expect(body.metadata.uid).toMatch(/^[0-9a-f-]{36}$/);
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect((await api.call('GET', `${maps}/created`)).body).toEqual(body);
  });

  it('draws a name from generateName', async () => {
    const body = { metadata: { generateName: 'drawn-' } };
    const [first, second] = await Promise.all([api.call('POST', maps, { body }), api.call('POST', maps, { body })]);
    expect(first.body.metadata.name).toMatch(/^drawn-[a-z0-9]{5}$/);
    expect(second.body.metadata.name).not.toBe(first.body.metadata.name);
  });

  it('reads YAML', async () => {
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: yaml}\ndata: {a: "1"}\n';
    expect(await api.call('POST', maps, { body, contentType: 'application/yaml' })).toMatchObject({
      code: 201,
      body: { data: { a: '1' } },
    });
  });

  it('stores nothing in a dry run, but checks and shows everything', async () => {
    const dry = await api.call('POST', `${deployments}?dryRun=All`, { body: deployment('dry') });
    expect(dry).toMatchObject({ code: 201, body: { spec: { replicas: 1 } } });
    expect((await api.call('GET', `${deployments}/dry`)).code).toBe(404);
    expect(
      (await api.call('POST', `${deployments}?dryRun=All`, { body: deployment('dry', { replicas: -1 }) })).code,
    ).toBe(422);
  });

  it.each([
    ['a name that is taken', configMap('kube-taken'), 409, 'AlreadyExists', 'configmaps "kube-taken" already exists'],
    [
      'another namespace',
      configMap('x', { metadata: { name: 'x', namespace: 'other' } }),
      400,
      'BadRequest',
      'the namespace of the provided object does not match the namespace sent on the request',
    ],
    [
      'a resourceVersion',
      configMap('x', { metadata: { name: 'x', resourceVersion: '1' } }),
      500,
      '',
      'resourceVersion should not be set on objects to be created',
    ],
    [
      'another kind',
      { ...configMap('x'), kind: 'Secret' },
      400,
      'BadRequest',
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [
      'no name',
      configMap(''),
      422,
      'Invalid',
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    ['broken JSON', '{"a":', 400, 'BadRequest', /json parse error/],
    ['a list', [], 400, 'BadRequest', /must be of type ConfigMap.*cannot unmarshal array/],
    ['no body', undefined, 400, 'BadRequest', /unrecognized/],
    [
      'deep nesting',
      `{"metadata":{"name":"x"},"data":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
      400,
      'BadRequest',
      /cannot unmarshal object into Go struct field ConfigMap.data of type string/,
    ],
  ])('does not accept %s (refused)', async (_name, body, code, reason, message) => {
    await api.call('POST', maps, { body: configMap('kube-taken') });
    const answer = await api.call('POST', maps, { body });
    expect(answer.body).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code });
    expect(answer.body.reason ?? '').toBe(reason);
    expect(answer.code).toBe(code);
    if (message instanceof RegExp) expect(answer.body.message).toMatch(message);
    else expect(answer.body.message).toBe(message);
  });

  it('needs the namespace (refused)', async () => {
    const answer = await api.call('POST', '/api/v1/namespaces/nowhere/configmaps', { body: configMap('x') });
    expect(answer).toMatchObject({
      code: 404,
      body: { message: 'namespaces "nowhere" not found', details: { kind: 'namespaces', name: 'nowhere' } },
    });
  });

  it('does not fill a namespace that is going (refused)', async () => {
    await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'going' } } });
    const deleted = await api.call('DELETE', '/api/v1/namespaces/going');
    expect(deleted.body).toMatchObject({ status: { phase: 'Terminating' }, spec: { finalizers: ['kubernetes'] } });
    const answer = await api.call('POST', '/api/v1/namespaces/going/configmaps', { body: configMap('x') });
    expect(answer).toMatchObject({
      code: 403,
      body: { reason: 'Forbidden', details: { causes: [{ reason: 'NamespaceTerminating' }] } },
    });
    expect(answer.body.message).toBe(
      'configmaps "x" is forbidden: unable to create new content in namespace going because it is being terminated',
    );
    const going = (await api.call('GET', '/api/v1/namespaces/going')).body;
    await api.call('PUT', '/api/v1/namespaces/going/finalize', { body: { ...going, spec: {} } });
    expect((await api.call('GET', '/api/v1/namespaces/going')).code).toBe(404);
  });

  it('takes at most 3 MiB (refused)', async () => {
    const answer = await api.call('POST', maps, {
      body: configMap('big', { data: { a: 'x'.repeat(3 * 1024 * 1024) } }),
    });
    expect(answer).toMatchObject({ code: 413, body: { reason: 'RequestEntityTooLarge' } });
  });

  it.each([
    ['bytes that are no protobuf', 'application/vnd.kubernetes.protobuf', 'k8x', 400],
    [
      'a kind that is not taken as protobuf',
      'application/vnd.kubernetes.protobuf',
      'k8s\0\n\x09\n\x02v1\x12\x03Jug',
      415,
    ],
    ['another format', 'application/cbor', 'x', 415],
  ])('does not read %s (refused)', async (_name, contentType, body, code) => {
    expect(await api.call('POST', maps, { body, contentType })).toMatchObject({ code, body: { kind: 'Status' } });
  });
});

describe('updating', () => {
  it('replaces the object under its lock', async () => {
    const { body } = await api.call('POST', maps, { body: configMap('locked', { data: { a: '1' } }) });
    const updated = await api.call('PUT', `${maps}/locked`, { body: { ...body, data: { b: '2' } } });
    expect(updated).toMatchObject({ code: 200, body: { data: { b: '2' }, metadata: { uid: body.metadata.uid } } });
    expect(Number(updated.body.metadata.resourceVersion)).toBeGreaterThan(Number(body.metadata.resourceVersion));
    const stale = await api.call('PUT', `${maps}/locked`, { body: { ...body, data: { c: '3' } } });
    expect(stale).toMatchObject({
      code: 409,
      body: { reason: 'Conflict', details: { name: 'locked', kind: 'configmaps' } },
    });
    expect(stale.body.message).toBe(
      'Operation cannot be fulfilled on configmaps "locked": the object has been modified; please apply your changes to the latest version and try again',
    );
  });

  it('gives out no resourceVersion for a write that changes nothing', async () => {
    const { body } = await api.call('POST', maps, { body: configMap('same', { data: { a: '1' } }) });
    const again = await api.call('PUT', `${maps}/same`, { body });
    expect(again.body).toEqual(body);
  });

  it('keeps what belongs to the server', async () => {
    const { body } = await api.call('POST', deployments, { body: deployment('owned') });
    const metadata = { ...body.metadata, creationTimestamp: '2000-01-01T00:00:00Z', generation: 77 };
    const updated = await api.call('PUT', `${deployments}/owned`, {
      body: { ...body, metadata, status: { replicas: 9 } },
    });
    expect(updated.body.metadata).toMatchObject({ creationTimestamp: body.metadata.creationTimestamp, generation: 1 });
    expect(updated.body.status).toEqual({});
  });

  it('counts a new generation only for a new spec', async () => {
    const { body } = await api.call('POST', deployments, { body: deployment('generation') });
    const labelled = await api.call('PATCH', `${deployments}/generation`, {
      body: { metadata: { labels: { a: '1' } } },
      contentType: 'application/merge-patch+json',
    });
    const status = await api.call('PATCH', `${deployments}/generation/status`, {
      body: { status: { replicas: 1 } },
      contentType: 'application/merge-patch+json',
    });
    const scaled = await api.call('PATCH', `${deployments}/generation`, {
      body: { spec: { replicas: 4 } },
      contentType: 'application/merge-patch+json',
    });
    expect([body, labelled.body, status.body, scaled.body].map(({ metadata }) => metadata.generation)).toEqual([
      1, 1, 1, 2,
    ]);
    expect(status.body.status).toEqual({ replicas: 1 });
    expect(scaled.body.status).toEqual({ replicas: 1 });
  });

  it('changes only the status through its subresource', async () => {
    const { body } = await api.call('POST', deployments, { body: deployment('status') });
    const next = {
      ...body,
      spec: { ...body.spec, replicas: 7 },
      metadata: { ...body.metadata, labels: { a: '1' } },
      status: { replicas: 2 },
    };
    const { body: updated } = await api.call('PUT', `${deployments}/status/status`, { body: next });
    expect(updated.status).toEqual({ replicas: 2 });
    expect(updated.spec.replicas).toBe(1);
    expect(updated.metadata.labels).toBeUndefined();
    expect(updated.metadata.managedFields.at(-1)).toMatchObject({
      subresource: 'status',
      fieldsV1: { 'f:status': { 'f:replicas': {} } },
    });
  });

  it('creates what is missing only where the kind allows it', async () => {
    const service = { metadata: { name: 'put' }, spec: { ports: [{ port: 80 }] } };
    expect((await api.call('PUT', '/api/v1/namespaces/default/services/put', { body: service })).code).toBe(201);
    expect((await api.call('PUT', `${maps}/missing`, { body: configMap('missing') })).code).toBe(404);
  });

  it.each([
    [
      'another name',
      { metadata: { name: 'other' } },
      400,
      'the name of the object (other) does not match the name on the URL (target)',
    ],
    ['another uid', { metadata: { name: 'target', uid: 'x' } }, 409, /Precondition failed: UID in precondition: x/],
  ])('does not accept %s (refused)', async (_name, body, code, message) => {
    await api.call('POST', maps, { body: configMap('target') });
    const answer = await api.call('PUT', `${maps}/target`, { body });
    expect(answer.code).toBe(code);
    expect(answer.body.message).toMatch(message);
  });
});

describe('deleting', () => {
  it('answers with what has gone', async () => {
    const { body } = await api.call('POST', maps, { body: configMap('gone') });
    const answer = await api.call('DELETE', `${maps}/gone`);
    expect(answer).toMatchObject({
      code: 200,
      body: { status: 'Success', details: { name: 'gone', kind: 'configmaps', uid: body.metadata.uid } },
    });
    expect((await api.call('GET', `${maps}/gone`)).body).toMatchObject({
      code: 404,
      reason: 'NotFound',
      message: 'configmaps "gone" not found',
      details: { name: 'gone', kind: 'configmaps' },
    });
  });

  it('waits for finalizers, takes no new ones and goes with the last', async () => {
    await api.call('POST', maps, {
      body: configMap('held', { metadata: { name: 'held', finalizers: ['example.com/hold'] } }),
    });
    const marked = await api.call('DELETE', `${maps}/held`);
    expect(marked.body.metadata).toMatchObject({
      finalizers: ['example.com/hold'],
      deletionTimestamp: expect.any(String),
    });
    const more = await api.call('PATCH', `${maps}/held`, {
      body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } },
      contentType: 'application/merge-patch+json',
    });
    expect(more).toMatchObject({
      code: 422,
      body: { details: { causes: [{ reason: 'FieldValueForbidden', field: 'metadata.finalizers' }] } },
    });
    await api.call('PATCH', `${maps}/held`, {
      body: { metadata: { finalizers: null } },
      contentType: 'application/merge-patch+json',
    });
    expect((await api.call('GET', `${maps}/held`)).code).toBe(404);
  });

  it('wants its preconditions to hold', async () => {
    const { body } = await api.call('POST', maps, { body: configMap('precondition') });
    const wrong = await api.call('DELETE', `${maps}/precondition`, { body: { preconditions: { uid: 'wrong' } } });
    expect(wrong).toMatchObject({ code: 409, body: { reason: 'Conflict' } });
    const old = await api.call('DELETE', `${maps}/precondition`, { body: { preconditions: { resourceVersion: '1' } } });
    expect(old.code).toBe(409);
    const { uid, resourceVersion } = body.metadata;
    expect(
      (await api.call('DELETE', `${maps}/precondition`, { body: { preconditions: { uid, resourceVersion } } })).code,
    ).toBe(200);
  });

  it('changes nothing in a dry run', async () => {
    await api.call('POST', maps, { body: configMap('stays') });
    expect((await api.call('DELETE', `${maps}/stays?dryRun=All`)).code).toBe(200);
    expect(
      (
        await api.call('DELETE', `${maps}/stays`, {
          body: { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] },
        })
      ).code,
    ).toBe(200);
    expect((await api.call('GET', `${maps}/stays`)).code).toBe(200);
    expect((await api.call('DELETE', `${maps}/stays?dryRun=Some`)).code).toBe(422);
  });

  it('empties the selected part of a collection', async () => {
    for (const name of ['c1', 'c2', 'c3']) {
      await api.call('POST', maps, {
        body: configMap(name, { metadata: { name, labels: { part: name === 'c3' ? 'b' : 'a' } } }),
      });
    }
    const answer = await api.call('DELETE', `${maps}?labelSelector=part%3Da`);
    expect(answer.body).toMatchObject({
      kind: 'ConfigMapList',
      items: [{ metadata: { name: 'c1' } }, { metadata: { name: 'c2' } }],
    });
    expect((await api.call('GET', `${maps}?labelSelector=part`)).body.items).toHaveLength(1);
  });

  it('answers with the pod itself and ends it at once where no kubelet runs', async () => {
    await api.call('POST', pods, { body: pod('now') });
    expect((await api.call('DELETE', `${pods}/now`)).body).toMatchObject({ kind: 'Pod', metadata: { name: 'now' } });
    expect((await api.call('GET', `${pods}/now`)).code).toBe(404);
  });

  it('does not know the propagation policy (refused)', async () => {
    const answer = await api.call('DELETE', `${maps}/any?propagationPolicy=Sideways`);
    expect(answer).toMatchObject({
      code: 422,
      body: { details: { causes: [{ reason: 'FieldValueNotSupported', field: 'propagationPolicy' }] } },
    });
  });
});

describe('paths that lead nowhere', () => {
  it.each([
    ['GET', '/api/v1/gadgets'],
    ['GET', '/api/v2/pods'],
    ['GET', '/api/v1/pods/x'],
    ['GET', '/api/v1/namespaces/default/nodes'],
    ['GET', `${pods}/x/unknown`],
  ])('answers %s %s with a 404 Status', async (method, path) => {
    expect(await api.call(method, path)).toMatchObject({ code: 404, body: { kind: 'Status', reason: 'NotFound' } });
  });

  it.each([
    ['GET', '/apis/none.example.com/v1/things'],
    ['GET', '/apis/none.example.com'],
    ['GET', '/nowhere'],
  ])('answers %s %s with a plain 404: no API group is asked', async (method, path) => {
    expect(await api.call(method, path)).toMatchObject({ code: 404, body: undefined, text: '404 page not found\n' });
  });

  it.each([
    ['POST', '/version'],
    ['DELETE', '/api/v1/namespaces'],
    ['POST', `${pods}/x/log`],
    ['DELETE', `${pods}/x/status`],
    ['PUT', pods],
  ])('answers %s %s with a 405 Status', async (method, path) => {
    expect(await api.call(method, path, { body: {} })).toMatchObject({
      code: 405,
      body: { reason: 'MethodNotAllowed' },
    });
  });
});
