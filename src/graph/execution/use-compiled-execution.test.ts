import {
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  GraphQLString,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { type CompiledPlansOptions, createCompiledPlans } from './compiled-plans.ts';
import { useCompiledExecution } from './use-compiled-execution.ts';

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: {
      a: { type: GraphQLString, resolve: () => 'A' },
      b: {
        type: GraphQLString,
        args: { times: { type: GraphQLInt } },
        resolve: (_root, { times }) => 'B'.repeat(times),
      },
      broken: { type: GraphQLString, resolve: () => Promise.reject(new Error('no')) },
    },
  }),
});

type Run = (args: object) => unknown;

/** The plugin's execute function, as Yoga would call it. */
function executor(options: CompiledPlansOptions = {}): Run {
  let run: Run | undefined;
  const plugin = useCompiledExecution({
    hideSuggestions: true,
    plans: createCompiledPlans(options),
    byItems: () => undefined,
  });
  const hook = plugin.onExecute as unknown as (payload: { setExecuteFn(fn: Run): void }) => void;
  hook({ setExecuteFn: (fn) => (run = fn) });
  return (args) => run?.({ schema, contextValue: {}, ...args });
}

describe('useCompiledExecution', () => {
  it('executes the operation that is asked for, of several in one document, however often', async () => {
    const run = executor({ compileAtUse: 2 });
    const document = parse('query A { a } query B($n: Int) { b(times: $n) }');
    for (let use = 0; use < 4; use += 1) {
      expect(await run({ document, operationName: 'A' })).toMatchObject({ data: { a: 'A' } });
      expect(await run({ document, operationName: 'B', variableValues: { n: use } })).toMatchObject({
        data: { b: 'B'.repeat(use) },
      });
    }
  });

  it('has the words of one implementation for variables that do not fit (refused)', async () => {
    const run = executor({ compileAtUse: 2 });
    const document = parse('query B($n: Int!) { b(times: $n) }');
    const answers: unknown[] = [];
    for (let use = 0; use < 3; use += 1) answers.push(await run({ document, variableValues: { n: 'many' } }));
    const messages = answers.map((answer) => (answer as { errors: { message: string }[] }).errors[0]?.message);
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toContain('$n');
  });

  it('answers a failing field with its error and the rest, compiled or not', async () => {
    const run = executor({ compileAtUse: 2 });
    const document = parse('{ a broken }');
    for (let use = 0; use < 3; use += 1) {
      expect(await run({ document })).toMatchObject({
        data: { a: 'A', broken: null },
        errors: [{ message: 'no', path: ['broken'] }],
      });
    }
  });

  it('goes on when more operations are in use than plans are kept', async () => {
    const run = executor({ compileAtUse: 1, maxPlans: 1 });
    const documents = [parse('{ a }'), parse('{ x: a }')];
    for (let use = 0; use < 3; use += 1) {
      expect(await run({ document: documents[0] })).toMatchObject({ data: { a: 'A' } });
      expect(await run({ document: documents[1] })).toMatchObject({ data: { x: 'A' } });
    }
  });

  it('compiles an operation whose plan had to go for another only after many more uses', () => {
    const plans = createCompiledPlans({ compileAtUse: 2, maxPlans: 1 });
    const [first, second] = [parse('{ a }'), parse('{ x: a }')].map((document) => () => {
      const operation = document.definitions[0] as OperationDefinitionNode;
      return plans.find(schema, document, operation) !== undefined;
    }) as [() => boolean, () => boolean];
    const uses = (find: () => boolean, times: number) => Array.from({ length: times }, find);
    expect(uses(first, 3)).toEqual([false, true, true]);
    expect(uses(second, 2)).toEqual([false, true]);
    expect(uses(first, 16)).toEqual([...Array(15).fill(false), true]);
  });

  it('interprets what would become too much code', async () => {
    const run = executor({ compileAtUse: 1, maxPlanFields: 1 });
    const document = parse('{ a x: a }');
    for (let use = 0; use < 2; use += 1) {
      // The answers of graphql-js have no prototype, those of generated code have one.
      const { data } = (await run({ document })) as { data: object };
      expect(data).toEqual(Object.assign(Object.create(null), { a: 'A', x: 'A' }));
      expect(Object.getPrototypeOf(data)).toBe(null);
    }
  });
});
