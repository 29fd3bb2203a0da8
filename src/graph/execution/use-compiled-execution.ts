import {
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  getOperationAST,
  type OperationDefinitionNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ExecuteByItems } from '../items/execute-by-items.ts';
import { mapMaybe } from '../map-maybe.ts';
import type { CompiledPlans } from './compiled-plans.ts';
import { recordingContext } from './recording-context.ts';

export interface CompiledExecutionOptions {
  readonly plans: CompiledPlans;
  /** Tried first, of what is compiled. */
  readonly byItems: ExecuteByItems;
  /** "Did you mean" tells names, too: without introspection it is hidden. */
  readonly hideSuggestions: boolean;
}

/**
 * Executes queries by generated code from their third use on, everything else by graphql-js. A plan belongs to a
 * document *and* an operation of it. What the generated code refuses before it runs is asked of graphql-js again, so that
 * one implementation has the words of every refusal.
 */
export function useCompiledExecution({ plans, byItems, hideSuggestions }: CompiledExecutionOptions): Plugin {
  const interpret = (args: ExecutionArgs): ReturnType<typeof execute> => execute({ ...args, hideSuggestions });

  function run(given: ExecutionArgs): ReturnType<typeof execute> {
    const args = { ...given, contextValue: recordingContext(given.contextValue) };
    const operation = getOperationAST(args.document, args.operationName);
    if (operation?.operation !== 'query' || !plans.isDue(operation)) return interpret(args);
    return mapMaybe(byItems(args as never, operation), (answer) => answer ?? runWhole(args, operation)) as never;
  }

  function runWhole(args: ExecutionArgs, operation: OperationDefinitionNode): ReturnType<typeof execute> {
    const plan = plans.compile(args.schema, args.document, operation);
    if (plan === undefined) return interpret(args);
    const result = plan(args.rootValue, args.contextValue, args.variableValues ?? {});
    const checked = (answer: ExecutionResult): ReturnType<typeof execute> =>
      answer.data === undefined ? interpret(args) : answer;
    return 'then' in result ? result.then(checked) : checked(result);
  }

  return { onExecute: ({ setExecuteFn }) => setExecuteFn(run as never) };
}
