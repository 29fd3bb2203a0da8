import { getOperationAST, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { selectedVariables } from './selected-variables.ts';

describe('selectedVariables', () => {
  it.each<[string, string[]]>([
    ['subscription ($f: F) { changes(filter: $f) { pod { name } } }', []],
    ['subscription ($f: F, $on: Boolean!) { changes(filter: $f) { pod { name @include(if: $on) } } }', ['on']],
    ['subscription ($n: Int) { changes { pod { events(first: $n) { id } } } }', ['n']],
    ['subscription ($b: Int, $a: Int) { changes { x(n: $b) y(n: $a) } }', ['a', 'b']],
    ['subscription ($n: Int) { changes { ...F } } fragment F on M { pod { x(n: $n) } }', ['n']],
    ['subscription ($f: F, $n: Int) { ...R } fragment R on S { changes(filter: $f) { x(n: $n) } }', ['n']],
    ['subscription ($f: F, $on: Boolean!) { ... @include(if: $on) { changes(filter: $f) { id } } }', ['on']],
    ['subscription ($on: Boolean!) { changes @skip(if: $on) { id } }', ['on']],
    ['subscription ($v: Int) { changes { pod { x(filter: { list: [{ n: $v }] }) } } }', ['v']],
  ])('finds in %s the variables %j', (text, names) => {
    const document = parse(text);
    const operation = getOperationAST(document);
    expect(operation && selectedVariables(document, operation)).toEqual(names);
  });
});
