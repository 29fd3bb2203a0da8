import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getOperationAST,
  type OperationDefinitionNode,
  subscribe,
} from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Plugin } from 'graphql-yoga';
import type { RequestContext } from '../request-context.ts';
import { planSize } from './plan-size.ts';

export interface CompiledExecutionOptions {
  /** "Did you mean" tells names, too: without introspection it is hidden. */
  readonly hideSuggestions: boolean;
  /** Uses of one operation before it is compiled; compiling costs milliseconds. */
  readonly compileAtUse?: number;
  /** Plans kept; the one unused for longest goes. Each is generated code that stays in memory. */
  readonly maxPlans?: number;
  /** Fields of one plan; an operation with more is interpreted. Compiling takes about 50 µs a field and holds the loop. */
  readonly maxPlanFields?: number;
}

type Execute = CompiledQuery['query'];

/** How often an operation was asked for, and its plan once there is one; `null` where there can be none. */
interface Plan {
  uses: number;
  execute: Execute | null | undefined;
}

/**
 * Executes queries by generated code from their third use on, everything else by graphql-js. A plan belongs to a
 * document *and* an operation of it. What the generated code refuses before it runs is asked of graphql-js again, so that
 * one implementation has the words of every refusal.
 */
export function useCompiledExecution(options: CompiledExecutionOptions): Plugin {
  const { hideSuggestions } = options;
  const plans = createPlans(options);
  const interpret = (args: ExecutionArgs): ReturnType<typeof execute> => execute({ ...args, hideSuggestions });

  function run(given: ExecutionArgs): ReturnType<typeof execute> {
    const args = { ...given, contextValue: recording(given.contextValue) };
    const operation = getOperationAST(args.document, args.operationName);
    const plan = operation?.operation === 'query' ? plans.find(args.schema, args.document, operation) : undefined;
    if (plan === undefined) return interpret(args);
    const result = plan(args.rootValue, args.contextValue, { ...args.variableValues });
    const checked = (answer: ExecutionResult): ReturnType<typeof execute> =>
      answer.data === undefined ? interpret(args) : answer;
    return 'then' in result ? result.then(checked) : checked(result);
  }

  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(run as never),
    onSubscribe: ({ setSubscribeFn }) =>
      setSubscribeFn(((args: ExecutionArgs) => subscribe({ ...args, hideSuggestions })) as never),
  };
}

interface Plans {
  find(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Execute | undefined;
}

function createPlans({
  compileAtUse = 3,
  maxPlans = 500,
  maxPlanFields = 400,
}: Pick<CompiledExecutionOptions, 'compileAtUse' | 'maxPlans' | 'maxPlanFields'>): Plans {
  const known = new WeakMap<OperationDefinitionNode, Plan>();
  /** Operations with a plan, the one unused for longest first. */
  const compiled = new Map<OperationDefinitionNode, Plan>();

  return {
    find(schema, document, operation) {
      const plan = known.get(operation) ?? { uses: 0, execute: undefined };
      known.set(operation, plan);
      plan.uses += 1;
      if (plan.execute === undefined && plan.uses >= compileAtUse) {
        const isSmall = planSize(schema, document, operation, maxPlanFields) <= maxPlanFields;
        plan.execute = isSmall ? compile(schema, document, operation) : null;
      }
      if (!plan.execute) return undefined;
      compiled.delete(operation);
      compiled.set(operation, plan);
      const [oldest] = compiled.size > maxPlans ? compiled : [];
      if (oldest) {
        compiled.delete(oldest[0]);
        oldest[1].execute = undefined;
        oldest[1].uses = 0;
      }
      return plan.execute;
    },
  };
}

function compile(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode): Execute | null {
  try {
    const query = compileQuery(schema, document, operation.name?.value);
    return isCompiledQuery(query) ? query.query : null;
  } catch {
    // The interpreter answers what the compiler does not know.
    return null;
  }
}

/** Yoga hands out a copy of the context, and a copy does not tell what is read from it. */
function recording(contextValue: unknown): unknown {
  const { self } = contextValue as Partial<RequestContext>;
  self?.reads.begin();
  return self ?? contextValue;
}
