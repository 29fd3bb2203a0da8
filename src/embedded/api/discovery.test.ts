import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Json, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const merge = 'application/merge-patch+json';
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('discovery', () => {
  it('lists versions, groups and resources the old way', async () => {
    expect((await api.call('GET', '/api')).body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
    const { body: groups } = await api.call('GET', '/apis');
    expect(groups.groups.map(({ name }: Json) => name)).toEqual(
      expect.arrayContaining(['apps', 'batch', 'rbac.authorization.k8s.io', 'authorization.k8s.io']),
    );
    expect((await api.call('GET', '/apis/apps')).body).toMatchObject({
      kind: 'APIGroup',
      name: 'apps',
      preferredVersion: { groupVersion: 'apps/v1' },
    });
    const { body: apps } = await api.call('GET', '/apis/apps/v1');
    expect(apps).toMatchObject({ kind: 'APIResourceList', groupVersion: 'apps/v1' });
    expect(apps.resources.find(({ name }: Json) => name === 'deployments')).toEqual({
      name: 'deployments',
      singularName: 'deployment',
      namespaced: true,
      kind: 'Deployment',
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
      shortNames: ['deploy'],
      categories: ['all'],
      storageVersionHash: '8aSe+NMegvE=',
    });
    expect(apps.resources.find(({ name }: Json) => name === 'deployments/scale')).toMatchObject({
      group: 'autoscaling',
      version: 'v1',
      kind: 'Scale',
    });
  });

  it('lists everything at once when that is asked for', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';
    const core = await api.call('GET', '/api', { accept });
    expect(core.headers['content-type']).toBe('application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
    expect(core.body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    const pods = core.body.items[0].versions[0].resources.find(({ resource }: Json) => resource === 'pods');
    expect(pods).toMatchObject({
      scope: 'Namespaced',
      responseKind: { group: '', version: 'v1', kind: 'Pod' },
      singularResource: 'pod',
    });
    expect(pods.subresources.map(({ subresource }: Json) => subresource)).toEqual(
      expect.arrayContaining(['attach', 'binding', 'eviction', 'exec', 'log', 'portforward', 'proxy', 'status']),
    );
    const { body: groups } = await api.call('GET', '/apis', { accept });
    expect(groups.items.map(({ metadata }: Json) => metadata.name)).not.toContain('');
  });

  it('tells the version and that it is well', async () => {
    expect((await api.call('GET', '/version')).body).toMatchObject({ major: '1', minor: '36' });
    for (const path of ['/livez', '/readyz', '/healthz'])
      expect(await api.call('GET', path)).toMatchObject({ code: 200, text: 'ok' });
  });

  it.each(['/apis/none', '/apis/apps/v9', '/api/v9', '/openapi/v9'])('has nothing at %s (refused)', async (path) => {
    expect((await api.call('GET', path)).code).toBe(404);
  });
});

describe('custom resources', () => {
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          a: { type: 'integer' },
          b: { type: 'integer' },
          replicas: { type: 'integer' },
          parts: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['id'],
            items: {
              type: 'object',
              required: ['id'],
              properties: { id: { type: 'string' }, x: { type: 'integer' } },
            },
          },
        },
      },
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
  const definition = {
    metadata: { name: 'ships.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'ships', kind: 'Ship', shortNames: ['sh'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: {
            status: {},
            scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' },
          },
          additionalPrinterColumns: [
            { name: 'Ready', type: 'string', jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
          ],
        },
        { name: 'v1beta1', served: true, storage: false, schema: { openAPIV3Schema: schema } },
      ],
    },
  };
  const ships = '/apis/example.com/v1/namespaces/default/ships';
  const ship = (name: string, spec: object = {}) => ({
    apiVersion: 'example.com/v1',
    kind: 'Ship',
    metadata: { name },
    spec,
  });

  beforeAll(async () => {
    await api.call('POST', definitions, { body: definition });
  });

  it('are served as soon as their definition is established', async () => {
    const { body } = await api.call('GET', `${definitions}/ships.example.com`);
    expect(body.status.conditions).toMatchObject([{ type: 'NamesAccepted' }, { type: 'Established', status: 'True' }]);
    expect((await api.call('GET', '/apis/example.com')).body.versions).toHaveLength(2);
    const created = await api.call('POST', ships, { body: ship('one', { a: 1 }) });
    expect(created).toMatchObject({ code: 201, body: { apiVersion: 'example.com/v1', metadata: { generation: 1 } } });
  });

  it('read the same in every served version', async () => {
    await api.call('POST', ships, { body: ship('both') });
    const beta = await api.call('GET', '/apis/example.com/v1beta1/namespaces/default/ships/both');
    expect(beta.body.apiVersion).toBe('example.com/v1beta1');
    const put = await api.call('PUT', '/apis/example.com/v1beta1/namespaces/default/ships/both', {
      body: { ...beta.body, spec: { b: 1 } },
    });
    expect(put).toMatchObject({ code: 200, body: { apiVersion: 'example.com/v1beta1', spec: { b: 1 } } });
    expect((await api.call('GET', `${ships}/both`)).body).toMatchObject({
      apiVersion: 'example.com/v1',
      spec: { b: 1 },
    });
  });

  it('count generations of everything but metadata and status', async () => {
    await api.call('POST', ships, { body: ship('counted') });
    const status = await api.call('PATCH', `${ships}/counted/status`, {
      body: { status: { replicas: 1 } },
      contentType: merge,
    });
    const spec = await api.call('PATCH', `${ships}/counted`, { body: { spec: { a: 2 } }, contentType: merge });
    expect([status.body, spec.body].map(({ metadata }) => metadata.generation)).toEqual([1, 2]);
  });

  it('scale by the paths of their definition and show its columns', async () => {
    await api.call('POST', ships, { body: ship('scaled', { replicas: 2 }) });
    await api.call('PATCH', `${ships}/scaled/status`, {
      body: { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
      contentType: merge,
    });
    const scale = await api.call('PATCH', `${ships}/scaled/scale`, {
      body: { spec: { replicas: 5 } },
      contentType: merge,
    });
    expect(scale.body).toMatchObject({ kind: 'Scale', spec: { replicas: 5 } });
    const table = await api.call('GET', `${ships}/scaled`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' });
    expect(table.body.rows[0].cells).toEqual(['scaled', 'True']);
  });

  it('merge lists by the keys of their schema when applied', async () => {
    const apply = (manager: string, parts: object[]) =>
      api.call('PATCH', `${ships}/applied?fieldManager=${manager}`, {
        body: ship('applied', { parts }),
        contentType: 'application/apply-patch+yaml',
      });
    await apply('me', [{ id: 'a', x: 1 }]);
    expect((await apply('you', [{ id: 'b', x: 2 }])).body.spec.parts).toHaveLength(2);
    expect((await apply('me', [])).body.spec.parts).toEqual([{ id: 'b', x: 2 }]);
  });

  it('take no strategic merge patch, and no update without a resourceVersion (refused)', async () => {
    await api.call('POST', ships, { body: ship('strict') });
    expect(
      (await api.call('PATCH', `${ships}/strict`, { body: {}, contentType: 'application/strategic-merge-patch+json' }))
        .code,
    ).toBe(415);
    expect(await api.call('PUT', `${ships}/strict`, { body: ship('strict') })).toMatchObject({
      code: 422,
      body: {
        message:
          'ships.example.com "strict" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
      },
    });
  });

  it('go with their definition', async () => {
    await api.call('POST', definitions, {
      body: {
        ...definition,
        metadata: { name: 'boats.example.com' },
        spec: { ...definition.spec, names: { plural: 'boats', kind: 'Boat' } },
      },
    });
    const boats = '/apis/example.com/v1/namespaces/default/boats';
    await api.call('POST', boats, { body: { ...ship('one'), kind: 'Boat' } });
    await using watch = await api.watch(`${boats}?watch=true`);
    await api.call('DELETE', `${definitions}/boats.example.com`);
    expect((await api.call('GET', boats)).code).toBe(404);
    await vi.waitFor(() => expect(watch.names()).toEqual(['ADDED one', 'DELETED one']));
  });

  it.each([
    ['a name that does not fit', { metadata: { name: 'x.example.com' } }, 'metadata.name'],
    ['no group', { spec: { ...definition.spec, group: '' } }, 'spec.group'],
    [
      'two storage versions',
      {
        spec: {
          ...definition.spec,
          versions: definition.spec.versions.map((version) => ({ ...version, storage: true })),
        },
      },
      'spec.versions',
    ],
    [
      'no schema',
      { spec: { ...definition.spec, versions: [{ name: 'v1', served: true, storage: true }] } },
      'spec.versions[0].schema.openAPIV3Schema',
    ],
  ])('are not defined by %s (refused)', async (_name, change, field) => {
    const { code, body } = await api.call('POST', definitions, { body: { ...definition, ...change } });
    expect(code).toBe(422);
    expect(body.details.causes.map((cause: Json) => cause.field)).toContain(field);
  });
});
