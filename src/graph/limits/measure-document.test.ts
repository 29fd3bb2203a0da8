import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { assertWithinLimits, defaultDocumentLimits } from './document-limits.ts';
import { introspectionCost, measureDocument } from './measure-document.ts';

const schema = buildSchema(`
  type Query { pods(first: Int, last: Int): PodConnection pod: Pod nodes(ids: [ID!]!): [Node] }
  type PodConnection { nodes: [Pod!]! edges: [PodEdge!]! totalCount: Int }
  type PodEdge { cursor: String node: Pod }
  interface Node { id: ID! }
  type Pod implements Node { id: ID! name: String containers: [Container!]! pods(first: Int): PodConnection }
  type Container { name: String image: String }
`);

function measure(text: string, variables: Record<string, unknown> = {}) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return measureDocument(schema, document, operation, variables);
}

describe('measureDocument', () => {
  it.each([
    { name: 'a leaf', text: '{ pod { name } }', expected: { depth: 2, aliases: 0, directives: 0, cost: 2 } },
    {
      name: 'rows of a page',
      text: '{ pods(first: 10) { nodes { name } } }',
      expected: { depth: 3, aliases: 0, directives: 0, cost: 21 },
    },
    {
      name: 'the default page',
      text: '{ pods { nodes { name } } }',
      expected: { depth: 3, aliases: 0, directives: 0, cost: 101 },
    },
    {
      name: 'ids',
      text: '{ nodes(ids: ["a", "b", "c"]) { id } }',
      expected: { depth: 2, aliases: 0, directives: 0, cost: 4 },
    },
    {
      name: 'a list inside an object',
      text: '{ pod { containers { name image } } }',
      expected: { depth: 3, aliases: 0, directives: 0, cost: 8 },
    },
    {
      name: 'aliases and directives in fragments, each time they are used',
      text: '{ a: pod { ...F } b: pod { ...F } } fragment F on Pod { n: name @skip(if: false) }',
      expected: { depth: 2, aliases: 4, directives: 2, cost: 4 },
    },
    {
      name: 'inline fragments',
      text: '{ pod { ... on Pod @include(if: true) { name } } }',
      expected: { depth: 2, aliases: 0, directives: 1, cost: 2 },
    },
  ])('counts $name', ({ text, expected }) => {
    expect(measure(text)).toEqual(expected);
  });

  it('multiplies nested pages', () => {
    expect(measure('{ pods(first: 100) { nodes { pods(first: 100) { nodes { name } } } } }').cost).toBeGreaterThan(
      10_000,
    );
  });

  it('takes a size from its variable, and the largest where the variable is not a number', () => {
    const text = 'query ($n: Int) { pods(first: $n) { nodes { name } } }';
    expect(measure(text, { n: 3 }).cost).toBe(7);
    expect(measure(text, { n: '3' }).cost).toBe(2001);
  });

  it('takes the usual page for a variable that is not given, or its own default', () => {
    const rows = 'pods(first: $n) { nodes { name } }';
    expect(measure(`query ($n: Int) { ${rows} }`).cost).toBe(measure('{ pods { nodes { name } } }').cost);
    expect(measure(`query ($n: Int = 1000) { ${rows} }`).cost).toBe(2001);
    expect(measure(`query ($n: Int = 1000) { ${rows} }`, { n: 3 }).cost).toBe(7);
    expect(measure('query ($ids: [ID!]! = ["a", "b", "c"]) { nodes(ids: $ids) { id } }').cost).toBe(4);
  });

  it('walks a fragment once however often it is used: doubling per level stays linear', () => {
    const levels = Array.from(
      { length: 60 },
      (_, i) => `fragment F${i} on Pod { a: pods { nodes { ...F${i + 1} } } b: pods { nodes { ...F${i + 1} } } }`,
    );
    const started = performance.now();
    const result = measure(`{ pod { ...F0 } } ${levels.join(' ')} fragment F60 on Pod { name }`);
    expect(result.aliases).toBeGreaterThan(1e15);
    expect(performance.now() - started).toBeLessThan(500);
  });

  it('ends on fragments that go round in circles', () => {
    expect(measure('{ pod { ...A } } fragment A on Pod { name ...B } fragment B on Pod { ...A }').depth).toBe(2);
  });

  it('prices an introspection by itself, also under a fragment or an alias', () => {
    expect(measure('{ __schema { types { name } } }').cost).toBe(introspectionCost);
    expect(
      measure('{ x: __schema { types { name } } ...Q } fragment Q on Query { y: __schema { types { name } } }').cost,
    ).toBe(2 * introspectionCost);
  });

  it('is not fooled by a fragment that is called __schema', () => {
    expect(measure('{ ...__schema } fragment __schema on Query { pods(first: 1000) { nodes { name } } }').cost).toBe(
      2001,
    );
  });
});

describe('assertWithinLimits', () => {
  it.each([
    'depth',
    'aliases',
    'directives',
    'cost',
  ] as const)('lets the bound of %s pass and refuses one more', (name) => {
    const calm = { depth: 1, aliases: 0, directives: 0, cost: 1 };
    const limit = defaultDocumentLimits[name];
    expect(() => assertWithinLimits({ ...calm, [name]: limit }, defaultDocumentLimits)).not.toThrow();
    expect(() => assertWithinLimits({ ...calm, [name]: limit + 1 }, defaultDocumentLimits)).toThrow(
      `${name} must be at most ${limit}, got ${limit + 1}`,
    );
  });
});
