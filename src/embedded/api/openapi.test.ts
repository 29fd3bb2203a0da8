import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, startTestApi, type TestApi } from '../testing/start-test-api.ts';

const gateway = 'apis/gateway.example.com/v1';

describe('OpenAPI', () => {
  let api: TestApi;

  const documentOf = async (path: string): Promise<Json> => {
    const { body } = await api.call('GET', '/openapi/v3');
    return (await api.call('GET', body.paths[path].serverRelativeURL)).body;
  };

  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());

  it('lists a document for every served group version', async () => {
    const { body } = await api.call('GET', '/openapi/v3');
    expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(['api/v1', 'apis/apps/v1', 'apis/batch/v1']));
    expect(body.paths['apis/apps/v1'].serverRelativeURL).toMatch(/^\/openapi\/v3\/apis\/apps\/v1\?hash=[0-9A-F]{128}$/);
  });

  it('describes merge keys, defaults, allowed values and kinds', async () => {
    const { components } = await documentOf('api/v1');
    const pod = components.schemas['io.k8s.api.core.v1.Pod'];
    const { containers } = components.schemas['io.k8s.api.core.v1.PodSpec'].properties;
    expect(pod['x-kubernetes-group-version-kind']).toEqual([{ group: '', kind: 'Pod', version: 'v1' }]);
    expect(containers).toMatchObject({
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    const { protocol } = components.schemas['io.k8s.api.core.v1.ContainerPort'].properties;
    expect(protocol).toMatchObject({ type: 'string', default: 'TCP', enum: ['SCTP', 'TCP', 'UDP'] });
    expect(protocol.description).not.toBe('');
  });

  it('leads every reference to a schema of the same document', async () => {
    for (const path of ['api/v1', 'apis/apps/v1', 'apis/authorization.k8s.io/v1', 'apis/apiextensions.k8s.io/v1']) {
      const document = await documentOf(path);
      const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
      const used = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]);
      expect(used.length).toBeGreaterThan(0);
      expect([...new Set(used)].filter((reference) => !known.includes(reference ?? ''))).toEqual([]);
    }
  });

  it('says which parameters a patch takes', async () => {
    const { paths } = await documentOf('apis/apps/v1');
    const { patch } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'];
    expect(patch.parameters.map((parameter: Json) => parameter.name)).toEqual([
      'dryRun',
      'fieldManager',
      'fieldValidation',
      'force',
    ]);
    expect(patch['x-kubernetes-group-version-kind']).toEqual({ group: 'apps', kind: 'Deployment', version: 'v1' });
  });

  it('lets a document with its hash be kept, and sends an old hash on to the new one', async () => {
    const { body } = await api.call('GET', '/openapi/v3');
    const kept = await api.call('GET', body.paths['apis/apps/v1'].serverRelativeURL);
    expect(kept.headers['cache-control']).toBe('public, immutable');
    const etag = String(kept.headers.etag);
    const known = await api.call('GET', '/openapi/v3/apis/apps/v1', { headers: { 'if-none-match': etag } });
    expect(known.code).toBe(304);
    const moved = await api.call('GET', '/openapi/v3/apis/apps/v1?hash=OLD');
    expect(moved.code).toBe(301);
    expect(moved.headers.location).toBe(body.paths['apis/apps/v1'].serverRelativeURL);
    const plain = await api.call('GET', '/openapi/v3/apis/apps/v1');
    expect(plain.headers['cache-control']).toBe('no-cache, private');
  });

  it('answers for a group version that is not served with 404 (refused)', async () => {
    expect((await api.call('GET', '/openapi/v3/apis/apps/v9')).code).toBe(404);
  });

  it('publishes the schemas of custom resources, and takes them back with their definition', async () => {
    const before = (await api.call('GET', '/openapi/v3')).body.paths['apis/apps/v1'].serverRelativeURL;
    const created = await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'routes.gateway.example.com' },
        spec: {
          group: 'gateway.example.com',
          scope: 'Namespaced',
          names: { plural: 'routes', kind: 'Route' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: {
                openAPIV3Schema: {
                  type: 'object',
                  properties: {
                    spec: { type: 'object', properties: { host: { type: 'string', description: 'Where.' } } },
                  },
                },
              },
            },
          ],
        },
      },
    });
    expect(created.code).toBe(201);
    const { components, paths } = await documentOf(gateway);
    const route = components.schemas['com.example.gateway.v1.Route'];
    expect(route.properties.spec.properties.host).toEqual({ type: 'string', description: 'Where.' });
    expect(route['x-kubernetes-group-version-kind']).toEqual([
      { group: 'gateway.example.com', kind: 'Route', version: 'v1' },
    ]);
    const patch = paths[`/${gateway}/namespaces/{namespace}/routes/{name}`].patch;
    expect(Object.keys(patch.requestBody.content)).not.toContain('application/strategic-merge-patch+json');
    const after = (await api.call('GET', '/openapi/v3')).body.paths;
    expect(after['apis/apps/v1'].serverRelativeURL).toBe(before);
    await api.call('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/routes.gateway.example.com');
    expect((await api.call('GET', '/openapi/v3')).body.paths[gateway]).toBeUndefined();
  });

  it('serves all of it as OpenAPI 2 too', async () => {
    const { body, headers } = await api.call('GET', '/openapi/v2');
    expect(body.swagger).toBe('2.0');
    expect(headers.etag).toMatch(/^"[0-9A-F]{128}"$/);
    expect(body.definitions['io.k8s.api.apps.v1.Deployment'].properties.spec.$ref).toBe(
      '#/definitions/io.k8s.api.apps.v1.DeploymentSpec',
    );
    const used = [...JSON.stringify(body).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map((match) => match[1]);
    expect([...new Set(used)].filter((name) => body.definitions[name ?? ''] === undefined)).toEqual([]);
  });

  it('serves OpenAPI 2 in protobuf, under a name that is a media type', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    const { code, headers, text } = await api.call('GET', '/openapi/v2', { accept });
    expect(code).toBe(200);
    expect(headers['content-type']).toBe('application/com.github.proto-openapi.spec.v2.v1.0+protobuf');
    // Field 1 (swagger) as a text of three bytes.
    expect(text.startsWith('\n\x032.0')).toBe(true);
    expect(text).toContain('io.k8s.api.apps.v1.Deployment');
  });

  it('refuses to speak protobuf alone (refused)', async () => {
    const accept = 'application/com.github.proto-openapi.spec.v3@v1.0+protobuf';
    expect((await api.call('GET', '/openapi/v3/api/v1', { accept })).code).toBe(406);
  });
});
