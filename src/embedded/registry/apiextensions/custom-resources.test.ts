import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Json, startTestApi, type TestAnswer, type TestApi } from '../../testing/start-test-api.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const merge = 'application/merge-patch+json';
const apply = 'application/apply-patch+yaml';
const color = { type: 'string', enum: ['red', 'green'] };
const spec = {
  type: 'object',
  required: ['color'],
  properties: {
    color,
    replicas: { type: 'integer', format: 'int32', minimum: 0, maximum: 10, default: 1 },
    nothing: { type: 'string', nullable: true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    template: { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true },
    list: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: { name: { type: 'string' }, size: { type: 'integer', default: 5 } },
      },
    },
  },
};
const status = {
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    selector: { type: 'string' },
    phase: { type: 'string', enum: ['A', 'B'] },
    conditions: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
};
const subresources = {
  status: {},
  scale: {
    specReplicasPath: '.spec.replicas',
    statusReplicasPath: '.status.replicas',
    labelSelectorPath: '.status.selector',
  },
};

function version(name: string, change: object = {}): Json {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec, status } } };
  return { name, served: true, storage: name === 'v1', schema, subresources, ...change };
}

function definition(group: string, change: object = {}): Json {
  return {
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', kind: 'Widget' },
      versions: [version('v1')],
      ...change,
    },
  };
}

function widget(group: string, given: object = {}, rest: object = {}): Json {
  return {
    apiVersion: `${group}/v1`,
    kind: 'Widget',
    metadata: { name: 'x' },
    spec: { color: 'red', ...given },
    ...rest,
  };
}

const pathOf = (group: string, name = 'v1'): string => `/apis/${group}/${name}/namespaces/default/widgets`;
const causesOf = ({ body }: TestAnswer): string[] =>
  body.details.causes.map(({ field, message }: Json) => `${field}: ${message}`);
const warningsOf = ({ headers }: TestAnswer): string[] => [headers.warning ?? []].flat();

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.call('POST', '/api/v1/namespaces', { body: { metadata: { name: 'default' } } });
});
afterAll(() => api.stop());

/** Defines widgets in a group of their own. */
async function define(group: string, change: object = {}): Promise<string> {
  const made = await api.call('POST', definitions, { body: definition(group, change) });
  expect(made.code, made.text).toBe(201);
  return pathOf(group);
}

describe('a definition', () => {
  it('is told of step by step: nothing, names granted, established', async () => {
    await using watch = await api.watch(`${definitions}?watch=true&fieldSelector=metadata.name%3Dwidgets.steps.test`);
    await define('steps.test');
    await vi.waitFor(() => expect(watch.events).toHaveLength(3));
    const seen = watch.events.map(({ object }) =>
      (object.status.conditions ?? []).map(({ type, status: state, reason }: Json) => `${type}=${state} ${reason}`),
    );
    expect(seen).toEqual([
      [],
      ['NamesAccepted=True NoConflicts', 'Established=False Installing'],
      ['NamesAccepted=True NoConflicts', 'Established=True InitialNamesAccepted'],
    ]);
    expect(watch.events.at(-1)?.object.status).toMatchObject({
      acceptedNames: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      storedVersions: ['v1'],
    });
  });

  it('waits for a name that another one holds, and gets it when that one goes', async () => {
    await define('names.test');
    const names = { plural: 'gadgets', kind: 'Widget', listKind: 'GadgetList' };
    const second = { ...definition('names.test', { names }), metadata: { name: 'gadgets.names.test' } };
    await api.call('POST', definitions, { body: second });
    const read = async () => (await api.call('GET', `${definitions}/gadgets.names.test`)).body.status;
    expect((await read()).conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'False', reason: 'KindConflict', message: '"Widget" is already in use' },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ]);
    expect((await api.call('GET', '/apis/names.test/v1/gadgets')).code).toBe(404);
    await api.call('DELETE', `${definitions}/widgets.names.test`);
    expect((await read()).conditions).toMatchObject([{ status: 'True' }, { type: 'Established', status: 'True' }]);
    expect((await api.call('GET', '/apis/names.test/v1/gadgets')).code).toBe(200);
  });

  it('keeps its group, names and scope (refused)', async () => {
    await define('fixed.test');
    const changed = await api.call('PATCH', `${definitions}/widgets.fixed.test`, {
      body: { spec: { scope: 'Cluster', names: { kind: 'Gadget', listKind: 'GadgetList' } } },
      contentType: merge,
    });
    expect(causesOf(changed)).toEqual([
      'spec.scope: Invalid value: "Cluster": field is immutable',
      'spec.names.kind: Invalid value: "Gadget": field is immutable',
    ]);
  });

  it('keeps versions that objects are stored in (refused)', async () => {
    await define('stored.test');
    const moved = await api.call('PATCH', `${definitions}/widgets.stored.test`, {
      body: { spec: { versions: [version('v2', { storage: true })] } },
      contentType: merge,
    });
    expect(causesOf(moved)[0]).toMatch(
      /^status\.storedVersions\[0\]: Invalid value: "v1": missing from spec\.versions/,
    );
  });

  it('stays with its objects until the last of them has gone', async () => {
    const path = await define('going.test');
    const held = widget('going.test', {}, { metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    await api.call('POST', path, { body: held });
    await api.call('POST', path, { body: widget('going.test') });
    await using watch = await api.watch(`${path}?watch=true`);
    const deleted = await api.call('DELETE', `${definitions}/widgets.going.test`);
    expect(deleted.body.metadata.finalizers).toEqual(['customresourcecleanup.apiextensions.k8s.io']);
    expect((await api.call('GET', `${path}/x`)).code).toBe(404);
    const waiting = await api.call('GET', `${definitions}/widgets.going.test`);
    expect(waiting.body.status.conditions.at(-1)).toMatchObject({
      type: 'Terminating',
      status: 'True',
      reason: 'InstanceDeletionInProgress',
    });
    const late = await api.call('POST', path, { body: widget('going.test') });
    expect(late).toMatchObject({
      code: 403,
      body: {
        message:
          'widgets.going.test "x" is forbidden: create not allowed while custom resource definition is terminating',
      },
    });
    await api.call('PATCH', `${path}/held`, { body: { metadata: { finalizers: null } }, contentType: merge });
    expect((await api.call('GET', `${definitions}/widgets.going.test`)).code).toBe(404);
    expect((await api.call('GET', path)).code).toBe(404);
    await vi.waitFor(() => expect(watch.end).toBe('ended'));
    expect(watch.names()).toEqual(expect.arrayContaining(['DELETED x', 'MODIFIED held', 'DELETED held']));
  });

  it('ends the watches of its objects when it changes', async () => {
    const path = await define('changing.test');
    await using watch = await api.watch(`${path}?watch=true`);
    await api.call('PATCH', `${definitions}/widgets.changing.test`, {
      body: { spec: { versions: [version('v1', { deprecated: true })] } },
      contentType: merge,
    });
    await vi.waitFor(() => expect(watch.end).toBe('ended'));
    const warned = await api.call('GET', path);
    expect(warningsOf(warned)).toEqual(['299 - "changing.test/v1 Widget is deprecated"']);
  });

  it('says which formats nobody checks', async () => {
    const text = { type: 'object', properties: { a: { type: 'string', format: 'foo' } } };
    const made = await api.call('POST', definitions, {
      body: definition('formats.test', {
        versions: [version('v1', { schema: { openAPIV3Schema: text }, subresources: {} })],
      }),
    });
    expect(warningsOf(made)).toEqual(['299 - "unrecognized format \\"foo\\""']);
  });

  it('in a group of Kubernetes says who approved it', async () => {
    const annotations = { 'api-approved.kubernetes.io': 'https://github.com/kubernetes/enhancements/pull/1' };
    const approved = definition('approved.k8s.io');
    await api.call('POST', definitions, { body: { ...approved, metadata: { ...approved.metadata, annotations } } });
    const { body } = await api.call('GET', `${definitions}/widgets.approved.k8s.io`);
    expect(body.status.conditions[0]).toMatchObject({
      type: 'KubernetesAPIApprovalPolicyConformant',
      status: 'True',
      reason: 'ApprovedAnnotation',
    });
  });
});

describe('a custom object', () => {
  let path: string;
  beforeAll(async () => {
    path = await define('objects.test');
  });
  const create = (body: object | string, query = ''): Promise<TestAnswer> =>
    api.call('POST', `${path}${query}`, { body });

  it('is pruned, and its writer told so', async () => {
    const body = widget('objects.test', { zz: 1, free: { any: 1 }, list: [{ name: 'a', q: 1 }] }, { top: 1 });
    const made = await create({ ...body, metadata: { name: 'pruned', zz: 1 } });
    expect(made.body.spec).toEqual({ color: 'red', free: { any: 1 }, list: [{ name: 'a', size: 5 }], replicas: 1 });
    expect(made.body).not.toHaveProperty('top');
    expect(warningsOf(made)).toEqual(
      ['metadata.zz', 'spec.list[0].q', 'spec.zz', 'top'].map((field) => `299 - "unknown field \\"${field}\\""`),
    );
  });

  it('is refused with unknown fields when the writer is strict (refused)', async () => {
    const strict = await create(widget('objects.test', { zz: 1 }), '?fieldValidation=Strict');
    expect(strict).toMatchObject({
      code: 400,
      body: {
        message: 'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.zz"',
      },
    });
    expect((await create(widget('objects.test'), '?fieldValidation=Foo')).code).toBe(422);
  });

  it('keeps a null that is allowed and loses one that is not', async () => {
    const body = widget('objects.test', { nothing: null, replicas: null, free: null });
    const made = await create({ ...body, metadata: { name: 'nulls' } });
    expect(made.body.spec).toEqual({ color: 'red', nothing: null, replicas: 1 });
  });

  it.each([
    [
      'a label that is a number',
      { labels: { a: 1 } },
      'json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string',
    ],
    [
      'finalizers that are no list',
      { finalizers: 'x' },
      'json: cannot unmarshal string into Go struct field ObjectMeta.finalizers of type []string',
    ],
    [
      'an owner with a word for a flag',
      { ownerReferences: [{ controller: 'yes' }] },
      'json: cannot unmarshal string into Go struct field OwnerReference.ownerReferences.controller of type bool',
    ],
  ])('has typed metadata: %s (refused)', async (_name, metadata, why) => {
    const refused = await create({ ...widget('objects.test'), metadata: { name: 'typed', ...metadata } });
    expect(refused).toMatchObject({
      code: 400,
      body: { message: `Widget in version "v1" cannot be handled as a Widget: ${why}` },
    });
  });

  it('says which fields are wrong, and with what they would be right (refused)', async () => {
    const refused = await create(
      widget('objects.test', { color: 'blue', replicas: 11, list: [{ name: 'a' }, { name: 'a' }], template: {} }),
    );
    expect(refused.body.message).toMatch(/^Widget\.objects\.test "x" is invalid: \[/);
    expect(causesOf(refused).sort()).toEqual([
      'spec.color: Unsupported value: "blue": supported values: "red", "green"',
      'spec.list[1]: Duplicate value: {"name":"a"}',
      'spec.replicas: Invalid value: 11: spec.replicas in body should be less than or equal to 10',
      'spec.template.apiVersion: Required value',
      'spec.template.kind: Required value',
    ]);
  });

  it('says itself what it is (refused)', async () => {
    const { kind: _kind, ...nameless } = widget('objects.test');
    expect((await create(nameless)).body.message).toContain("Object 'Kind' is missing in");
    const other = await create({ ...widget('objects.test'), kind: 'Gadget' });
    expect(other).toMatchObject({ code: 422, body: { details: { kind: 'Gadget' } } });
    expect((await create({ ...widget('objects.test'), apiVersion: 'objects.test/v2' })).body.message).toBe(
      'the API version in the data (objects.test/v2) does not match the expected API version (objects.test/v1)',
    );
  });

  it('may have finalizers without a domain, with a warning', async () => {
    const made = await create({ ...widget('objects.test'), metadata: { name: 'final', finalizers: ['abc'] } });
    expect(made.code).toBe(201);
    expect(warningsOf(made)[0]).toContain('prefer a domain-qualified finalizer name');
  });

  it('has its status and its scale checked too (refused)', async () => {
    await create({ ...widget('objects.test'), metadata: { name: 'parts' } });
    const patch = (part: string, body: object) =>
      api.call('PATCH', `${path}/parts/${part}`, { body, contentType: merge });
    expect(causesOf(await patch('status', { status: { phase: 'C', replicas: 'x' } })).sort()).toEqual([
      '.status.replicas: Invalid value: 0: .status.replicas accessor error: x is of the type string, expected int64',
      'status.phase: Unsupported value: "C": supported values: "A", "B"',
      'status.replicas: Invalid value: "string": replicas in body must be of type integer: "string"',
    ]);
    expect(causesOf(await patch('scale', { spec: { replicas: -1 } }))).toEqual([
      'spec.replicas: Invalid value: -1: spec.replicas in body should be greater than or equal to 0',
      '.spec.replicas: Invalid value: -1: should be a non-negative integer',
    ]);
    await patch('status', { status: { replicas: 2, selector: 'a=b' }, spec: { color: 'green' } });
    const { body } = await api.call('GET', `${path}/parts/scale`);
    expect(body).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 2, selector: 'a=b' } });
    expect((await api.call('GET', `${path}/parts`)).body.spec.color).toBe('red');
  });

  it.each([
    ['a field that is not declared', { spec: { qq: 2 } }, '.spec.qq: field not declared in schema'],
    [
      'a value of another type',
      { spec: { color: 5 } },
      '.spec.color: expected string, got &value.valueUnstructured{Value:5}',
    ],
  ])('is not applied with %s (refused)', async (_name, change, why) => {
    const body = { apiVersion: 'objects.test/v1', kind: 'Widget', metadata: { name: 'applied' }, ...change };
    const refused = await api.call('PATCH', `${path}/applied?fieldManager=me`, { body, contentType: apply });
    expect(refused).toMatchObject({
      code: 500,
      body: { message: `failed to create typed patch object (/applied; objects.test/v1, Kind=Widget): ${why}` },
    });
  });

  it('belongs to its maker with every part of it', async () => {
    const made = await create({ ...widget('objects.test'), metadata: { name: 'owned' } });
    expect(made.body.metadata.managedFields[0].fieldsV1).toEqual({
      'f:spec': { '.': {}, 'f:color': {}, 'f:replicas': {} },
    });
  });
});

describe('defaults of a changed schema', () => {
  it('show in objects that were stored before, and apply to later writes', async () => {
    const path = await define('later.test');
    await api.call('POST', path, { body: widget('later.test') });
    const size = { type: 'string', default: 'small' };
    const changed = { ...spec, properties: { ...spec.properties, size } };
    const schema = { openAPIV3Schema: { type: 'object', properties: { spec: changed, status } } };
    await api.call('PATCH', `${definitions}/widgets.later.test`, {
      body: { spec: { versions: [version('v1', { schema })] } },
      contentType: merge,
    });
    expect((await api.call('GET', `${path}/x`)).body.spec.size).toBe('small');
    expect((await api.call('GET', path)).body.items[0].spec.size).toBe('small');
    const store = api.cluster.store;
    expect(store.get(store.resource('later.test', 'widgets'), 'default', 'x')).toMatchObject({
      spec: { size: 'small' },
    });
  });
});

describe('versions', () => {
  it('have a schema, columns and subresources of their own', async () => {
    const beta = version('v1beta1', {
      subresources: undefined,
      additionalPrinterColumns: [{ name: 'Color', type: 'string', jsonPath: '.spec.color' }],
      selectableFields: [{ jsonPath: '.spec.color' }],
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { color: { type: 'string' } } } },
        },
      },
    });
    const path = await define('versions.test', { versions: [version('v1'), beta] });
    await api.call('POST', path, { body: widget('versions.test', { replicas: 3 }) });
    const old = pathOf('versions.test', 'v1beta1');
    const read = await api.call('GET', `${old}/x`);
    expect(read.body).toMatchObject({ apiVersion: 'versions.test/v1beta1', spec: { color: 'red' } });
    expect(read.body.spec).not.toHaveProperty('replicas');
    expect((await api.call('GET', `${old}/x/scale`)).code).toBe(404);
    const table = await api.call('GET', old, { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' });
    expect(table.body.rows[0].cells).toEqual(['x', 'red']);
    const selected = async (query: string) =>
      (await api.call('GET', `${old}?fieldSelector=spec.color%3D${query}`)).body.items;
    expect([await selected('red'), await selected('green')].map((items) => items.length)).toEqual([1, 0]);
    expect((await api.call('GET', `${path}?fieldSelector=spec.color%3Dred`)).code).toBe(400);
    const write = { ...read.body, spec: { color: 'green' } };
    expect((await api.call('PUT', `${old}/x`, { body: write })).body.apiVersion).toBe('versions.test/v1beta1');
    expect((await api.call('GET', `${path}/x`)).body).toMatchObject({
      apiVersion: 'versions.test/v1',
      spec: { color: 'green' },
    });
  });

  it('are gone when they are no longer served (refused)', async () => {
    const path = await define('unserved.test', { versions: [version('v1'), version('v2')] });
    const second = pathOf('unserved.test', 'v2');
    expect((await api.call('GET', second)).code).toBe(200);
    await api.call('PATCH', `${definitions}/widgets.unserved.test`, {
      body: { spec: { versions: [version('v1'), version('v2', { served: false })] } },
      contentType: merge,
    });
    expect([(await api.call('GET', second)).code, (await api.call('GET', path)).code]).toEqual([404, 200]);
  });
});

describe('the store inside', () => {
  it('prunes, fills in and refuses as requests do', async () => {
    await define('inside.test');
    const { store } = api.cluster;
    const resource = store.resource('inside.test', 'widgets');
    const made = store.create(
      resource,
      widget('inside.test', { zz: 1 }, { metadata: { name: 'x', namespace: 'default' } }),
    );
    expect(made.spec).toEqual({ color: 'red', replicas: 1 });
    const wrong = widget('inside.test', { color: 'blue' }, { metadata: { name: 'y', namespace: 'default' } });
    expect(() => store.create(resource, wrong)).toThrow('Unsupported value: "blue"');
  });
});
