import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loopSlices } from '../../kernel/loop-slices.ts';
import { compactSchemas } from './compact-schemas.ts';
import { findProblems } from './find-problems.ts';
import { nearestName } from './nearest-name.ts';

const named = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const gvk = [{ group: 'acme.io', version: 'v1', kind: 'Widget' }];

async function schemaOf(spec: object, more: Record<string, object> = {}) {
  const widget = {
    type: 'object',
    'x-kubernetes-group-version-kind': gvk,
    properties: { metadata: { type: 'object' }, spec },
  };
  const { kinds } = await compactSchemas(
    { components: { schemas: { 'io.acme.Widget': widget, ...more } } },
    { group: 'acme.io', version: 'v1' },
    loopSlices,
  );
  const found = kinds.get('Widget');
  if (found === undefined) throw new Error('the kind is lost');
  return found;
}

async function told(spec: object, value: unknown, more: Record<string, object> = {}): Promise<string[]> {
  const problems = findProblems({ spec: value }, await schemaOf(spec, more), 100);
  return problems.map(({ path, code, isCertain }) =>
    `${path.slice(1).join('.')} ${code}${isCertain ? '' : ' (doubtful)'}`.trim(),
  );
}

const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });

describe('findProblems', () => {
  it.each<[string, object, unknown, string[]]>([
    ['a text', { type: 'string' }, 5, ['wrong_type']],
    ['a text that is given', { type: 'string' }, '5', []],
    ['a number for a whole number', { type: 'integer' }, 1.5, ['wrong_type']],
    ['a number beyond int32', { type: 'integer', format: 'int32' }, 2 ** 31, ['out_of_range']],
    ['a number beyond int64', { type: 'integer', format: 'int64' }, 2 ** 63, ['out_of_range']],
    ['a boolean', { type: 'boolean' }, 'true', ['wrong_type']],
    ['a list', { type: 'array', items: { type: 'string' } }, { a: 1 }, ['wrong_type']],
    [
      'entries of a list',
      { type: 'array', items: { type: 'string' } },
      ['a', 1, true],
      ['1 wrong_type', '2 wrong_type'],
    ],
    ['a mapping', object({}), [1], ['wrong_type']],
    [
      'values of a map',
      { type: 'object', additionalProperties: { type: 'string' } },
      { a: 1, b: 'x' },
      ['a wrong_type'],
    ],
    ['an object of which nothing is said', { type: 'object' }, { anything: { goes: [1] } }, []],
    [
      'an object that keeps what it does not know',
      object({ a: { type: 'string' } }, { 'x-kubernetes-preserve-unknown-fields': true }),
      { a: 5, b: 5 },
      ['a wrong_type'],
    ],
    ['an unknown field', object({ a: {} }), { b: 1 }, ['b unknown_field']],
    [
      'a name of JavaScript',
      object({ a: {} }),
      JSON.parse('{"__proto__": 1, "constructor": 2}'),
      ['__proto__ unknown_field', 'constructor unknown_field'],
    ],
    ['a missing field', object({ a: {} }, { required: ['a'] }), {}, ['a required (doubtful)']],
    [
      'null, which is left out',
      object({ a: { type: 'string' } }, { required: ['a'] }),
      { a: null },
      ['a required (doubtful)'],
    ],
    ['int-or-string', { 'x-kubernetes-int-or-string': true }, true, ['wrong_type']],
    ['a fraction for int-or-string', { 'x-kubernetes-int-or-string': true }, 7.5, ['wrong_type']],
    [
      'int-or-string as either',
      { type: 'array', items: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] } },
      [1, '25%'],
      [],
    ],
    ['an enum', { type: 'string', enum: ['A', 'B'] }, 'C', ['not_allowed (doubtful)']],
    ['a pattern', { type: 'string', pattern: '^[a-z]+$' }, 'A', ['pattern_mismatch (doubtful)']],
    ['a pattern that no linear matcher knows', { type: 'string', pattern: '(?=a)(a+)+$' }, `${'a'.repeat(60)}!`, []],
    ['lengths', { type: 'string', minLength: 2, maxLength: 3 }, '\u{1F600}', ['too_short (doubtful)']],
    ['counts', { type: 'array', maxItems: 1 }, [1, 2], ['too_many (doubtful)']],
    ['members', { type: 'object', additionalProperties: {}, minProperties: 1 }, {}, ['too_few (doubtful)']],
    ['bounds', { type: 'integer', minimum: 1 }, 0, ['too_small (doubtful)']],
    ['exclusive bounds', { type: 'number', maximum: 1, exclusiveMaximum: true }, 1, ['too_big (doubtful)']],
    ['multiples', { type: 'number', multipleOf: 0.1 }, 0.35, ['not_a_multiple (doubtful)']],
    ['base64', { type: 'string', format: 'byte' }, 'not base64', ['invalid_format']],
    ['a time', { type: 'string', format: 'date-time' }, 'yesterday', ['invalid_format (doubtful)']],
    [
      'an entry of a set twice',
      { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
      ['a', 'a'],
      ['1 duplicate_entry'],
    ],
  ])('tells %s', async (_name, schema, value, expected) => {
    expect(await told(schema, value)).toEqual(expected);
  });

  describe('of a list with keys', () => {
    const ports = (protocol: object) => ({
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: object({ port: { type: 'integer' }, protocol: { type: 'string', ...protocol } }),
    });

    it.each<[string, object, unknown, string[]]>([
      [
        'takes entries that differ in one key',
        {},
        [
          { port: 1, protocol: 'A' },
          { port: 1, protocol: 'B' },
        ],
        [],
      ],
      ['refuses entries that differ in none', {}, [{ port: 1 }, { port: 1 }], ['1 duplicate_entry']],
      ['refuses an entry without any key', {}, [{}], ['0.port required']],
      ['takes one whose key the cluster fills in', { default: 'TCP' }, [{}], []],
      ['refuses what is no mapping', {}, [null, 5], ['0 wrong_type', '1 wrong_type']],
    ])('%s', async (_name, protocol, value, expected) => {
      expect(await told(ports(protocol), value)).toEqual(expected);
    });
  });

  it('follows references, also to what contains itself', async () => {
    const tree = object({ name: { type: 'string' }, children: { type: 'array', items: named('Tree') } });
    const value = { name: 'a', children: [{ name: 'b', children: [{ name: 5, age: 1 }] }] };
    expect(await told({ allOf: [named('Tree')], default: {} }, value, { Tree: tree })).toEqual([
      'children.0.children.0.name wrong_type',
      'children.0.children.0.age unknown_field',
    ]);
  });

  it('knows amounts', async () => {
    const quantity = {
      'io.k8s.apimachinery.pkg.api.resource.Quantity': { oneOf: [{ type: 'string' }, { type: 'number' }] },
    };
    const spec = { type: 'object', additionalProperties: named('io.k8s.apimachinery.pkg.api.resource.Quantity') };
    expect(await told(spec, { a: '500m', b: 2, c: '2Gi', d: 'lots', e: {} }, quantity)).toEqual([
      'd invalid_quantity',
      'e wrong_type',
    ]);
  });

  it('never quotes a value, which may be a secret', async () => {
    const schema = await schemaOf(
      object({
        a: { type: 'integer' },
        b: { type: 'string', pattern: '^x$', maxLength: 2, enum: ['x'] },
        c: { type: 'array', 'x-kubernetes-list-type': 'set', items: {} },
      }),
    );
    const canary = 'canary-77';
    const problems = findProblems({ spec: { a: canary, b: canary, c: [canary, canary] } }, schema, 100);
    expect(problems.length).toBeGreaterThan(2);
    expect(JSON.stringify(problems)).not.toContain(canary);
  });

  it('stops at its limit, and never throws, whatever the value', async () => {
    const schema = await schemaOf(
      object({ a: { type: 'string' }, b: { type: 'array', items: { type: 'integer' } }, c: named('Self') }),
      { Self: object({ self: named('Self') }) },
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 5 }), (value, limit) => {
        expect(findProblems({ spec: value }, schema, limit).length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('nearestName', () => {
  it.each([
    ['replica', 'replicas'],
    ['imagepullpolicy', 'imagePullPolicy'],
    ['contianers', 'containers'],
    ['zzz', undefined],
    ['x', undefined],
  ])('of %s is %s', (written, meant) => {
    expect(nearestName(written, ['containers', 'replicas', 'imagePullPolicy'])).toBe(meant);
  });
});

describe('schemas that are out to hurt', () => {
  it('base64 of line ends takes the time of its length, not of its square', async () => {
    const schema = await schemaOf(object({ a: { type: 'string', format: 'byte' } }));
    // Of a pattern that goes back, this many would take hours.
    const problems = findProblems({ spec: { a: `${'\n'.repeat(2_000_000)}!` } }, schema, 9);
    expect(problems.map(({ code }) => code)).toEqual(['invalid_format']);
    expect(findProblems({ spec: { a: 'QUJD\r\nRA==\n' } }, schema, 9)).toEqual([]);
  });

  it('a list of allowed values counts for what it holds, and a huge one is left to the cluster', async () => {
    const bytesOf = async (count: number) => {
      const values = Array.from({ length: count }, (_, index) => `value-${index}`.padEnd(100, '.'));
      const { kinds, bytes } = await compactSchemas(
        {
          components: {
            schemas: {
              Widget: {
                type: 'object',
                'x-kubernetes-group-version-kind': gvk,
                properties: { metadata: { type: 'object' }, spec: { type: 'string', enum: values } },
              },
            },
          },
        },
        { group: 'acme.io', version: 'v1' },
        loopSlices,
      );
      const kind = kinds.get('Widget');
      if (!kind) throw new Error('the kind is lost');
      return { bytes, codes: findProblems({ spec: 'other' }, kind, 9).map(({ code }) => code) };
    };
    const [some, many] = [await bytesOf(1_000), await bytesOf(100_000)];
    expect(some.bytes).toBeGreaterThan(100_000);
    expect(some.codes).toEqual(['not_allowed']);
    expect(many.bytes).toBeLessThan(10_000);
    expect(many.codes).toEqual([]);
  });

  it('types that contain themselves are known all the way down, also where null is a value of them', async () => {
    const node = object({ name: { type: 'string' }, next: { ...named('Node'), nullable: true } });
    expect(await told(named('Node'), { next: { next: { name: 'a', other: 1 } } }, { Node: node })).toEqual([
      'next.next.other unknown_field',
    ]);
  });

  it('a chain of twenty thousand references ends', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 20_000 }, (_, index) => [
        `N${index}`,
        object({ next: { ...named(`N${index + 1}`), nullable: true } }),
      ]),
    );
    expect(await told(named('N0'), { next: { other: 1 } }, chain)).toEqual(['next.other unknown_field']);
  });
});
