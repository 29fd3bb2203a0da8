import type { Library } from './library.ts';

interface Node {
  readonly op: string;
  readonly args: unknown;
}

interface Checker {
  check(node: unknown, context: unknown): unknown;
  getType(name: string): unknown;
  createError(code: string, words: string, node: unknown): Error;
}

interface Evaluator {
  run(node: unknown, context: unknown): unknown;
}

/**
 * `has()` for any place that can be selected from: the library's own takes none that begins with an index, such as
 * `has(self[0].matches)`, and knows no undefined fields. Goes by another name of the same length: see `withOwnFunctions`.
 */
export const presenceLibrary: Library = (environment) => {
  environment.registerFunction({
    signature: 'Has(ast): bool',
    async: false,
    handler: ({ args: [node] }: { readonly args: readonly Node[] }) => {
      const [operand, name] = node?.op === '.' && Array.isArray(node.args) ? (node.args as unknown[]) : [];
      return {
        async: false,
        operand,
        typeCheck(checker: Checker, _macro: unknown, context: unknown) {
          if (operand === undefined)
            throw checker.createError('invalid_macro_argument', 'invalid argument to has() macro', node);
          checker.check(node, context);
          return checker.getType('bool');
        },
        evaluate: (evaluator: Evaluator, _macro: unknown, context: unknown) =>
          isPresent(evaluator.run(operand, context), String(name)),
      };
    },
  });
};

function isPresent(value: unknown, name: string): boolean {
  if (value instanceof Map) return value.has(name);
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}
