import { buildSchema, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultDocumentLimits } from '../limits/document-limits.ts';
import { useLimits } from './use-limits.ts';

const schema = buildSchema(`
  type Query { pods(first: Int): PodConnection }
  type PodConnection { nodes: [Pod!]! }
  type Pod { name: String pods(first: Int): PodConnection }
`);

/** Asks as Yoga does, of one document again and again: first before validation, then before execution. */
function asking(text: string) {
  const document = parse(text);
  const { onValidate, onExecute } = useLimits({ ...defaultDocumentLimits, depth: 5, cost: 50 }) as unknown as {
    onValidate(payload: object): void;
    onExecute(payload: object): void;
  };
  return (variableValues?: object, operationName?: string) => {
    onValidate({ params: { schema, documentAST: document } });
    onExecute({ args: { schema, document, variableValues, operationName } });
  };
}

describe('useLimits', () => {
  it('refuses what is too deep or too dear however often it is asked', () => {
    const deep = asking('{ pods { nodes { pods { nodes { pods { nodes { name } } } } } } }');
    const dear = asking('{ pods(first: 30) { nodes { name } } }');
    for (let time = 0; time < 3; time += 1) {
      expect(deep).toThrow('depth must be at most 5');
      expect(dear).toThrow('cost must be at most 50');
    }
  });

  it('refuses by the variables of each time, whatever was asked before', () => {
    const ask = asking('query ($first: Int) { pods(first: $first) { nodes { name } } }');
    ask({ first: 10 });
    expect(() => ask({ first: 30 })).toThrow('cost must be at most 50');
    ask({ first: 10 });
  });

  it('refuses by the operation that is asked for, of several in one document', () => {
    const ask = asking(
      'query Small { pods(first: 1) { nodes { name } } } query Large { pods(first: 30) { nodes { name } } }',
    );
    ask({}, 'Small');
    expect(() => ask({}, 'Large')).toThrow('cost must be at most 50');
    ask({}, 'Small');
  });
});
