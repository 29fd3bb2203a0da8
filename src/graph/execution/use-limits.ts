import {
  type DocumentNode,
  type ExecutionArgs,
  getOperationAST,
  Lexer,
  type OperationTypeNode,
  parse,
  Source,
  TokenKind,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { RequestError } from '../../kernel/request-error.ts';
import { assertSmallVariables } from '../limits/assert-small-variables.ts';
import type { BudgetContext } from '../limits/budget.ts';
import { assertWithinLimits, type DocumentLimits } from '../limits/document-limits.ts';
import { measureDocument } from '../limits/measure-document.ts';

interface Price {
  readonly type: `${OperationTypeNode}`;
  readonly cost: number;
}

/**
 * The bounds of one operation on every road in (HTTP, WebSocket, SSE, persisted documents): tokens and nesting before
 * the text is parsed, depth, aliases and directives before it is validated, variables and cost before it is executed.
 */
export function useLimits(limits: DocumentLimits): Plugin {
  // Neither the limits nor the schema change: a document that was within them is within them for ever.
  const sound = new WeakSet<DocumentNode>();
  /** Of documents that cost the same every time. */
  const known = new WeakMap<DocumentNode, Price>();

  function assertAffordable(args: ExecutionArgs): void {
    assertSmallVariables(args.variableValues);
    const price = known.get(args.document) ?? measure(args);
    if (price) (args.contextValue as BudgetContext | undefined)?.budget?.spend(price.type, price.cost);
  }

  function measure({ schema, document, operationName, variableValues }: ExecutionArgs): Price | undefined {
    const operation = getOperationAST(document, operationName);
    if (!operation) return undefined;
    const measured = measureDocument(schema, document, operation, variableValues ?? {});
    assertWithinLimits(measured, limits);
    const price = { type: operation.operation, cost: measured.cost };
    const isOnlyOne = getOperationAST(document) === operation;
    if (isOnlyOne && !operation.variableDefinitions?.length) known.set(document, price);
    return price;
  }

  return {
    onParse({ setParseFn }) {
      setParseFn((source, options) => {
        assertTokens(source, limits.tokens);
        return parse(source, { ...options, maxTokens: limits.tokens });
      });
    },
    onValidate({ params: { schema, documentAST } }) {
      if (sound.has(documentAST)) return;
      // Rules of validation are quadratic in places: what is too deep or too wide must not reach them.
      for (const definition of documentAST.definitions) {
        if (definition.kind !== 'OperationDefinition') continue;
        const measure = measureDocument(schema, documentAST, definition, {});
        assertWithinLimits({ ...measure, cost: 0 }, limits);
      }
      sound.add(documentAST);
    },
    onExecute: ({ args }) => assertAffordable(args),
    onSubscribe: ({ args }) => assertAffordable(args),
  };
}

/** Braces and brackets open at once; the parser descends once per level, and the stack is finite. */
const maxNesting = 200;

function assertTokens(source: string | Source, maxTokens: number): void {
  const lexer = new Lexer(typeof source === 'string' ? new Source(source) : source);
  let tokens = 0;
  let open = 0;
  for (let token = safeAdvance(lexer); token && token.kind !== TokenKind.EOF; token = safeAdvance(lexer)) {
    tokens += 1;
    if (tokens > maxTokens) throw new RequestError('TOO_COMPLEX', `The document must have at most ${maxTokens} tokens`);
    if (token.kind === TokenKind.BRACE_L || token.kind === TokenKind.BRACKET_L || token.kind === TokenKind.PAREN_L)
      open += 1;
    else if (token.kind === TokenKind.BRACE_R || token.kind === TokenKind.BRACKET_R || token.kind === TokenKind.PAREN_R)
      open -= 1;
    if (open > maxNesting) throw new RequestError('TOO_COMPLEX', `The document must nest at most ${maxNesting} levels`);
  }
}

/** A syntax error is the parser's to tell, with its line and column. */
function safeAdvance(lexer: Lexer): ReturnType<Lexer['advance']> | undefined {
  try {
    return lexer.advance();
  } catch {
    return undefined;
  }
}
