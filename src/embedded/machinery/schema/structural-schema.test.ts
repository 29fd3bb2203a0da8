import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cloneJson, type JsonObject } from '../json.ts';
import { applyDefaults, dropUnwantedNulls } from './default-values.ts';
import { pruneUnknown } from './prune-unknown.ts';
import { StructuralSchema } from './structural-schema.ts';
import { validateValue } from './validate-value.ts';

const names = fc.constantFrom('a', 'b', 'c', 'metadata', '__proto__');

const { schemas } = fc.letrec<{ schemas: JsonObject }>((tie) => ({
  schemas: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.record({ type: fc.constant('string'), nullable: fc.boolean(), default: fc.constantFrom('x', undefined) }),
    fc.record({ type: fc.constant('integer'), default: fc.constantFrom(1, undefined) }),
    fc.record({ 'x-kubernetes-int-or-string': fc.constant(true) }),
    fc.record({ type: fc.constant('array'), items: tie('schemas') }),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('schemas') }),
    fc.record({ type: fc.constant('object'), 'x-kubernetes-preserve-unknown-fields': fc.constant(true) }),
    fc.record({
      type: fc.constant('object'),
      nullable: fc.boolean(),
      default: fc.constantFrom({}, undefined),
      properties: fc.dictionary(names, tie('schemas'), { maxKeys: 3 }),
    }),
  ) as fc.Arbitrary<JsonObject>,
}));
const values = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.dictionary(names, fc.jsonValue({ maxDepth: 3 })),
) as fc.Arbitrary<unknown>;

const copy = (value: unknown): unknown => cloneJson(value);

describe('pruning', () => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(schemas, values, fc.boolean(), (json, value, isRoot) => {
        const schema = new StructuralSchema(json);
        const once = copy(value);
        pruneUnknown(once, schema, isRoot);
        const twice = copy(once);
        expect(pruneUnknown(twice, schema, isRoot)).toEqual([]);
        expect(twice).toEqual(once);
      }),
    );
  });

  it.each([
    {
      name: 'takes unknown fields at every depth',
      value: { spec: { x: 1, list: [{ x: 1 }] }, x: 1 },
      kept: { spec: { list: [{}] } },
      unknown: ['spec.list[0].x', 'spec.x', 'x'],
    },
    {
      name: 'leaves apiVersion, kind and metadata alone',
      value: { apiVersion: 'v1', kind: 'A', metadata: { x: 1 } },
      kept: { apiVersion: 'v1', kind: 'A', metadata: { x: 1 } },
      unknown: [],
    },
    {
      name: 'preserves where it is told to, and prunes again below',
      value: { spec: { free: { x: 1, known: { x: 1 } } } },
      kept: { spec: { free: { x: 1, known: {} } } },
      unknown: ['spec.free.known.x'],
    },
    {
      name: 'keeps every key of a map',
      value: { spec: { map: { a: { x: 1 }, b: {} } } },
      kept: { spec: { map: { a: {}, b: {} } } },
      unknown: ['spec.map.a.x'],
    },
  ])('$name', ({ value, kept, unknown }) => {
    const bare = { type: 'object', properties: {} };
    const schema = new StructuralSchema({
      type: 'object',
      properties: {
        spec: {
          type: 'object',
          properties: {
            list: { type: 'array', items: { type: 'object' } },
            free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: bare } },
            map: { type: 'object', additionalProperties: { type: 'object' } },
          },
        },
      },
    });
    const pruned = cloneJson(value);
    expect(pruneUnknown(pruned, schema, true)).toEqual(unknown);
    expect(pruned).toEqual(kept);
  });
});

describe('defaults', () => {
  it('change nothing the second time', () => {
    fc.assert(
      fc.property(schemas, values, (json, value) => {
        const schema = new StructuralSchema(json);
        const once = copy(value);
        applyDefaults(once, schema);
        const twice = copy(once);
        applyDefaults(twice, schema);
        expect(twice).toEqual(once);
      }),
    );
  });

  it('keep what was valid valid, together with pruning', () => {
    fc.assert(
      fc.property(schemas, values, (json, value) => {
        const schema = new StructuralSchema(json);
        fc.pre(validateValue(value, schema).length === 0);
        const decoded = copy(value);
        pruneUnknown(decoded, schema, false);
        dropUnwantedNulls(decoded, schema);
        applyDefaults(decoded, schema);
        expect(validateValue(decoded, schema)).toEqual([]);
      }),
    );
  });

  it('fill in what is missing, replace nulls that are not allowed and keep those that are', () => {
    const schema = new StructuralSchema({
      type: 'object',
      properties: {
        missing: { type: 'string', default: 'x' },
        forbidden: { type: 'string', default: 'x' },
        allowed: { type: 'string', default: 'x', nullable: true },
        dropped: { type: 'string' },
        items: { type: 'array', items: { type: 'object', properties: { size: { type: 'integer', default: 5 } } } },
      },
    });
    const object: JsonObject = { forbidden: null, allowed: null, dropped: null, items: [{}] };
    dropUnwantedNulls(object, schema);
    applyDefaults(object, schema);
    expect(object).toEqual({ missing: 'x', forbidden: 'x', allowed: null, items: [{ size: 5 }] });
  });
});
