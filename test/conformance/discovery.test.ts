import { expect } from 'vitest';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { serveDefinition } from './support/serve-definition.ts';

const { conformanceCase } = conformanceArea('discovery');

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

conformanceCase(
  {
    title: 'says its version, in parts and as a whole',
    source: 'e2e: [sig-api-machinery] server version should find the server version',
  },
  async ({ api }) => {
    const { status, body } = await api.get('/version');
    expect(status).toBe(200);
    expect(body.gitVersion).toMatch(/^v1\.\d+\.\d+/);
    expect(`v${body.major}.${body.minor.replace('+', '')}`).toBe(/^v\d+\.\d+/.exec(body.gitVersion)?.[0]);
    expect(body).toMatchObject({ gitCommit: expect.any(String), platform: expect.stringContaining('/') });
  },
);

conformanceCase(
  {
    title: 'lists the versions of the core API at /api',
    source: 'API concepts: discovery API, unaggregated discovery',
  },
  async ({ api }) => {
    const { status, body } = await api.get('/api');
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'APIVersions', versions: ['v1'] });
  },
);

conformanceCase(
  {
    title: 'lists all groups at /apis, each with a preferred version among its versions',
    source: 'e2e: [sig-api-machinery] Discovery should validate PreferredVersion for each APIGroup',
  },
  async ({ api }) => {
    const { body } = await api.get('/apis');
    expect(body.kind).toBe('APIGroupList');
    const names = body.groups.map((group: Json) => group.name);
    expect(names).toEqual(expect.arrayContaining(['apps', 'batch', 'autoscaling', 'networking.k8s.io', 'policy']));
    expect(new Set(names).size).toBe(names.length);
    for (const { name, versions, preferredVersion } of body.groups) {
      expect(versions, name).toContainEqual(preferredVersion);
      for (const { groupVersion, version } of versions) expect(groupVersion).toBe(`${name}/${version}`);
    }
  },
);

conformanceCase(
  {
    title: 'describes a group at /apis/<group>',
    source: 'e2e: [sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup',
  },
  async ({ api }) => {
    const { status, body } = await api.get('/apis/apps');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      kind: 'APIGroup',
      apiVersion: 'v1',
      name: 'apps',
      preferredVersion: { groupVersion: 'apps/v1', version: 'v1' },
    });
  },
);

conformanceCase(
  {
    title: 'answers each version of each group with the resources that it serves',
    source: 'e2e: [sig-api-machinery] Discovery should locate the groupVersion and a resource within each APIGroup',
  },
  async ({ api }) => {
    const { body } = await api.get('/apis');
    const builtIn = body.groups.filter(({ name }: Json) => !name.includes('.') || name.endsWith('.k8s.io'));
    for (const { groupVersion } of builtIn.flatMap((group: Json) => group.versions)) {
      const { status, body: list } = await api.get(`/apis/${groupVersion}`);
      // A group of another run's own may go between the two requests; built-in ones stay.
      expect(status, groupVersion).toBe(200);
      expect(list).toMatchObject({ kind: 'APIResourceList', groupVersion });
      expect(list.resources.length, groupVersion).toBeGreaterThan(0);
      for (const resource of list.resources)
        expect(resource, groupVersion).toMatchObject({
          name: expect.any(String),
          kind: expect.any(String),
          verbs: expect.any(Array),
        });
    }
  },
);

conformanceCase(
  {
    title: 'lists subresources with the kind that they take',
    source: 'meta/v1 APIResource: group and version of a subresource of another kind',
  },
  async ({ api }) => {
    const core = (await api.get('/api/v1')).body.resources;
    const apps = (await api.get('/apis/apps/v1')).body.resources;
    const find = (list: Json[], name: string) => list.find((resource) => resource.name === name);
    expect(find(core, 'pods/eviction')).toMatchObject({
      kind: 'Eviction',
      group: 'policy',
      version: 'v1',
      verbs: ['create'],
    });
    expect(find(core, 'pods/log')).toMatchObject({ kind: 'Pod', verbs: ['get'] });
    expect(find(core, 'pods/binding')).toMatchObject({ kind: 'Binding', verbs: ['create'] });
    expect(find(core, 'serviceaccounts/token')).toMatchObject({
      kind: 'TokenRequest',
      group: 'authentication.k8s.io',
      version: 'v1',
    });
    expect(find(apps, 'deployments/scale')).toMatchObject({ kind: 'Scale', group: 'autoscaling', version: 'v1' });
    expect([...find(apps, 'deployments/scale').verbs].sort()).toEqual(['get', 'patch', 'update']);
    expect([...find(apps, 'deployments/status').verbs].sort()).toEqual(['get', 'patch', 'update']);
  },
);

conformanceCase(
  {
    title: 'offers aggregated discovery of all groups in one document',
    source:
      'KEP-3352 aggregated discovery; e2e: [sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface',
  },
  async ({ api }) => {
    const { status, headers, body } = await api.call('GET', '/apis', { accept: aggregated });
    expect(status).toBe(200);
    expect(headers['content-type']).toContain('as=APIGroupDiscoveryList');
    expect(body).toMatchObject({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2' });
    const apps = body.items.find((item: Json) => item.metadata.name === 'apps');
    const resources = apps.versions.find((version: Json) => version.version === 'v1').resources;
    const deployments = resources.find((resource: Json) => resource.resource === 'deployments');
    expect(deployments).toMatchObject({
      responseKind: { kind: 'Deployment' },
      scope: 'Namespaced',
      singularResource: 'deployment',
      shortNames: ['deploy'],
      categories: ['all'],
    });
    expect(deployments.subresources.map(({ subresource }: Json) => subresource).sort()).toEqual(['scale', 'status']);
  },
);

conformanceCase(
  {
    title: 'adds a custom resource to both kinds of discovery, and takes it away again',
    source: 'e2e: [sig-api-machinery] AggregatedDiscovery should support aggregated discovery interface for CRDs',
  },
  async (t) => {
    const gears = await serveDefinition(t, 'Gear', { names: { shortNames: ['gr'], categories: ['all'] } });
    await eventually(async () => {
      const { body } = await t.api.get(`/apis/${gears.group}/v1`);
      expect(body.resources[0]).toMatchObject({
        name: 'gears',
        kind: 'Gear',
        namespaced: true,
        shortNames: ['gr'],
        categories: ['all'],
      });
      const { body: all } = await t.api.call('GET', '/apis', { accept: aggregated });
      expect(all.items.map((item: Json) => item.metadata.name)).toContain(gears.group);
    });
    await t.api.delete(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gears.${gears.group}`);
    await eventually(async () => {
      expect((await t.api.get('/apis')).body.groups.map(({ name }: Json) => name)).not.toContain(gears.group);
      expect((await t.api.get(`/apis/${gears.group}/v1`)).status).toBe(404);
    });
  },
);

conformanceCase(
  {
    title: 'has an OpenAPI v3 index whose documents are named by their hash',
    source:
      'API concepts: OpenAPI V3; e2e: [sig-api-machinery] OpenAPIV3 should round trip OpenAPI V3 for all built-in group versions',
  },
  async ({ api }) => {
    const { status, text } = await api.get('/openapi/v3');
    expect(status).toBe(200);
    const body = JSON.parse(text);
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/batch/v1']));
    const { serverRelativeURL } = body.paths['apis/apps/v1'];
    expect(serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=\w+$/);
    const document = await api.get(serverRelativeURL);
    expect(document.body.openapi).toMatch(/^3\./);
    expect(document.body.paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']).toBeDefined();
  },
);

conformanceCase(
  {
    title: 'says in OpenAPI v3 which kind a schema is and how lists merge',
    source: 'API concepts: OpenAPI V3; server-side apply: merge strategy extensions',
  },
  async ({ api }) => {
    const { body } = await api.get('/openapi/v3/apis/apps/v1');
    const schemas = body.components.schemas;
    expect(schemas['io.k8s.api.apps.v1.Deployment']['x-kubernetes-group-version-kind']).toEqual([
      { group: 'apps', kind: 'Deployment', version: 'v1' },
    ]);
    expect(schemas['io.k8s.api.core.v1.PodSpec'].properties.containers).toMatchObject({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    expect(schemas['io.k8s.api.apps.v1.DeploymentSpec'].required).toEqual(
      expect.arrayContaining(['selector', 'template']),
    );
  },
);

conformanceCase({ title: 'has an OpenAPI v2 document', source: 'API concepts: OpenAPI V2' }, async ({ api }) => {
  const { status, body } = await api.get('/openapi/v2');
  expect(status).toBe(200);
  expect(body.swagger).toBe('2.0');
  expect(body.definitions['io.k8s.api.core.v1.Pod']['x-kubernetes-group-version-kind']).toEqual([
    { group: '', kind: 'Pod', version: 'v1' },
  ]);
});

conformanceCase(
  {
    title: 'publishes the schema of a custom resource in OpenAPI v3',
    source: 'e2e: [sig-api-machinery] CustomResourcePublishOpenAPI works for CRD with validation schema',
  },
  async (t) => {
    const levers = await serveDefinition(t, 'Lever', {
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', properties: { arm: { type: 'integer', description: 'How long it is.' } } },
              },
            },
          },
        },
      ],
    });
    await eventually(async () => {
      const { status, body } = await t.api.get(`/openapi/v3/apis/${levers.group}/v1`);
      expect(status).toBe(200);
      const schema: Json = Object.values(body.components.schemas).find(
        (one: Json) => one['x-kubernetes-group-version-kind']?.[0]?.kind === 'Lever',
      );
      expect(schema.properties.spec.properties.arm).toMatchObject({ type: 'integer', description: 'How long it is.' });
      expect(schema.properties.metadata).toBeDefined();
    });
  },
);

conformanceCase(
  {
    title: 'answers that an aggregated document is not modified while nothing is added',
    source: 'KEP-3352 aggregated discovery: ETag and If-None-Match',
  },
  async ({ api }) => {
    // Somebody else's definitions may come and go in between.
    await eventually(async () => {
      const first = await api.call('GET', '/apis', { accept: aggregated });
      expect(first.headers).toMatchObject({ etag: expect.stringMatching(/^"\w+"$/), vary: 'Accept' });
      const headers = { 'If-None-Match': String(first.headers.etag) };
      expect((await api.call('GET', '/apis', { accept: aggregated, headers })).status).toBe(304);
    });
    const stale = await api.call('GET', '/apis', { accept: aggregated, headers: { 'If-None-Match': '"OLD"' } });
    expect(stale.status).toBe(200);
  },
);

conformanceCase(
  {
    title: 'says by a hash which version of a kind is stored, and none for reviews and subresources',
    source: 'meta/v1 APIResource: storageVersionHash',
  },
  async ({ api }) => {
    const { body } = await api.get('/apis/apps/v1');
    const hash = (name: string) => body.resources.find((each: Json) => each.name === name)?.storageVersionHash;
    expect(hash('deployments')).toBe('8aSe+NMegvE=');
    expect(hash('deployments/scale')).toBeUndefined();
    const reviews = (await api.get('/apis/authorization.k8s.io/v1')).body.resources;
    expect(reviews.map((each: Json) => each.storageVersionHash)).toEqual(reviews.map(() => undefined));
  },
);

conformanceCase(
  {
    title: 'says that it lives and is ready, as a whole and check by check',
    source: 'reference/using-api/health-checks: livez, readyz, verbose, individual checks',
  },
  async ({ api }) => {
    for (const path of ['/healthz', '/livez', '/readyz', '/livez/ping', '/readyz/ping']) {
      const { status, text, headers } = await api.get(path);
      expect({ path, status, text }).toEqual({ path, status: 200, text: 'ok' });
      expect(headers['content-type']).toContain('text/plain');
    }
    const { text } = await api.get('/readyz?verbose');
    expect(text).toMatch(/^\[\+\]ping ok\n/);
    expect(text).toMatch(/\nreadyz check passed\n$/);
    expect((await api.get('/livez/nothing-of-that-name')).status).toBe(404);
  },
);

conformanceCase(
  {
    title: 'lists its paths at the root',
    source: 'API concepts: API groups; kubectl get --raw /',
  },
  async ({ api }) => {
    const { status, body } = await api.get('/');
    expect(status).toBe(200);
    expect(body.paths).toEqual(
      expect.arrayContaining([
        '/api/v1',
        '/apis',
        '/apis/apps',
        '/apis/apps/v1',
        '/healthz',
        '/livez',
        '/readyz',
        '/version',
        '/openapi/v2',
      ]),
    );
  },
);

conformanceCase(
  {
    title: 'refuses discovery documents and objects in a media type that it does not speak (406)',
    source: 'API concepts: resource encoding, alternate representations',
  },
  async ({ api }) => {
    const document = await api.call('GET', '/apis', { accept: 'application/xml' });
    expect(document.status).toBe(406);
    expect(document.body).toMatchObject({ reason: 'NotAcceptable', code: 406 });
    expect(document.body.message).toMatch(
      /^only the following media types are accepted: application\/json, application\/yaml/,
    );
    const object = await api.call('GET', '/api/v1/namespaces/default', { accept: 'application/xml' });
    expect(object.body).toMatchObject({ reason: 'NotAcceptable', details: {}, code: 406 });
    expect(object.body.message).toMatch(
      /^406: Not Acceptable\n\nAvailable representations: application\/json, application\/yaml/,
    );
  },
);

conformanceCase(
  {
    title: 'answers a group that nobody serves without a Status, and a missing version of one that is served with it',
    source: 'API concepts: API groups; every client falls back on 404',
  },
  async ({ api }) => {
    expect(await api.get('/apis/nobody.example.com/v1')).toMatchObject({ status: 404, text: '404 page not found\n' });
    expect(await api.get('/apis/apps/v9')).toMatchObject({ status: 404, body: { kind: 'Status', reason: 'NotFound' } });
  },
);
