import { expect } from 'vitest';
import { parse } from 'yaml';
import { conformanceArea } from './support/conformance-area.ts';
import type { Json } from './support/json.ts';
import { configMap, deployment, pod } from './support/objects.ts';

const { conformanceCase } = conformanceArea('representations and errors');

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const asMetadata = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
const asMetadataList = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json';

conformanceCase(
  {
    title: 'prints a list as a table, with the metadata of each row',
    source:
      'API concepts: receiving resources as Tables; e2e: [sig-api-machinery] Servers with support for Table transformation',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    await create(`/api/v1/namespaces/${ns}/pods`, pod('a'));
    const { body } = await api.call('GET', `/api/v1/namespaces/${ns}/pods`, { accept: asTable });
    expect(body).toMatchObject({
      kind: 'Table',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { resourceVersion: expect.any(String) },
    });
    expect(body.columnDefinitions.map(({ name, priority }: Json) => `${name} ${priority}`)).toEqual([
      'Name 0',
      'Ready 0',
      'Status 0',
      'Restarts 0',
      'Age 0',
      'IP 1',
      'Node 1',
      'Nominated Node 1',
      'Readiness Gates 1',
    ]);
    expect(body.columnDefinitions[0]).toMatchObject({ type: 'string', format: 'name' });
    expect(body.rows[0].cells[0]).toBe('a');
    expect(body.rows[0].object).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a', namespace: ns },
    });
  },
);

conformanceCase(
  { title: 'prints one object as a table of one row', source: 'API concepts: receiving resources as Tables' },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    await create(`/apis/apps/v1/namespaces/${ns}/deployments`, deployment('web', { replicas: 0 }));
    const { body } = await api.call('GET', `/apis/apps/v1/namespaces/${ns}/deployments/web`, { accept: asTable });
    expect(body.columnDefinitions.map(({ name }: Json) => name)).toEqual([
      'Name',
      'Ready',
      'Up-to-date',
      'Available',
      'Age',
      'Containers',
      'Images',
      'Selector',
    ]);
    expect(body.rows).toHaveLength(1);
    expect(body.rows[0].cells.slice(0, 2)).toEqual(['web', '0/0']);
    expect(body.rows[0].cells.slice(5)).toEqual(['main', 'registry.k8s.io/pause:3.10', 'app=web']);
  },
);

conformanceCase(
  {
    title: 'leaves rows without objects where includeObject says None, and gives whole ones where it says Object',
    source: 'meta/v1 TableOptions.includeObject',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    await create(`/api/v1/namespaces/${ns}/configmaps`, configMap('a'));
    const path = `/api/v1/namespaces/${ns}/configmaps/a`;
    const none = await api.call('GET', path, { accept: asTable, query: { includeObject: 'None' } });
    expect(none.body.rows[0].object ?? null).toBeNull();
    const whole = await api.call('GET', path, { accept: asTable, query: { includeObject: 'Object' } });
    expect(whole.body.rows[0].object).toMatchObject({ kind: 'ConfigMap', data: { key: 'value' } });
  },
);

conformanceCase(
  {
    title: 'answers metadata alone where PartialObjectMetadata is asked for',
    source: 'KEP-2334; API concepts: metadata-only fetches',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    await create(path, configMap('a', { metadata: { name: 'a', labels: { x: 'y' } } }));
    const one = await api.call('GET', `${path}/a`, { accept: asMetadata });
    expect(one.body).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a', labels: { x: 'y' } },
    });
    expect(one.body.data).toBeUndefined();
    const list = await api.call('GET', path, { accept: asMetadataList, query: { labelSelector: 'x=y' } });
    expect(list.body).toMatchObject({ kind: 'PartialObjectMetadataList', items: [{ metadata: { name: 'a' } }] });
    expect(list.body.items[0].data).toBeUndefined();
  },
);

conformanceCase(
  {
    title: 'watches metadata alone where PartialObjectMetadata is asked for',
    source: 'API concepts: metadata-only fetches; watch',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    await using watch = await api.watch(path, { fieldSelector: 'metadata.name=a' }, { accept: asMetadata });
    await create(path, configMap('a'));
    const { object } = await watch.next();
    expect(object).toMatchObject({
      kind: 'PartialObjectMetadata',
      apiVersion: 'meta.k8s.io/v1',
      metadata: { name: 'a' },
    });
    expect(object.data).toBeUndefined();
  },
);

conformanceCase(
  { title: 'speaks YAML both ways', source: 'API concepts: resource encodings, YAML' },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const made = await api.call('POST', path, {
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  text: |\n    two\n    lines\n',
      contentType: 'application/yaml',
      accept: 'application/yaml',
    });
    expect(made.status).toBe(201);
    expect(made.headers['content-type']).toBe('application/yaml');
    expect(parse(made.text)).toMatchObject({
      kind: 'ConfigMap',
      metadata: { name: 'a', namespace: ns },
      data: { text: 'two\nlines\n' },
    });
  },
);

conformanceCase(
  {
    title: 'says of a missing object which one it is (404)',
    source: 'meta/v1 StatusReasonNotFound: details name and kind',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    expect((await api.get(`/apis/apps/v1/namespaces/${ns}/deployments/none`)).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'deployments.apps "none" not found',
      reason: 'NotFound',
      details: { name: 'none', group: 'apps', kind: 'deployments' },
      code: 404,
    });
  },
);

conformanceCase(
  { title: 'refuses an object whose name is taken (409)', source: 'meta/v1 StatusReasonAlreadyExists' },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    await create(`/api/v1/namespaces/${ns}/configmaps`, configMap('a'));
    expect((await api.create(`/api/v1/namespaces/${ns}/configmaps`, configMap('a'))).body).toMatchObject({
      status: 'Failure',
      message: 'configmaps "a" already exists',
      reason: 'AlreadyExists',
      details: { name: 'a', kind: 'configmaps' },
      code: 409,
    });
  },
);

conformanceCase(
  {
    title: 'refuses bodies and patches of a media type that it does not take (415)',
    source: 'meta/v1 StatusReasonUnsupportedMediaType',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const created = await api.call('POST', path, { body: 'x', contentType: 'text/plain' });
    expect(created).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType' } });
    expect(created.body.message).toContain(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml',
    );
    await create(path, configMap('a'));
    const patched = await api.call('PATCH', `${path}/a`, { body: {}, contentType: 'application/json' });
    expect(patched).toMatchObject({ status: 415, body: { reason: 'UnsupportedMediaType' } });
  },
);

conformanceCase(
  {
    title: 'names each field that is wrong, with a cause (422)',
    source: 'meta/v1 StatusReasonInvalid, StatusCause: reason, message and field',
  },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const broken = deployment('web', { replicas: -1, selector: { matchLabels: { app: 'other' } } });
    const { status, body } = await api.create(`/apis/apps/v1/namespaces/${ns}/deployments`, broken);
    expect(status).toBe(422);
    expect(body).toMatchObject({ reason: 'Invalid', details: { name: 'web', group: 'apps', kind: 'Deployment' } });
    expect(body.message).toMatch(/^Deployment\.apps "web" is invalid: \[/);
    expect(body.details.causes).toEqual(
      expect.arrayContaining([
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: -1: must be greater than or equal to 0',
          field: 'spec.replicas',
        },
        {
          reason: 'FieldValueInvalid',
          message: 'Invalid value: {"app":"web"}: `selector` does not match template `labels`',
          field: 'spec.template.metadata.labels',
        },
      ]),
    );
  },
);

conformanceCase(
  { title: 'says which field is required and is not there (422)', source: 'meta/v1 CauseTypeFieldValueRequired' },
  async ({ api, namespace }) => {
    const ns = await namespace();
    const { body } = await api.create(
      `/api/v1/namespaces/${ns}/pods`,
      pod('a', { spec: { containers: [{ name: 'main' }] } }),
    );
    expect(body).toMatchObject({ code: 422, message: 'Pod "a" is invalid: spec.containers[0].image: Required value' });
    expect(body.details.causes).toEqual([
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers[0].image' },
    ]);
  },
);

conformanceCase(
  {
    title: 'refuses a body whose name or namespace is not that of the path (400)',
    source: 'meta/v1 ObjectMeta: name and namespace match the request',
  },
  async ({ api, namespace, create }) => {
    const ns = await namespace();
    const path = `/api/v1/namespaces/${ns}/configmaps`;
    const elsewhere = await api.create(path, configMap('a', { metadata: { name: 'a', namespace: 'default' } }));
    expect(elsewhere).toMatchObject({
      status: 400,
      body: {
        reason: 'BadRequest',
        message: 'the namespace of the provided object does not match the namespace sent on the request',
      },
    });
    await create(path, configMap('a'));
    const renamed = await api.update(`${path}/a`, configMap('b'));
    expect(renamed).toMatchObject({
      status: 400,
      body: { reason: 'BadRequest', message: 'the name of the object (b) does not match the name on the URL (a)' },
    });
  },
);

conformanceCase(
  {
    title: 'refuses anonymous callers and unknown tokens',
    source: 'reference/access-authn-authz/authentication: 401 and system:anonymous',
  },
  async ({ api }) => {
    const unknown = await api.as({ token: 'nobody-has-this-token' }).get('/api/v1/namespaces');
    expect(unknown).toMatchObject({
      status: 401,
      body: { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized', code: 401 },
    });
    // Where anonymous requests are on, they are somebody, who may not do this; where they are off, 401.
    const nobody = await api.as('anonymous').get('/api/v1/namespaces');
    expect([401, 403]).toContain(nobody.status);
  },
);
