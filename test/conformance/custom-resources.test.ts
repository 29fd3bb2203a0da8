import { expect } from 'vitest';
import { causesOf } from './support/causes-of.ts';
import type { Answer } from './support/cluster-client.ts';
import { conformanceArea } from './support/conformance-area.ts';
import { eventually } from './support/eventually.ts';
import type { Json } from './support/json.ts';
import { definitions, objectOf, serveKind, versionWith } from './support/serve-kind.ts';

const { conformanceCase } = conformanceArea('custom resources');

const page = 'tasks/extend-kubernetes/custom-resources/custom-resource-definitions';
const tableForm = 'application/json;as=Table;g=meta.k8s.io;v=v1';
const warningsOf = ({ headers }: Answer): string => String(headers.warning ?? '');

conformanceCase(
  { title: 'prunes fields of custom resources that no schema names', source: `${page}: field pruning` },
  async (t) => {
    const kind = await serveKind(t, 'Pruned', versionWith(objectOf({ known: { type: 'string' } })));
    const { status, body } = await kind.create({ known: 'a', unknown: 'b', nested: { x: 1 } });
    expect(status).toBe(201);
    expect(body.spec).toEqual({ known: 'a' });
  },
);

conformanceCase(
  {
    title: 'tells who writes unknown fields of a custom resource, or refuses the strict',
    source: 'KEP-2885 server side unknown field validation',
  },
  async (t) => {
    const kind = await serveKind(t, 'Strictly', versionWith(objectOf({ known: { type: 'string' } })));
    const warned = await kind.create({ known: 'a', extra: 1 }, { fieldValidation: 'Warn' });
    expect(warned.status).toBe(201);
    expect(warningsOf(warned)).toContain('unknown field \\"spec.extra\\"');
    const strict = await kind.create({ known: 'a', extra: 1 }, { fieldValidation: 'Strict' });
    expect(strict).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
    expect(strict.body.message).toContain('strict decoding error: unknown field "spec.extra"');
    expect(warningsOf(await kind.create({ known: 'a', extra: 1 }, { fieldValidation: 'Ignore' }))).toBe('');
  },
);

conformanceCase(
  {
    title: 'keeps unknown fields where the schema preserves them, and prunes below what it names there',
    source: `${page}: controlling pruning`,
  },
  async (t) => {
    const free = {
      type: 'object',
      'x-kubernetes-preserve-unknown-fields': true,
      properties: { named: objectOf({ a: { type: 'string' } }) },
    };
    const kind = await serveKind(t, 'Preserved', versionWith(objectOf({ free })));
    const { body } = await kind.create({
      free: { anything: [1, { b: null }], named: { a: 'x', gone: true } },
      lost: 1,
    });
    expect(body.spec).toEqual({ free: { anything: [1, { b: null }], named: { a: 'x' } } });
  },
);

conformanceCase(
  {
    title: 'checks an embedded resource for its kind, version and metadata',
    source: `${page}: RawExtension, x-kubernetes-embedded-resource`,
  },
  async (t) => {
    const template = {
      type: 'object',
      'x-kubernetes-embedded-resource': true,
      'x-kubernetes-preserve-unknown-fields': true,
    };
    const kind = await serveKind(t, 'Embedding', versionWith(objectOf({ template })));
    const inner = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'inner', unknownOfMetadata: 1 }, spec: { a: 1 } };
    const made = await kind.create({ template: inner });
    expect(made.body.spec.template).toEqual({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'inner' },
      spec: { a: 1 },
    });
    const bare = await kind.create({ template: { spec: {} } });
    expect(bare.status).toBe(422);
    expect(causesOf(bare).sort()).toEqual([
      'spec.template.apiVersion: Required value',
      'spec.template.kind: Required value',
    ]);
  },
);

// Defaults and nulls.

conformanceCase(
  { title: 'fills in defaults of a schema when an object is written', source: `${page}: defaulting` },
  async (t) => {
    const spec = objectOf({
      size: { type: 'integer', default: 3 },
      nested: objectOf({ mode: { type: 'string', default: 'auto' } }),
      made: { ...objectOf({ a: { type: 'string', default: 'x' } }), default: {} },
      list: { type: 'array', items: objectOf({ weight: { type: 'integer', default: 1 } }) },
    });
    const kind = await serveKind(t, 'Defaulted', versionWith(spec));
    expect((await kind.create({ list: [{}, { weight: 5 }] })).body.spec).toEqual({
      size: 3,
      made: { a: 'x' },
      list: [{ weight: 1 }, { weight: 5 }],
    });
    expect((await kind.create({ nested: {} })).body.spec.nested).toEqual({ mode: 'auto' });
  },
);

conformanceCase(
  {
    title: 'shows a new default in objects that were stored before it',
    source: `${page}: defaulting happens when reading from storage`,
  },
  async (t) => {
    const kind = await serveKind(t, 'Later', versionWith(objectOf({ a: { type: 'string' } })));
    await kind.create({ a: 'x' });
    await t.api.change(`${definitions}/${kind.plural}.${kind.group}`, (definition) => {
      definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.b = {
        type: 'string',
        default: 'new',
      };
    });
    await eventually(async () => expect((await t.api.get(kind.at('x1'))).body.spec).toEqual({ a: 'x', b: 'new' }));
  },
);

conformanceCase(
  {
    title: 'keeps null where it is nullable, and takes it for absent where there is a default',
    source: `${page}: defaulting and nullable`,
  },
  async (t) => {
    const spec = objectOf({
      nullable: { type: 'string', nullable: true },
      nullableDefault: { type: 'string', nullable: true, default: 'd' },
      defaulted: { type: 'string', default: 'd' },
    });
    const kind = await serveKind(t, 'Nulls', versionWith(spec));
    const { body } = await kind.create({ nullable: null, nullableDefault: null, defaulted: null });
    expect(body.spec).toEqual({ nullable: null, nullableDefault: null, defaulted: 'd' });
    expect((await kind.create({ nullable: 5 })).status).toBe(422);
  },
);

// Validation.

const rows: readonly [word: string, schema: Json, right: unknown, wrong: unknown, message: string][] = [
  [
    'type',
    { type: 'integer' },
    1,
    'one',
    'spec.v: Invalid value: "string": spec.v in body must be of type integer: "string"',
  ],
  [
    'enum',
    { type: 'string', enum: ['a', 'b'] },
    'a',
    'c',
    'spec.v: Unsupported value: "c": supported values: "a", "b"',
  ],
  [
    'minimum',
    { type: 'integer', minimum: 2 },
    2,
    1,
    'spec.v: Invalid value: 1: spec.v in body should be greater than or equal to 2',
  ],
  [
    'exclusiveMaximum',
    { type: 'integer', maximum: 2, exclusiveMaximum: true },
    1,
    2,
    'spec.v: Invalid value: 2: spec.v in body should be less than 2',
  ],
  [
    'multipleOf',
    { type: 'integer', multipleOf: 5 },
    10,
    11,
    'spec.v: Invalid value: 11: spec.v in body should be a multiple of 5',
  ],
  ['maxLength', { type: 'string', maxLength: 2 }, 'ab', 'abc', 'spec.v: Too long: may not be more than 2 bytes'],
  [
    'minLength',
    { type: 'string', minLength: 2 },
    'ab',
    'a',
    'spec.v: Invalid value: "a": spec.v in body should be at least 2 chars long',
  ],
  [
    'pattern',
    { type: 'string', pattern: '^a+$' },
    'aa',
    'b',
    'spec.v: Invalid value: "b": spec.v in body should match \'^a+$\'',
  ],
  [
    'maxItems',
    { type: 'array', maxItems: 1, items: { type: 'string' } },
    ['a'],
    ['a', 'b'],
    'spec.v: Too many: 2: must have at most 1 item',
  ],
  [
    'minItems',
    { type: 'array', minItems: 1, items: { type: 'string' } },
    ['a'],
    [],
    'spec.v: Invalid value: 0: spec.v in body should have at least 1 items',
  ],
  [
    'maxProperties',
    { type: 'object', maxProperties: 1, additionalProperties: { type: 'string' } },
    { a: 'x' },
    { a: 'x', b: 'y' },
    'spec.v: Too many: 2: must have at most 1 item',
  ],
  [
    'required',
    { type: 'object', required: ['a'], properties: { a: { type: 'string' } } },
    { a: 'x' },
    {},
    'spec.v.a: Required value',
  ],
  [
    'a date-time',
    { type: 'string', format: 'date-time' },
    '2026-01-02T03:04:05Z',
    'yesterday',
    'spec.v: Invalid value: "yesterday": spec.v in body must be of type date-time: "yesterday"',
  ],
  [
    'an ipv4',
    { type: 'string', format: 'ipv4' },
    '10.0.0.1',
    '10.0.0',
    'spec.v: Invalid value: "10.0.0": spec.v in body must be of type ipv4: "10.0.0"',
  ],
  [
    'an int32',
    { type: 'integer', format: 'int32' },
    5,
    2 ** 40,
    '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in spec.v',
  ],
];

for (const [word, schema, right, wrong, message] of rows) {
  conformanceCase({ title: `refuses what breaks ${word} in a schema`, source: `${page}: validation` }, async (t) => {
    const kind = await serveKind(t, 'Checked', versionWith(objectOf({ v: schema })));
    expect((await kind.create({ v: right })).status).toBe(201);
    const refused = await kind.create({ v: wrong });
    expect(refused).toMatchObject({ status: 422, body: { reason: 'Invalid', details: { kind: 'Checked' } } });
    expect(causesOf(refused)).toEqual([message]);
  });
}

conformanceCase(
  {
    title: 'takes a number or text where the schema says int-or-string (and nothing else)',
    source: `${page}: IntOrString`,
  },
  async (t) => {
    const kind = await serveKind(t, 'Either', versionWith(objectOf({ v: { 'x-kubernetes-int-or-string': true } })));
    expect((await kind.create({ v: 80 })).body.spec.v).toBe(80);
    expect((await kind.create({ v: '50%' })).body.spec.v).toBe('50%');
    expect(causesOf(await kind.create({ v: true }))).toEqual([
      'spec.v: Invalid value: "boolean": spec.v in body must be of type integer,string: "boolean"',
    ]);
  },
);

conformanceCase(
  { title: 'holds an object to one of several schemas', source: `${page}: oneOf, anyOf, allOf, not` },
  async (t) => {
    const spec = objectOf(
      { a: { type: 'string' }, b: { type: 'string' } },
      { oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    );
    const kind = await serveKind(t, 'OneOf', versionWith(spec));
    expect((await kind.create({ a: 'x' })).status).toBe(201);
    const both = await kind.create({ a: 'x', b: 'y' });
    expect(both.status).toBe(422);
    expect(causesOf(both).join()).toContain(
      '"spec" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    );
  },
);

conformanceCase(
  { title: 'lets unchanged values be that a new schema would refuse', source: 'KEP-4008 CRD validation ratcheting' },
  async (t) => {
    const kind = await serveKind(t, 'Ratchet', versionWith(objectOf({ a: { type: 'string' }, b: { type: 'string' } })));
    await kind.create({ a: 'long text', b: 'x' });
    await t.api.change(`${definitions}/${kind.plural}.${kind.group}`, (definition) => {
      definition.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties.a.maxLength = 3;
    });
    await eventually(async () => expect((await kind.create({ a: 'long text' }, { dryRun: 'All' })).status).toBe(422));
    expect((await t.api.patch('merge', kind.at('x1'), { spec: { b: 'y' } })).status).toBe(200);
    expect((await t.api.patch('merge', kind.at('x1'), { spec: { a: 'other text' } })).status).toBe(422);
  },
);

conformanceCase(
  { title: 'refuses duplicates in lists of type set and map', source: 'Server-side apply: merge strategy, listType' },
  async (t) => {
    const spec = objectOf({
      tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
      ports: {
        type: 'array',
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['port'],
        items: objectOf({ port: { type: 'integer' }, name: { type: 'string' } }, { required: ['port'] }),
      },
    });
    const kind = await serveKind(t, 'Listed', versionWith(spec));
    expect(causesOf(await kind.create({ tags: ['a', 'b', 'a'] }))).toEqual(['spec.tags[2]: Duplicate value: "a"']);
    expect(causesOf(await kind.create({ ports: [{ port: 1 }, { port: 1 }] }))).toEqual([
      'spec.ports[1]: Duplicate value: {"port":1}',
    ]);
  },
);

// Subresources.

const statusSchema = {
  status: objectOf({
    replicas: { type: 'integer' },
    selector: { type: 'string' },
    phase: { type: 'string', enum: ['Up', 'Down'] },
  }),
};
const scaled = {
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  },
};

conformanceCase(
  { title: 'keeps spec and status of custom resources apart', source: `${page}: status subresource` },
  async (t) => {
    const kind = await serveKind(
      t,
      'Parted',
      versionWith(objectOf({ a: { type: 'string' } }), { subresources: { status: {} } }, statusSchema),
    );
    const made = await kind.create({ a: 'x' }, {}, { status: { phase: 'Up' } });
    expect(made.body.status).toBeUndefined();
    expect(made.body.metadata.generation).toBe(1);
    const told = await t.api.patch('merge', `${kind.at('x1')}/status`, {
      status: { phase: 'Up' },
      spec: { a: 'ignored' },
    });
    expect(told.body).toMatchObject({ spec: { a: 'x' }, status: { phase: 'Up' }, metadata: { generation: 1 } });
    const changed = await t.api.patch('merge', kind.at('x1'), { spec: { a: 'y' }, status: { phase: 'Down' } });
    expect(changed.body).toMatchObject({ spec: { a: 'y' }, status: { phase: 'Up' }, metadata: { generation: 2 } });
    const wrong = await t.api.patch('merge', `${kind.at('x1')}/status`, { status: { phase: 'Sideways' } });
    expect(causesOf(wrong)).toEqual(['status.phase: Unsupported value: "Sideways": supported values: "Up", "Down"']);
  },
);

conformanceCase(
  {
    title: 'has no status of its own to write without the subresource (refused)',
    source: `${page}: status subresource`,
  },
  async (t) => {
    const kind = await serveKind(t, 'Whole', versionWith(objectOf({ a: { type: 'string' } }), {}, statusSchema));
    expect((await kind.create({ a: 'x' }, {}, { status: { phase: 'Up' } })).body.status).toEqual({ phase: 'Up' });
    expect((await t.api.get(`${kind.at('x1')}/status`)).status).toBe(404);
    expect((await t.api.patch('merge', kind.at('x1'), { status: { phase: 'Down' } })).body.metadata.generation).toBe(2);
  },
);

conformanceCase(
  { title: 'scales a custom resource through its paths', source: `${page}: scale subresource` },
  async (t) => {
    const kind = await serveKind(
      t,
      'Scaled',
      versionWith(objectOf({ replicas: { type: 'integer' } }), scaled, statusSchema),
    );
    await kind.create({ replicas: 2 });
    await t.api.patch('merge', `${kind.at('x1')}/status`, { status: { replicas: 1, selector: 'app=x' } });
    const { body: scale } = await t.api.get(`${kind.at('x1')}/scale`);
    expect(scale).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      metadata: { name: 'x1', namespace: kind.namespace },
      spec: { replicas: 2 },
      status: { replicas: 1, selector: 'app=x' },
    });
    expect((await t.api.update(`${kind.at('x1')}/scale`, { ...scale, spec: { replicas: 5 } })).status).toBe(200);
    expect((await t.api.get(kind.at('x1'))).body).toMatchObject({ spec: { replicas: 5 }, metadata: { generation: 2 } });
    const negative = await t.api.patch('merge', `${kind.at('x1')}/scale`, { spec: { replicas: -1 } });
    expect(negative.status).toBe(422);
  },
);

// Tables, selectors.

conformanceCase(
  { title: 'prints the columns that a definition asks for', source: `${page}: additional printer columns` },
  async (t) => {
    const columns = [
      { name: 'Color', type: 'string', jsonPath: '.spec.color', description: 'What it looks like.' },
      { name: 'Count', type: 'integer', jsonPath: '.spec.count', priority: 1 },
      { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    ];
    const kind = await serveKind(
      t,
      'Printed',
      versionWith(objectOf({ color: { type: 'string' }, count: { type: 'integer' } }), {
        additionalPrinterColumns: columns,
      }),
    );
    await kind.create({ color: 'red', count: 3 });
    const { body } = await t.api.call('GET', kind.at('x1'), { accept: tableForm });
    expect(body.columnDefinitions.map(({ name, type, priority }: Json) => [name, type, priority])).toEqual([
      ['Name', 'string', 0],
      ['Color', 'string', 0],
      ['Count', 'integer', 1],
      ['Age', 'date', 0],
    ]);
    expect(body.columnDefinitions[1].description).toBe('What it looks like.');
    expect(body.rows[0].cells.slice(0, 3)).toEqual(['x1', 'red', 3]);
  },
);

conformanceCase(
  {
    title: 'prints name and age where a definition asks for no columns',
    source: `${page}: additional printer columns`,
  },
  async (t) => {
    const kind = await serveKind(t, 'Unprinted', versionWith(objectOf({})));
    await kind.create({});
    const { body } = await t.api.call('GET', kind.path(kind.namespace), { accept: tableForm });
    expect(body.columnDefinitions.map(({ name }: Json) => name)).toEqual(['Name', 'Age']);
    expect(body.rows[0].cells[0]).toBe('x1');
  },
);

conformanceCase(
  {
    title: 'selects custom resources by the fields that a definition names',
    source: 'KEP-4358 custom resource field selectors',
  },
  async (t) => {
    const kind = await serveKind(
      t,
      'Selected',
      versionWith(objectOf({ color: { type: 'string' }, size: { type: 'integer' } }), {
        selectableFields: [{ jsonPath: '.spec.color' }],
      }),
    );
    await kind.create({ color: 'red' });
    await kind.create({ color: 'blue' });
    const { body } = await t.api.get(kind.path(kind.namespace), { fieldSelector: 'spec.color=blue' });
    expect(body.items.map((item: Json) => item.metadata.name)).toEqual(['x2']);
    const other = await t.api.get(kind.path(kind.namespace), { fieldSelector: 'spec.size=1' });
    expect(other).toMatchObject({ status: 400, body: { reason: 'BadRequest' } });
  },
);
