import { buildSchema, getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { planSize } from './plan-size.ts';

const schema = buildSchema(`
  interface Thing { id: ID! owner: Thing }
  type Cat implements Thing { id: ID! owner: Thing name: String }
  type Dog implements Thing { id: ID! owner: Thing name: String }
  type Stone implements Thing { id: ID! owner: Thing }
  union Pet = Cat | Dog
  type Query { cat: Cat thing: Thing pet: Pet }
`);

function sizeOf(text: string, limit = 1_000): number {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return planSize(schema, document, operation, limit);
}

describe('planSize', () => {
  it.each([
    ['{ cat { id name } }', 3],
    ['{ thing { id } }', 1 + 3],
    ['{ pet { __typename } }', 1 + 2],
    ['{ pet { ... on Cat { name } } }', 1 + 1],
    ['{ pet { ... on Thing { id } } }', 1 + 2],
    ['{ thing { ... on Pet { __typename } } }', 1 + 2],
    ['{ thing { ... { id } ...F } } fragment F on Dog { name }', 1 + 3 + 1],
    ['{ thing { owner { owner { id } } } }', 1 + 3 * (1 + 3 * (1 + 3))],
  ])('counts the fields of %s for each type that they can be of', (text, size) => {
    expect(sizeOf(text)).toBe(size);
  });

  it('stops counting behind the limit', () => {
    const deep = `{ thing ${'{ owner '.repeat(40)}{ id }${' }'.repeat(40)} }`;
    expect(sizeOf(deep, 100)).toBe(101);
  });
});
