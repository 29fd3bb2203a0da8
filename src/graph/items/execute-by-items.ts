import { randomUUID } from 'node:crypto';
import type { ExecutionArgs, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { CompiledPlans } from '../execution/compiled-plans.ts';
import type { Connection } from '../lists/define-list.ts';
import { isPromise } from '../map-maybe.ts';
import type { RequestContext } from '../request-context.ts';
import { type RenderedResult, renderedResult } from '../reuse/rendered-result.ts';
import { type AnswerSource, isCurrent } from '../reuse/request-reads.ts';
import { itemSchema } from './item-schema.ts';
import { createItemTexts } from './item-texts.ts';
import { type ItemPart, type SplitOperation, splitLists } from './split-lists.ts';

/** Undefined, or a promise of it, where the operation must be executed as a whole. */
export type ExecuteByItems = (
  args: ExecutionArgs & { readonly contextValue: RequestContext },
  operation: OperationDefinitionNode,
) => MaybePromise<RenderedResult | undefined>;

type Rows = Pick<Connection<object>, 'edges' | 'order'>;

/** An operation that could be split; `rest` uses pass before it is tried again. */
interface Tried {
  readonly split: SplitOperation;
  rest: number;
}

const usesOfRest = 50;
const nothing = new Uint8Array();
const [openBracket = 0, comma = 0, closeBracket = 0] = Buffer.from('[,]');

/** What stands in the text of an answer where rows belong. No data can contain it: nobody outside knows it. */
const mark = randomUUID();
const placeholders = new RegExp(`"${mark}:(\\d+)"`);

/**
 * Executes lists around their rows, and rows only where they have changed: the text of a row is kept with the object that
 * it was made from, for one operation, rights and variables, as long as whatever else it was made from stands. What
 * cannot be done like that (promises, errors, rows that show time or a principal) is left to be executed as a whole.
 */
export function createItemExecution(options: {
  readonly plans: CompiledPlans;
  readonly maxBytes: number;
}): ExecuteByItems {
  const { plans } = options;
  const texts = createItemTexts(options.maxBytes);
  const schemas = new WeakMap<GraphQLSchema, GraphQLSchema>();
  const known = new WeakMap<OperationDefinitionNode, Tried | null>();
  /** Rows that an execution has come to, by its context. */
  const underWay = new WeakMap<RequestContext, { readonly part: number; readonly rows: Rows }[]>();

  function schemaOf(schema: GraphQLSchema): GraphQLSchema {
    let extended = schemas.get(schema);
    if (!extended) {
      extended = itemSchema(schema, (rows, { part }, context) => {
        const found = underWay.get(context as RequestContext) ?? [];
        found.push({ part, rows: rows as Rows });
        return `${mark}:${found.length - 1}`;
      });
      schemas.set(schema, extended);
    }
    return extended;
  }

  function triedOf({ schema, document }: ExecutionArgs, operation: OperationDefinitionNode): Tried | null {
    let tried = known.get(operation);
    if (tried === undefined) {
      const split = splitLists(schema, document, operation);
      tried = split ? { split, rest: 0 } : null;
      known.set(operation, tried);
    }
    return tried;
  }

  return (args, operation) => {
    const tried = triedOf(args, operation);
    if (tried === null) return undefined;
    if (tried.rest > 0) {
      tried.rest -= 1;
      return undefined;
    }
    const { split } = tried;
    const context = args.contextValue;
    const variables = args.variableValues ?? {};
    const schema = schemaOf(args.schema);
    const plan = plans.compile(schema, split.document, split.operation);
    if (!plan || underWay.has(context)) return undefined;

    const found: { readonly part: number; readonly rows: Rows }[] = [];
    underWay.set(context, found);
    const finish = (result: ExecutionResult): RenderedResult | undefined => {
      underWay.delete(context);
      // Variables that are refused, or fields that failed: the words for it are those of a whole execution.
      if (result.errors || !result.data) return undefined;
      const lists = found.map(({ part, rows }) => {
        const itemPart = split.parts[part];
        return itemPart && textsOf(itemPart, rows, { schema, context, variables });
      });
      const answer = assemble(JSON.stringify({ data: result.data }), lists);
      if (answer === undefined) tried.rest = usesOfRest;
      return answer && renderedResult(answer);
    };
    const result = plan(args.rootValue, context, variables);
    return isPromise(result) ? result.then(finish) : finish(result);
  };

  /** The rows' texts in their order; undefined where they cannot be made, or kept. */
  function textsOf(
    part: ItemPart,
    { edges, order }: Rows,
    {
      schema,
      context,
      variables,
    }: {
      readonly schema: GraphQLSchema;
      readonly context: RequestContext;
      readonly variables: Readonly<Record<string, unknown>>;
    },
  ): readonly Uint8Array[] | undefined {
    // One that is not given must stay so: it may have a default.
    const given = part.variables.filter((name) => Object.hasOwn(variables, name));
    const used = Object.fromEntries(given.map((name) => [name, variables[name]]));
    // A cursor tells of the order, too.
    const key = `${context.access.canonical} ${JSON.stringify(used)} ${part.rows === 'edges' ? order : ''}`;
    const set = texts.of(part.operation, key);
    const seen = new Map<readonly AnswerSource[], boolean>();
    const stands = (sources: readonly AnswerSource[]): boolean => {
      let current = seen.get(sources);
      if (current === undefined) {
        current = isCurrent(sources, context.reads.principal);
        seen.set(sources, current);
      }
      return current;
    };

    const missing: number[] = [];
    const list: Uint8Array[] = edges.map(({ node }, index) => {
      const kept = set.get(node);
      if (kept && stands(kept.sources)) return kept.bytes;
      missing.push(index);
      return nothing;
    });
    if (missing.length > 0) {
      const made = render(
        part,
        missing.map((index) => (part.rows === 'edges' ? edges[index] : edges[index]?.node)),
      );
      if (!made) return undefined;
      const { sources } = made;
      seen.set(sources, true);
      missing.forEach((index, place) => {
        const bytes = Buffer.from(JSON.stringify(made.items[place]));
        list[index] = bytes;
        const node = edges[index]?.node;
        if (node) set.keep(node, { bytes, sources });
      });
    }
    for (const [sources, isUsed] of seen) if (isUsed) context.reads.include(sources);
    set.answered(list.reduce((sum, bytes) => sum + bytes.length, 0));
    return list;

    function render(
      { document, operation, field }: ItemPart,
      rows: readonly unknown[],
    ): { readonly items: readonly unknown[]; readonly sources: readonly AnswerSource[] } | undefined {
      const plan = plans.compile(schema, document, operation);
      if (!plan) return undefined;
      const own = context.fork();
      own.reads.begin();
      const result = plan({ [field]: rows }, own, used);
      if (isPromise(result)) {
        result.catch(() => undefined);
        return undefined;
      }
      const sources = own.reads.sources();
      const items = result.data?.[field];
      if (result.errors || !sources || !Array.isArray(items)) return undefined;
      return { items, sources };
    }
  }
}

/** Puts the rows where their placeholders stand. */
function assemble(text: string, lists: readonly (readonly Uint8Array[] | undefined)[]): Uint8Array | undefined {
  // Odd pieces are the numbers of placeholders.
  const pieces = text.split(placeholders);
  const around = pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : nothing));
  const between = pieces.map((piece, index) => (index % 2 === 0 ? [] : lists[Number(piece)]));
  let length = 0;
  for (const [index, { byteLength }] of around.entries()) {
    const list = between[index];
    if (!list) return undefined;
    length += byteLength + (index % 2 === 0 ? 0 : 2 + Math.max(0, list.length - 1));
    for (const bytes of list) length += bytes.length;
  }
  const answer = Buffer.allocUnsafeSlow(length);
  let at = 0;
  const put = (byte: number) => {
    answer[at] = byte;
    at += 1;
  };
  for (const [index, piece] of around.entries()) {
    answer.set(piece, at);
    at += piece.length;
    if (index % 2 === 0) continue;
    put(openBracket);
    for (const [place, bytes] of (between[index] ?? []).entries()) {
      if (place > 0) put(comma);
      answer.set(bytes, at);
      at += bytes.length;
    }
    put(closeBracket);
  }
  return answer;
}
