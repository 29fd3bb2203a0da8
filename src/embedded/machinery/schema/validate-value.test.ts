import { describe, expect, it } from 'vitest';
import { StructuralSchema } from './structural-schema.ts';
import { validateListTypes } from './validate-list-types.ts';
import { validateValue } from './validate-value.ts';

const branches = [{ required: ['a'] }, { required: ['b'] }];

/** The words are those of Kubernetes 1.36. */
describe('a value', () => {
  it.each([
    [{ type: 'string' }, 5, ['x: Invalid value: "integer": x in body must be of type string: "integer"']],
    [{ type: 'string' }, null, ['x: Invalid value: "null": x in body must be of type string: "null"']],
    [{ type: 'string', nullable: true }, null, []],
    [
      { type: 'integer' },
      1.5,
      [
        'x: Invalid value: "number": x in body must be of type integer: "number"',
        '<nil>: Invalid value: "": Checked value must be of type integer (default format) in x',
      ],
    ],
    [
      { type: 'integer', format: 'int32' },
      3_000_000_000,
      ['<nil>: Invalid value: "": Checked value must be of type integer with format int32 in x'],
    ],
    [
      { type: 'integer', format: 'int32' },
      1.5,
      [
        'x: Invalid value: "float64": x in body must be of type int32: "float64"',
        '<nil>: Invalid value: "": Checked value must be of type integer with format int32 in x',
      ],
    ],
    [{ type: 'number' }, 1, []],
    [{ 'x-kubernetes-int-or-string': true }, 'http', []],
    [
      { 'x-kubernetes-int-or-string': true },
      1.5,
      ['x: Invalid value: "number": x in body must be of type integer,string: "number"'],
    ],
    [{ type: 'string', maxLength: 4 }, 'abcde', ['x: Too long: may not be more than 4 bytes']],
    [{ type: 'string', minLength: 2 }, 'a', ['x: Invalid value: "a": x in body should be at least 2 chars long']],
    [{ type: 'string', maxLength: 2 }, '😀😀', []],
    [{ type: 'string', pattern: '^[a-z]+$' }, 'A', [`x: Invalid value: "A": x in body should match '^[a-z]+$'`]],
    [{ type: 'string', pattern: '(?i)^[a-z]+$' }, 'A', []],
    [
      { type: 'string', enum: ['red', 'green'] },
      'blue',
      ['x: Unsupported value: "blue": supported values: "red", "green"'],
    ],
    [{ type: 'integer', maximum: 10 }, 11, ['x: Invalid value: 11: x in body should be less than or equal to 10']],
    [
      { type: 'integer', minimum: 0, exclusiveMinimum: true },
      0,
      ['x: Invalid value: 0: x in body should be greater than 0'],
    ],
    [{ type: 'number', multipleOf: 0.5 }, 0.3, ['x: Invalid value: 0.3: x in body should be a multiple of 0.5']],
    [{ type: 'number', multipleOf: 0.5 }, 2.5, []],
    [
      { type: 'array', minItems: 1, items: { type: 'string' } },
      [],
      ['x: Invalid value: 0: x in body should have at least 1 items'],
    ],
    [
      { type: 'array', maxItems: 1, items: { type: 'string' } },
      ['a', 'b'],
      ['x: Too many: 2: must have at most 1 item'],
    ],
    [
      { type: 'array', items: { type: 'string' } },
      [1],
      ['x[0]: Invalid value: "integer": x[0] in body must be of type string: "integer"'],
    ],
    [{ type: 'object', minProperties: 1 }, {}, ['x: Invalid value: 0: x in body should have at least 1 properties']],
    [{ type: 'object', maxProperties: 1 }, { a: 1, b: 2 }, ['x: Too many: 2: must have at most 1 item']],
    [{ type: 'object', required: ['a'] }, {}, ['x.a: Required value']],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      { a: 1 },
      ['x.a: Invalid value: "integer": x.a in body must be of type string: "integer"'],
    ],
    [
      { type: 'object', anyOf: branches },
      {},
      ['<nil>: Invalid value: "": "x" must validate at least one schema (anyOf)', 'x.a: Required value'],
    ],
    [
      { type: 'object', oneOf: branches },
      {},
      [
        '<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found none valid',
        'x.a: Required value',
      ],
    ],
    [
      { type: 'object', oneOf: branches },
      { a: 1, b: 1 },
      ['<nil>: Invalid value: "": "x" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
    ],
    [{ type: 'object', oneOf: branches }, { b: 1 }, []],
    [
      { type: 'object', allOf: branches },
      { a: 1 },
      ['x.b: Required value', '<nil>: Invalid value: "": "x" must validate all the schemas (allOf)'],
    ],
    [
      { type: 'object', allOf: branches },
      {},
      [
        'x.a: Required value',
        'x.b: Required value',
        '<nil>: Invalid value: "": "x" must validate all the schemas (allOf). None validated',
      ],
    ],
    [
      { type: 'object', not: { required: ['a'] } },
      { a: 1 },
      ['<nil>: Invalid value: "": "x" must not validate the schema (not)'],
    ],
    [{ type: 'string', format: 'ipv4' }, '1.2', ['x: Invalid value: "1.2": x in body must be of type ipv4: "1.2"']],
    [{ type: 'string', format: 'nobody-checks-this' }, 'anything', []],
  ])('of %j is judged: %j', (schema, value, problems) => {
    const root = new StructuralSchema({ type: 'object', properties: { x: schema } });
    expect(validateValue({ x: value }, root).map(({ field, message }) => `${field}: ${message}`)).toEqual(problems);
  });

  it('is told of below the field it stands at', () => {
    const schema = new StructuralSchema({ type: 'object', properties: { phase: { type: 'string', enum: ['A'] } } });
    expect(validateValue({ phase: 'B' }, schema, { prefix: 'status' })).toMatchObject([{ field: 'status.phase' }]);
    expect(validateValue(5, schema, { prefix: 'status' })).toMatchObject([{ field: 'status' }]);
  });
});

describe('an unchanged value', () => {
  const item = { type: 'object', properties: { id: { type: 'string' }, size: { type: 'integer', maximum: 1 } } };
  const keyed = { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['id'], items: item };
  const schema = (list: object): StructuralSchema =>
    new StructuralSchema({ type: 'object', properties: { a: { type: 'string', maxLength: 1 }, list } });
  const fieldsOf = (value: unknown, old: unknown, list: object = keyed): string[] =>
    validateValue(value, schema(list), { old }).map(({ field }) => field);

  it('is not refused for what it was before', () => {
    expect(fieldsOf({ a: 'long', b: 1 }, { a: 'long' })).toEqual([]);
  });

  it('is refused when it changes (refused)', () => {
    expect(fieldsOf({ a: 'longer' }, { a: 'long' })).toEqual(['a']);
  });

  it('is found by its key in a keyed list, wherever it moved', () => {
    const old = { list: [{ id: 'a', size: 5 }] };
    expect(
      fieldsOf(
        {
          list: [
            { id: 'b', size: 1 },
            { id: 'a', size: 5 },
          ],
        },
        old,
      ),
    ).toEqual([]);
  });

  it('is found in long lists without comparing each item with each', () => {
    const list = Array.from({ length: 20_000 }, (_, id) => ({ id: String(id), size: 5 }));
    const began = performance.now();
    expect(fieldsOf({ list: list.toReversed() }, { list })).toEqual([]);
    expect(fieldsOf({ list }, {})).toHaveLength(list.length);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('is not found in other lists (refused)', () => {
    const old = { list: [{ id: 'a', size: 5 }] };
    expect(fieldsOf({ list: [{ id: 'a', size: 5 }, { id: 'b' }] }, old, { type: 'array', items: item })).toEqual([
      'list[0].size',
    ]);
  });
});

describe('a format', () => {
  it.each([
    ['uri', ['https://a.b/c', '/path'], ['a', 'http://a b/']],
    ['email', ['a@b.c', 'A <a@b.c>'], ['a', 'a@']],
    ['hostname', ['example.com', 'a1'], ['-a', 'a b']],
    ['ipv4', ['1.2.3.4', '01.2.3.4'], ['1.2.3', '::1']],
    ['ipv6', ['::1', 'fe80::1'], ['1.2.3.4', 'x']],
    ['cidr', ['10.0.0.0/8', '::/0'], ['10.0.0.0', '10.0.0.0/33']],
    ['mac', ['01:02:03:04:05:06', '0102.0304.0506'], ['01:02', 'x']],
    ['uuid', ['123e4567-e89b-12d3-a456-426614174000'], ['123']],
    ['byte', ['aGk='], ['a', '']],
    ['date', ['2024-02-29'], ['2023-02-29', 'x']],
    ['date-time', ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00.5+01:00'], ['2024-01-01', 'x']],
    ['duration', ['1h30m', '22 ns', '2 days'], ['x', '1x']],
    ['isbn10', ['0321751043'], ['0321751044']],
    ['isbn13', ['978-0321751041'], ['978-0321751042']],
    ['creditcard', ['4111 1111 1111 1111'], ['4111']],
    ['hexcolor', ['#fff', 'a1b2c3'], ['#ffff']],
    ['rgbcolor', ['rgb(1,2,3)'], ['rgb(1,2,999)']],
    ['ssn', ['111-11-1111'], ['111']],
    ['k8s-short-name', ['a-b'], ['A', 'a.b']],
    ['k8s-long-name', ['a.b-c'], ['a..b']],
  ])('%s takes %j and not %j', (format, good, bad) => {
    const schema = new StructuralSchema({ type: 'string', format });
    expect(good.filter((value) => validateValue(value, schema).length > 0)).toEqual([]);
    expect(bad.filter((value) => validateValue(value, schema).length === 0)).toEqual([]);
  });
});

describe('a list', () => {
  const typed = (type: string, rest: object = {}): StructuralSchema =>
    new StructuralSchema({
      type: 'object',
      properties: { list: { type: 'array', 'x-kubernetes-list-type': type, items: {}, ...rest } },
    });
  const keys = { 'x-kubernetes-list-map-keys': ['port', 'protocol'] };

  it.each([
    ['set', {}, ['a', 'b', 'a', 'a'], ['list[2]: Duplicate value: "a"']],
    ['set', {}, ['a', 'b'], []],
    [
      'map',
      { 'x-kubernetes-list-map-keys': ['name'] },
      [{ name: 'a' }, { name: 'a' }],
      ['list[1]: Duplicate value: {"name":"a"}'],
    ],
    [
      'map',
      keys,
      [
        { port: 1, protocol: 'TCP' },
        { port: 1, protocol: 'UDP' },
      ],
      [],
    ],
    [
      'map',
      keys,
      [
        { port: 1, protocol: 'T' },
        { protocol: 'T', port: 1 },
      ],
      ['list[1]: Duplicate value: {"port":1,"protocol":"T"}'],
    ],
    ['map', keys, ['a'], ['list[0]: Invalid value: "a": must be an object for an array of list-type map']],
    ['atomic', {}, ['a', 'a'], []],
  ])('of type %s %j is judged: %j', (type, rest, list, problems) => {
    const found = validateListTypes({ list }, typed(type, rest));
    expect(found.map(({ field, message }) => `${field}: ${message}`)).toEqual(problems);
  });
});
