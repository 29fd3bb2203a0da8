/** What runs once for each member in a loop of an expression. */
interface Step {
  evaluate(evaluator: Evaluator, step: Step, context: unknown): unknown;
}

interface Evaluator {
  run(step: Step, context: unknown): unknown;
}

interface Loop {
  step: Step;
}

/**
 * Finds the loops of an expression that was just parsed, and returns how to have each of their steps counted, which is to
 * be called once it was checked: `spend` is told what a step costs before it is taken, and stops the expression by
 * throwing. The library has no limit of its own, and loops in loops take the power of their number.
 */
export function countSteps(parsed: unknown, spend: (cost: number) => void): () => void {
  const loops: { readonly loop: Loop; readonly cost: number }[] = [];
  const seen = new Set<unknown>();
  const walk = (value: unknown): number => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
    seen.add(value);
    if (Array.isArray(value)) return sum(value.map(walk));
    if (!('op' in value) || !('args' in value)) {
      return Object.getPrototypeOf(value) === Object.prototype ? sum(Object.values(value).map(walk)) : 0;
    }
    const { alternate, macro } = metaOf(value);
    const cost = 1 + walk(alternate) + walk(macro) + walk(value.args);
    if (value.op === 'comprehension' && isLoop(value.args)) loops.push({ loop: value.args, cost });
    return cost;
  };
  walk(parsed);
  return () => {
    for (const { loop, cost } of loops) {
      const { step } = loop;
      loop.step = {
        evaluate(evaluator, _step, context) {
          spend(cost);
          return evaluator.run(step, context);
        },
      };
    }
  };
}

function metaOf(node: object): { readonly alternate?: unknown; readonly macro?: unknown } {
  return 'meta' in node && typeof node.meta === 'object' && node.meta !== null ? node.meta : {};
}

function isLoop(args: unknown): args is Loop {
  return typeof args === 'object' && args !== null && 'step' in args;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
