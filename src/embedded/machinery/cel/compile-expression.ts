import { type Context, type Environment, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { celEnvironment } from './cel-environment.ts';
import { countSteps } from './count-steps.ts';
import { withOwnFunctions } from './with-own-functions.ts';

/** How much one object may still cost, in steps of loops. */
export interface Budget {
  remaining: number;
}

/** Thrown by an expression that was stopped. */
export class CostExceededError extends Error {}

/** What one expression may cost at most: of the order of a tenth of a second. */
const perCallLimit = 1_000_000;

export type Expression = (context: Context, budget: Budget) => unknown;

const environments = new Map<boolean, Environment>();
const compiled = new Map<string, Expression>();
const maxCompiled = 5_000;

/**
 * An expression over `self` and `oldSelf`, ready to run; `oldSelf` is an optional where `isOldOptional`. Running throws
 * `CostExceededError`, or an `EvaluationError` in the words of the library. Throws `ParseError` where it is none.
 */
export function compileExpression(source: string, isOldOptional: boolean): Expression {
  const key = `${isOldOptional}${source}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const made = compile(source, isOldOptional);
  if (compiled.size >= maxCompiled) compiled.clear();
  compiled.set(key, made);
  return made;
}

/** Whether an expression mentions `oldSelf`, outside of its literals. */
export function usesOldSelf(source: string): boolean {
  return /\boldSelf\b/.test(source.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, '""'));
}

/** Whether the expression itself failed: everything else is a fault of ours. */
export function isExpressionError(error: unknown): error is EvaluationError | ParseError {
  return error instanceof EvaluationError || error instanceof ParseError;
}

function compile(source: string, isOldOptional: boolean): Expression {
  let environment = environments.get(isOldOptional);
  if (environment === undefined) {
    environment = celEnvironment()
      .registerVariable('self', 'dyn')
      .registerVariable('oldSelf', isOldOptional ? 'optional<dyn>' : 'dyn');
    environments.set(isOldOptional, environment);
  }
  const run = environment.parse(withOwnFunctions(source));
  let spent = 0;
  let limit = 0;
  const attach = countSteps(run.ast, (steps) => {
    spent += steps;
    if (spent > limit) throw new CostExceededError('operation cancelled: actual cost limit exceeded');
  });
  run.check();
  attach();
  return (context, budget) => {
    spent = 0;
    limit = Math.min(perCallLimit, budget.remaining);
    try {
      return run(context);
    } finally {
      budget.remaining -= spent + 1;
    }
  };
}
