import { buildSchema, graphqlSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { withoutGivenValues } from './without-given-values.ts';

const schema = buildSchema(`
  input Apply { cluster: String!, manifest: String, replicas: Int, kind: Kind }
  enum Kind { A B }
  type Query { apply(input: Apply!): Boolean }
`);
const withVariable = 'query ($input: Apply!) { apply(input: $input) }';

function wordsOf(source: string, input?: unknown): string {
  const { errors } = graphqlSync({ schema, source, variableValues: { input } });
  return (errors ?? []).map((error) => withoutGivenValues(error.message)).join(' | ');
}

describe('withoutGivenValues', () => {
  it.each([
    { cluster: 'a', manifest: 'hunter2', nope: 1 },
    { cluster: 'a', manifst: 'hunter2' },
    { manifest: 'hunter2' },
    { cluster: 'a', manifest: ['hunter2'] },
    { cluster: 'a', manifest: { text: 'hunter2' } },
    { cluster: 'a', replicas: { of: 'hunter2' } },
    { cluster: 'a', replicas: `hunter2${'x'.repeat(60)}` },
    { cluster: 'a', kind: { of: 'hunter2' } },
    'hunter2',
    ['hunter2', { a: 'found: hunter2' }],
  ])('leaves no value of the variable %j in the words', (input) => {
    const words = wordsOf(withVariable, input);
    expect(words).toMatch(/^Variable "\$input" has invalid value/);
    expect(words).not.toContain('hunter2');
  });

  it.each([
    '{ apply(input: { cluster: "a", manifest: "hunter2", nope: 1 }) }',
    '{ apply(input: { manifest: "hunter2" }) }',
    '{ apply(input: "hunter2") }',
    '{ apply(input: { cluster: "a", manifest: ["hunter2"] }) }',
    '{ apply(input: { cluster: "a", manifest: {text: "hunter2"} }) }',
  ])('leaves no value of the document %s in the words', (source) => {
    const words = wordsOf(source);
    expect(words).not.toBe('');
    expect(words).not.toContain('hunter2');
  });

  it.each([
    '{ apply("hunter2") }',
    '{ apply(input: {"hunter2": 1}) }',
    '{ apply("""hunter2""") }',
    '"hunter2"',
  ])('leaves no text of the broken document %s in the words', (source) => {
    let words = '';
    try {
      parse(source);
    } catch (error) {
      words = withoutGivenValues(error instanceof Error ? error.message : '');
    }
    expect(words).toContain('Syntax Error');
    expect(words).not.toContain('hunter2');
  });

  it('still says what is wrong, and where', () => {
    expect([
      wordsOf(withVariable, { cluster: 'a', nope: 1 }),
      wordsOf(withVariable, { clustr: 'a' }),
      wordsOf(withVariable, { cluster: 'a', replicas: 'two' }),
      wordsOf(withVariable, { cluster: 'a', kind: 'C' }),
      wordsOf('{ nope }'),
    ]).toMatchInlineSnapshot(`
      [
        "Variable "$input" has invalid value: Expected value of type "Apply" not to include unknown field "nope".",
        "Variable "$input" has invalid value: Expected value of type "Apply" to include required field "cluster". | Variable "$input" has invalid value: Expected value of type "Apply" not to include unknown field "clustr". Did you mean "cluster"?",
        "Variable "$input" has invalid value at .replicas: Int cannot represent non-integer value: "two"",
        "Variable "$input" has invalid value at .kind: Value "C" does not exist in "Kind" enum. Did you mean the enum value "A" or "B"?",
        "Cannot query field "nope" on type "Query".",
      ]
    `);
  });
});
