import { type DocumentNode, type GraphQLSchema, type OperationDefinitionNode, valueFromASTUntyped } from 'graphql';
import { type CompiledQuery, compileQuery, isCompiledQuery } from 'graphql-jit';
import { planSize } from './plan-size.ts';

export interface CompiledPlansOptions {
  /** Uses of one operation before it is compiled; compiling costs milliseconds. */
  readonly compileAtUse?: number | undefined;
  /** Plans kept; the one unused for longest goes. Each is generated code that stays in memory. */
  readonly maxPlans?: number | undefined;
  /** Fields of one plan; an operation with more is interpreted. Compiling takes about 50 µs a field and holds the loop. */
  readonly maxPlanFields?: number | undefined;
}

/** Generated code of an operation; the variables are as the caller gave them. */
export type CompiledOperation = (
  rootValue: unknown,
  contextValue: unknown,
  variables: Readonly<Record<string, unknown>>,
) => ReturnType<CompiledQuery['query']>;

/** How often an operation was asked for, and its plan once there is one; `null` where there can be none. */
interface Plan {
  uses: number;
  /** Uses at which it is compiled. */
  dueAt: number;
  execute: CompiledOperation | null | undefined;
}

/** The compiled operations of a process. */
export interface CompiledPlans {
  /** Counts a use; undefined where the operation is interpreted, for now or for ever. */
  find(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): CompiledOperation | undefined;
  /** The same at once, whatever its uses. */
  compile(
    schema: GraphQLSchema,
    document: DocumentNode,
    operation: OperationDefinitionNode,
  ): CompiledOperation | undefined;
  /** Counts a use; true from the one on at which an operation is worth compiling. */
  isDue(operation: OperationDefinitionNode): boolean;
}

/**
 * A plan that had to go for others was hardly worth its making: the next one has to wait for so many times more uses, else more operations
 * than there is room for would be compiled in turns, for ever.
 */
const patienceFactor = 8;

export function createCompiledPlans(options: CompiledPlansOptions = {}): CompiledPlans {
  const { compileAtUse = 3, maxPlans = 500, maxPlanFields = 400 } = options;
  const known = new WeakMap<OperationDefinitionNode, Plan>();
  /** Operations with a plan, the one unused for longest first. */
  const compiled = new Map<OperationDefinitionNode, Plan>();

  function planOf(operation: OperationDefinitionNode): Plan {
    const plan = known.get(operation) ?? { uses: 0, dueAt: compileAtUse, execute: undefined };
    known.set(operation, plan);
    return plan;
  }

  const plans: CompiledPlans = {
    find: (schema, document, operation) =>
      plans.isDue(operation) ? plans.compile(schema, document, operation) : undefined,
    isDue(operation) {
      const plan = planOf(operation);
      plan.uses += 1;
      return plan.uses >= plan.dueAt;
    },
    compile(schema, document, operation) {
      const plan = planOf(operation);
      // A part whose plan had to go waits as a whole operation does, else parts are compiled in turns.
      if (plan.execute === undefined && plan.dueAt > compileAtUse && plan.uses < plan.dueAt) {
        plan.uses += 1;
        return undefined;
      }
      if (plan.execute === undefined) {
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
        oldest[1].dueAt *= patienceFactor;
      }
      return plan.execute;
    },
  };
  return plans;
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): CompiledOperation | null {
  try {
    const compiled = compileQuery(schema, document, operation.name?.value);
    if (!isCompiledQuery(compiled)) return null;
    const defaults = defaultsOf(operation);
    return (rootValue, contextValue, variables) =>
      compiled.query(rootValue, contextValue, { ...defaults, ...variables });
  } catch {
    // The interpreter answers what the compiler does not know.
    return null;
  }
}

/** The compiler wants a value for every non-null variable, also for one that has a default. */
function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
}
