import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { maskOnce } from '../../graph/execution/use-mask.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { ServerContext } from './create-graphql-engine.ts';

/**
 * Errors of the body and of parsing are masked before the request's context is at hand: they get its id here. Those of
 * validation come through no other hook over HTTP, so they are masked here too.
 */
export function useRequestId(logger: Logger): Plugin {
  return {
    onResultProcess({ result, serverContext, setResult }) {
      const { requestId } = serverContext as unknown as ServerContext;
      if (Array.isArray(result) || Symbol.asyncIterator in result || !result.errors) return;
      setResult({
        ...result,
        errors: result.errors.map((error) => withRequestId(maskOnce(error, requestId, logger), requestId)),
      });
    },
  };
}

/** The same error with this request's id. */
export function withRequestId(error: GraphQLError, requestId: string): GraphQLError {
  if (error.extensions.requestId === requestId) return error;
  return new GraphQLError(error.message, {
    ...(error.nodes ? { nodes: error.nodes } : {}),
    ...(error.source ? { source: error.source } : {}),
    ...(error.positions ? { positions: error.positions } : {}),
    ...(error.path ? { path: error.path } : {}),
    extensions: { ...error.extensions, requestId },
  });
}
