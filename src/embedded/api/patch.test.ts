import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configMap, deployment, startTestApi, type TestApi, type TestRequest } from '../testing/start-test-api.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const maps = '/api/v1/namespaces/default/configmaps';
const merge = 'application/merge-patch+json';
const json = 'application/json-patch+json';
const strategic = 'application/strategic-merge-patch+json';
const applied = 'application/apply-patch+yaml';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

function patch(path: string, contentType: string, body: TestRequest['body']) {
  return api.call('PATCH', path, { body, contentType });
}

describe('patching', () => {
  it('merges with a merge patch', async () => {
    await api.call('POST', maps, { body: configMap('merge', { data: { a: '1', b: '2' } }) });
    const answer = await patch(`${maps}/merge`, merge, { data: { a: null, c: '3' } });
    expect(answer).toMatchObject({ code: 200, body: { data: { b: '2', c: '3' } } });
    expect(answer.body.data.a).toBeUndefined();
  });

  it('keeps to the resourceVersion in the patch', async () => {
    const { body } = await api.call('POST', maps, { body: configMap('lock') });
    const { resourceVersion } = body.metadata;
    expect((await patch(`${maps}/lock`, merge, { metadata: { resourceVersion }, data: { a: '1' } })).code).toBe(200);
    expect((await patch(`${maps}/lock`, merge, { metadata: { resourceVersion }, data: { a: '2' } })).code).toBe(409);
  });

  it('carries JSON patches out, or refuses them whole', async () => {
    await api.call('POST', deployments, { body: deployment('json') });
    const done = await patch(`${deployments}/json`, json, [{ op: 'replace', path: '/spec/replicas', value: 3 }]);
    expect(done).toMatchObject({ code: 200, body: { spec: { replicas: 3 } } });
    const failed = await patch(`${deployments}/json`, json, [
      { op: 'replace', path: '/spec/replicas', value: 5 },
      { op: 'test', path: '/metadata/resourceVersion', value: '1' },
    ]);
    expect(failed).toMatchObject({ code: 422, body: { reason: 'Invalid' } });
    expect((await api.call('GET', `${deployments}/json`)).body.spec.replicas).toBe(3);
    expect((await patch(`${deployments}/json`, json, { op: 'add' })).code).toBe(400);
  });

  it('merges containers by name with a strategic merge patch', async () => {
    await api.call('POST', deployments, { body: deployment('strategic') });
    const answer = await patch(`${deployments}/strategic`, strategic, {
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'main', env: [{ name: 'A', value: '1' }] },
              { name: 'side', image: 's:1' },
            ],
          },
        },
      },
    });
    const { containers } = answer.body.spec.template.spec;
    expect(containers).toMatchObject([
      { name: 'main', image: 'registry.local/app:1', env: [{ name: 'A', value: '1' }] },
      { name: 'side' },
    ]);
  });

  it('stores nothing in a dry run', async () => {
    await api.call('POST', deployments, { body: deployment('dry') });
    const answer = await patch(`${deployments}/dry?dryRun=All`, merge, { spec: { replicas: 6 } });
    expect(answer.body.spec.replicas).toBe(6);
    expect((await api.call('GET', `${deployments}/dry`)).body.spec.replicas).toBe(1);
  });

  it.each([
    ['another type of patch', 'application/json', {}, 415],
    ['broken JSON', merge, '{', 400],
    ['a patch that is no object', merge, '[]', 400],
    ['a patch that breaks a rule', merge, { spec: { replicas: -1 } }, 422],
    ['another name', merge, { metadata: { name: 'other' } }, 400],
    ['an unknown directive', strategic, { $patch: 'shred' }, 500],
  ])('does not accept %s (refused)', async (_name, contentType, body, code) => {
    await api.call('POST', deployments, { body: deployment('target') });
    expect(await patch(`${deployments}/target`, contentType, body)).toMatchObject({ code, body: { kind: 'Status' } });
  });

  it('misses the object (refused)', async () => {
    expect((await patch(`${deployments}/missing`, merge, {})).code).toBe(404);
  });
});

describe('server-side apply', () => {
  const config = (name: string, spec: object, labels: object = {}) => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec,
  });
  const full = (name: string, replicas: number) => config(name, { ...deployment(name).spec, replicas }, { a: '1' });

  it('creates what is missing, and is content the second time', async () => {
    const path = `${deployments}/fresh?fieldManager=me`;
    const first = await patch(path, applied, full('fresh', 2));
    expect(first.code).toBe(201);
    expect(first.body.metadata.managedFields).toMatchObject([
      { manager: 'me', operation: 'Apply', apiVersion: 'apps/v1' },
    ]);
    const second = await patch(path, applied, full('fresh', 2));
    expect(second.code).toBe(200);
    expect(second.body).toEqual(first.body);
  });

  it('reads YAML', async () => {
    const yaml = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: yaml\ndata:\n  a: "1"\n';
    expect(await patch(`${maps}/yaml?fieldManager=me`, applied, yaml)).toMatchObject({
      code: 201,
      body: { data: { a: '1' } },
    });
  });

  it('removes what the same manager no longer names', async () => {
    const path = `${maps}/shrinks?fieldManager=me`;
    await patch(path, applied, configMap('shrinks', { data: { a: '1', b: '2' } }));
    await patch(`${maps}/shrinks?fieldManager=you`, applied, configMap('shrinks', { data: { c: '3' } }));
    const { body } = await patch(path, applied, configMap('shrinks', { data: { a: '1' } }));
    expect(body.data).toEqual({ a: '1', c: '3' });
  });

  it('refuses to change what another manager owns, names it, and obeys force', async () => {
    await patch(`${deployments}/contested?fieldManager=me`, applied, full('contested', 2));
    const scale = await patch(`${deployments}/contested/scale?fieldManager=autoscaler`, merge, {
      spec: { replicas: 5 },
    });
    expect(scale.body.spec.replicas).toBe(5);
    const refused = await patch(`${deployments}/contested?fieldManager=me`, applied, full('contested', 3));
    expect(refused).toMatchObject({
      code: 409,
      body: { reason: 'Conflict', details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.replicas' }] } },
    });
    expect(refused.body.details.causes[0].message).toContain(
      'conflict with "autoscaler" with subresource "scale" using apps/v1',
    );
    const forced = await patch(`${deployments}/contested?fieldManager=me&force=true`, applied, full('contested', 3));
    expect(forced.body.spec.replicas).toBe(3);
  });

  it('applies to the status alone through its subresource', async () => {
    await api.call('POST', deployments, { body: deployment('status') });
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'status' },
      status: { observedGeneration: 1 },
    };
    const answer = await patch(`${deployments}/status/status?fieldManager=me`, applied, {
      ...body,
      spec: { replicas: 9 },
    });
    expect(answer).toMatchObject({ code: 200, body: { status: { observedGeneration: 1 }, spec: { replicas: 1 } } });
  });

  it('takes resourceVersion and uid of the configuration as preconditions', async () => {
    const { body } = await patch(
      `${maps}/guarded?fieldManager=me`,
      applied,
      configMap('guarded', { data: { a: '1' } }),
    );
    const withMetadata = (metadata: object, value: string) =>
      patch(`${maps}/guarded?fieldManager=me`, applied, {
        ...configMap('guarded', { data: { a: value } }),
        metadata: { name: 'guarded', ...metadata },
      });
    expect(
      (await withMetadata({ resourceVersion: body.metadata.resourceVersion, uid: body.metadata.uid }, '2')).code,
    ).toBe(200);
    expect((await withMetadata({ resourceVersion: body.metadata.resourceVersion }, '3')).code).toBe(409);
    expect((await withMetadata({ uid: 'wrong' }, '3')).code).toBe(422);
  });

  it.each([
    ['no manager', '', configMap('x'), 422],
    [
      'managedFields',
      '?fieldManager=me',
      { ...configMap('x'), metadata: { name: 'x', managedFields: [{ manager: 'me' }] } },
      400,
    ],
    ['no kind', '?fieldManager=me', { metadata: { name: 'x' } }, 400],
    ['another name', '?fieldManager=me', configMap('y'), 400],
    ['a uid of nothing', '?fieldManager=me', { ...configMap('x'), metadata: { name: 'x', uid: 'u' } }, 409],
    ['a manager with an endless name', `?fieldManager=${'m'.repeat(129)}`, configMap('x'), 422],
  ])('does not accept %s (refused)', async (_name, query, body, code) => {
    expect(await patch(`${maps}/x${query}`, applied, body)).toMatchObject({ code, body: { kind: 'Status' } });
    expect((await api.call('GET', `${maps}/x`)).code).toBe(404);
  });

  it('has no force outside of apply (refused)', async () => {
    await api.call('POST', maps, { body: configMap('forced') });
    expect((await patch(`${maps}/forced?force=true`, merge, {})).code).toBe(422);
  });
});

describe('the scale subresource', () => {
  it('reads and moves the replica count', async () => {
    await api.call('POST', deployments, { body: deployment('scaled', { replicas: 2 }) });
    const { body } = await api.call('GET', `${deployments}/scaled/scale`);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 0, selector: 'app=scaled' },
    });
    const put = await api.call('PUT', `${deployments}/scaled/scale`, { body: { ...body, spec: { replicas: 4 } } });
    expect(put).toMatchObject({ code: 200, body: { spec: { replicas: 4 } } });
    expect((await api.call('GET', `${deployments}/scaled`)).body).toMatchObject({
      spec: { replicas: 4 },
      metadata: { generation: 2 },
    });
    expect((await api.call('PUT', `${deployments}/scaled/scale`, { body })).code).toBe(409);
  });

  it.each([
    ['a negative count', { spec: { replicas: -1 } }, 422],
    ['a count that is no number', { spec: { replicas: 'many' } }, 400],
  ])('does not accept %s (refused)', async (_name, body, code) => {
    await api.call('POST', deployments, { body: deployment('unscaled') });
    expect((await patch(`${deployments}/unscaled/scale`, merge, body)).code).toBe(code);
  });

  it('is not there for kinds that do not scale (refused)', async () => {
    expect((await api.call('GET', `${maps}/x/scale`)).code).toBe(404);
  });
});
