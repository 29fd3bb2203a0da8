import { GraphQLError } from 'graphql';
import { type AnswerCode, AnswerError } from '../../kernel/answer-error.ts';
import { errorRowOf, errorTable } from '../../kernel/error-table.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type RequestCode, RequestError } from '../../kernel/request-error.ts';
import { withoutGivenValues } from './without-given-values.ts';

/** An answer thrown where there is no payload to carry it: on a query's field or when a stream opens. */
const requestCodeOfAnswer: Record<AnswerCode, RequestCode> = {
  VALIDATION: 'BAD_USER_INPUT',
  NOT_FOUND: 'BAD_USER_INPUT',
  FORBIDDEN: 'FORBIDDEN',
  CONFLICT: 'BAD_USER_INPUT',
  IN_USE: 'BAD_USER_INPUT',
  PRECONDITION_FAILED: 'BAD_USER_INPUT',
  CAPABILITY_MISSING: 'CAPABILITY_MISSING',
  QUOTA_EXCEEDED: 'BAD_USER_INPUT',
  UPSTREAM: 'UPSTREAM_UNAVAILABLE',
};

/**
 * What leaves the process on every way out (HTTP, WebSocket, SSE): a known error with its code, or a neutral text. The
 * original stays in the log under the same request id.
 */
export function maskError(error: unknown, requestId: string, logger: Logger): GraphQLError {
  const outer = error instanceof GraphQLError ? error : undefined;
  const cause = outer ? innermost(outer) : error;
  const known = describe(cause, outer);
  const row = known ? errorTable[known.code] : errorRowOf(cause);
  if (row.logLevel === 'error') logger.error({ err: cause, requestId, path: outer?.path }, 'a resolver failed');
  else logger[row.logLevel]({ code: known?.code, requestId, path: outer?.path }, known?.message ?? 'refused');
  return new GraphQLError(known?.message ?? 'Something went wrong on our side', {
    ...(outer?.nodes ? { nodes: outer.nodes } : {}),
    ...(outer?.source ? { source: outer.source } : {}),
    ...(outer?.positions ? { positions: outer.positions } : {}),
    ...(outer?.path ? { path: outer.path } : {}),
    extensions: {
      code: known?.code ?? 'INTERNAL',
      requestId,
      ...(known?.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: known.retryAfterSeconds }),
      ...httpOf(cause),
    },
  });
}

interface KnownError {
  readonly code: RequestCode;
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}

function describe(cause: unknown, outer: GraphQLError | undefined): KnownError | undefined {
  if (cause instanceof RequestError)
    return { code: cause.code, message: cause.message, retryAfterSeconds: cause.retryAfterSeconds };
  if (cause instanceof AnswerError) return { code: requestCodeOfAnswer[cause.code], message: cause.message };
  if (outer && cause instanceof GraphQLError && isAboutResult(outer, cause)) return undefined;
  // A GraphQLError without an original is graphql's own word about the document or its variables.
  if (outer && cause === outer) return { code: codeOf(outer), message: withoutGivenValues(outer.message) };
  if (outer && cause instanceof GraphQLError)
    return { code: codeOf(cause), message: withoutGivenValues(outer.message) };
  return undefined;
}

/**
 * With a place in the answer, graphql's own words are about what a resolver gave (wrong type, null where there may be none)
 * and quote it: our fault, not for the caller. Only arguments are checked that late too.
 */
function isAboutResult(outer: GraphQLError, cause: GraphQLError): boolean {
  const hasCode = typeof codeIn(cause) === 'string';
  return outer.path !== undefined && !hasCode && !outer.message.startsWith('Argument "');
}

function codeOf(error: GraphQLError): RequestCode {
  const code = codeIn(error);
  if (typeof code === 'string' && code in errorTable) return code as RequestCode;
  return error.path || isOfHttp(error) ? 'BAD_USER_INPUT' : 'GRAPHQL_VALIDATION_FAILED';
}

/** Errors of compiled operations have no extensions where there are none. */
function codeIn({ extensions }: { readonly extensions?: Readonly<Record<string, unknown>> | undefined }): unknown {
  return extensions?.code;
}

/** A body that is no JSON, a missing query, a wrong method: the HTTP layer's own word, with no place in a document. */
function isOfHttp(error: unknown): error is GraphQLError {
  const code = error instanceof GraphQLError ? codeIn(error) : undefined;
  return code === 'BAD_REQUEST' || code === 'REQUEST_ENTITY_TOO_LARGE';
}

/** Status and headers of what HTTP itself refuses; they do not show in the answer's body. */
function httpOf(error: unknown): { readonly http?: object } {
  if (!isOfHttp(error)) return {};
  const { status, headers } = (error.extensions.http ?? {}) as { status?: number; headers?: object };
  return status === undefined ? {} : { http: { status, ...(headers ? { headers } : {}) } };
}

/** GraphQLErrors wrap each other on the way through executors; what was thrown first says what happened. */
function innermost(error: GraphQLError): unknown {
  let current: unknown = error;
  for (let depth = 0; depth < 8; depth += 1) {
    if (!(current instanceof GraphQLError) || current.originalError === undefined) return current;
    current = current.originalError;
  }
  return current;
}
