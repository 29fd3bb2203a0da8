import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { countCost, noCost, type OperationCost } from '../../kernel/operation-cost.ts';
import { inSpan } from '../../kernel/tracing.ts';
import type { BudgetContext } from '../limits/budget.ts';
import type { RequestContext } from '../request-context.ts';
import { isRendered } from '../reuse/rendered-result.ts';
import { endOperationSpan, startOperationSpan } from './operation-span.ts';

/** What one operation cost, as callers, metrics and the log are told. */
export interface OperationReport extends OperationCost {
  readonly type: 'query' | 'mutation';
  /** The operation's name in its document, its first 200 characters; undefined where it has none. */
  readonly name: string | undefined;
  readonly requestId: string;
  readonly principalId: string;
  readonly durationMs: number;
  /** Reads of objects and lists that were answered from memory. */
  readonly cacheReads: number;
  /** Whether an answer was given again: then nothing at all was read for it. */
  readonly isReused: boolean;
  readonly hasErrors: boolean;
}

export interface CostOptions {
  /** Of each query and mutation that was executed, at its end. */
  readonly report: (report: OperationReport) => void;
}

/** The parts of a request that Yoga and our WebSockets put beside the context. */
interface Surroundings extends BudgetContext {
  readonly request?: object;
  readonly params?: { readonly extensions?: unknown };
}

/** Told by `withCost`, to those who asked: by HTTP the request, else the context, to the report. */
const asked = new WeakMap<object, OperationReport>();

/**
 * Counts what queries and mutations ask of clusters and of the database, and tells their spans where they are traced. It goes before whatever gives answers again, so that it hears
 * of those too. Streams are executed for many subscribers at once: no single one has a cost.
 */
export function useCost({ report }: CostOptions): Plugin<RequestContext> {
  return {
    onExecute({ args, executeFn, setExecuteFn, context }) {
      const cost = noCost();
      const operation = operationOf(args);
      const span = startOperationSpan(operation);
      const startedAt = performance.now();
      let isReused = true;
      setExecuteFn(((given: ExecutionArgs) => {
        isReused = false;
        return countCost(cost, () => inSpan(span, () => executeFn(given)));
      }) as never);
      return {
        onExecuteDone({ result }) {
          // Nothing else of the context is touched: that would count as read for the answer.
          const { self, requestId, request, params, budget } = context as unknown as RequestContext & Surroundings;
          const told = {
            ...cost,
            ...operation,
            requestId,
            principalId: self.reads.principal.id,
            durationMs: performance.now() - startedAt,
            cacheReads: isReused ? 0 : self.reads.cacheReads,
            isReused,
            hasErrors: hasErrors(result),
          };
          report(told);
          if (isReused) budget?.giveBack();
          if (span) endOperationSpan(span, told);
          if (wantsCost(params?.extensions)) asked.set(request ?? context, told);
        },
      };
    },
    onResultProcess({ request, result, setResult }) {
      if (isSingle(result)) setResult(withCost(result, request) as never);
    },
  };
}

/** The result with `extensions.cost`, where the one who asked for it wants to know. */
export function withCost(result: ExecutionResult, request: object): ExecutionResult {
  const report = asked.get(request);
  if (report === undefined) return result;
  const cost = {
    durationMs: Math.round(report.durationMs * 1_000) / 1_000,
    clusterRequests: report.clusterRequests,
    clusterBytes: report.clusterBytes,
    databaseQueries: report.databaseQueries,
    databaseRows: report.databaseRows,
    cacheReads: report.cacheReads,
    isReused: report.isReused,
  };
  const { data, errors } = result;
  const extensions = { ...result.extensions, cost };
  const told = { ...(errors && { errors }), ...(data !== undefined && { data }), extensions };
  if (!isRendered(result)) return told;
  const stringify = (): Uint8Array => appendExtensions(result.stringify(result), extensions);
  return { ...told, stringify } as ExecutionResult;
}

/** Behind the last member of an answer that is text already: nothing of it is read or written again. */
function appendExtensions(bytes: Uint8Array | string, extensions: object): Uint8Array {
  const text = Buffer.from(bytes as Uint8Array);
  return Buffer.concat([text.subarray(0, -1), Buffer.from(`,"extensions":${JSON.stringify(extensions)}}`)]);
}

const wantsCost = (extensions: unknown): boolean =>
  typeof extensions === 'object' && extensions !== null && 'cost' in extensions && extensions.cost === true;

function operationOf({ document, operationName }: ExecutionArgs): Pick<OperationReport, 'type' | 'name'> {
  const operation = getOperationAST(document, operationName);
  return {
    type: operation?.operation === 'mutation' ? 'mutation' : 'query',
    name: operation?.name?.value.slice(0, 200),
  };
}

const isSingle = (result: unknown): result is ExecutionResult =>
  typeof result === 'object' && result !== null && !Array.isArray(result) && !(Symbol.asyncIterator in result);

const hasErrors = (result: unknown): boolean => isSingle(result) && (result.errors?.length ?? 0) > 0;
