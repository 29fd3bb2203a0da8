import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, type YogaServerInstance } from 'graphql-yoga';
import { type OperationReport, useCost } from '../../graph/cost/use-cost.ts';
import { createCompiledPlans } from '../../graph/execution/compiled-plans.ts';
import { useCompiledExecution } from '../../graph/execution/use-compiled-execution.ts';
import { useDefer } from '../../graph/execution/use-defer.ts';
import { useLimits } from '../../graph/execution/use-limits.ts';
import { maskOnce, useMask } from '../../graph/execution/use-mask.ts';
import { createItemExecution } from '../../graph/items/execute-by-items.ts';
import type { OperationBudget } from '../../graph/limits/budget.ts';
import type { DocumentLimits } from '../../graph/limits/document-limits.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import type { AnswerCache, AnswerKey } from '../../graph/reuse/answer-cache.ts';
import { useAnswerReuse } from '../../graph/reuse/use-answer-reuse.ts';
import type { Farewells } from '../../graph/streams/farewells.ts';
import type { TextTransport } from '../../graph/streams/text-stream.ts';
import { useStreams } from '../../graph/streams/use-streams.ts';
import { errorTable } from '../../kernel/error-table.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { EventStream } from '../http/event-streams.ts';
import type { TrustedDocuments } from './trusted-documents.ts';
import { useBodyLimit } from './use-body-limit.ts';
import { useEventStreams } from './use-event-streams.ts';
import { useRequestId } from './use-request-id.ts';
import { useTrustedDocuments } from './use-trusted-documents.ts';

export interface ServerContext {
  readonly requestId: string;
  /** For the caller as it stands when the whole request is there; rejects where it is gone. */
  readonly contextOf: () => RequestContext | Promise<RequestContext>;
  /** Told by what an answer is found again that was given, or can be from now on. */
  readonly knownAs?: (key: AnswerKey) => void;
  /** Over HTTP: takes the place of a stream. A WebSocket looks after its streams by itself. */
  readonly openEventStream?: () => EventStream;
  /** A transport that takes the messages of streams as text. */
  readonly textTransport?: TextTransport;
  /** The streams that end with their connection where they have to go on at another replica. */
  readonly farewells?: Farewells;
  /** What the caller may still spend. */
  readonly budget?: OperationBudget;
}

export type GraphqlEngine = YogaServerInstance<ServerContext, RequestContext>;

export interface GraphqlEngineOptions {
  readonly schema: GraphQLSchema;
  readonly limits: DocumentLimits & { readonly bodyBytes: number };
  /** Whole answers that are given again, and how many bytes of rows of lists are kept beside them. */
  readonly answers: AnswerCache;
  readonly itemBytes: number;
  readonly hasIntrospection: boolean;
  readonly trustedDocuments: TrustedDocuments;
  readonly logger: Logger;
  /** Of each query and mutation, at its end. */
  readonly reportOperation: (report: OperationReport) => void;
}

/** Parsing, limits, execution and masking, the same for HTTP, SSE and WebSocket (`getEnveloped`). */
export function createGraphqlEngine(options: GraphqlEngineOptions): GraphqlEngine {
  const { logger } = options;
  const plans = createCompiledPlans();
  const { answers, itemBytes } = options;
  const byItems = itemBytes > 0 ? createItemExecution({ plans, maxBytes: itemBytes }) : () => undefined;
  const silence = { debug() {}, info() {}, warn() {}, error() {} };
  return createYoga<ServerContext, RequestContext>({
    schema: options.schema,
    graphqlEndpoint: '/graphql',
    context: ({ contextOf }) => contextOf(),
    // The page is served by us, with its assets; origins and batches are refused before Yoga sees the request.
    graphiql: false,
    landingPage: false,
    cors: false,
    batching: false,
    multipart: false,
    extraParamNames: ['documentId'],
    maxRequestBodySize: false,
    logging: silence,
    maskedErrors: { maskError: (error) => maskOnce(error, 'unknown', logger) },
    plugins: [
      useBodyLimit(options.limits.bodyBytes),
      useTrustedDocuments(options.trustedDocuments),
      useDefer({ hasIntrospection: options.hasIntrospection }),
      useCompiledExecution({ plans, byItems, hideSuggestions: !options.hasIntrospection }),
      useStreams({ plans, hideSuggestions: !options.hasIntrospection }),
      useLimits(options.limits),
      useMask(),
      useCost({ report: options.reportOperation }),
      useAnswerReuse({ cache: answers }),
      useEventStreams(logger),
      useRequestId(logger),
      useStatusOfErrors,
    ],
  });
}

/** A request that was refused as a whole has the status of its error (GraphQL over HTTP, media type of responses). */
const useStatusOfErrors: Plugin = {
  onResultProcess({ result }) {
    if (Array.isArray(result) || Symbol.asyncIterator in result || !result.errors || result.data !== undefined) return;
    for (const error of result.errors ?? []) {
      const code = error.extensions?.code;
      if (typeof code !== 'string' || !(code in errorTable)) continue;
      const row = errorTable[code as keyof typeof errorTable];
      if (row.httpStatus === 200 || hasStatus(error.extensions.http)) continue;
      // Of what is wrong at a place in the document the specification wants 200 where the answer is application/json.
      const isOfGraphql = code === 'GRAPHQL_VALIDATION_FAILED' && error.locations !== undefined;
      const { retryAfterSeconds } = error.extensions;
      error.extensions.http = {
        status: row.httpStatus,
        ...(typeof retryAfterSeconds === 'number' ? { headers: { 'retry-after': String(retryAfterSeconds) } } : {}),
        ...(isOfGraphql ? { spec: true } : {}),
      };
    }
  },
};

/** What HTTP itself refused, a method or a size, has the status that belongs to it. */
const hasStatus = (http: unknown): boolean => typeof http === 'object' && http !== null && 'status' in http;
