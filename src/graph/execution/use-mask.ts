import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from '../../kernel/logger.ts';
import type { RequestContext } from '../request-context.ts';
import { maskError } from './mask-error.ts';

const masked = new WeakSet<object>();

/** Masks once; what is masked already passes as it is, so that no way out can mask twice or forget it. */
export function maskOnce(error: unknown, requestId: string, logger: Logger): GraphQLError {
  if (error instanceof GraphQLError && masked.has(error)) return error;
  const safe = maskError(error, requestId, logger);
  masked.add(safe);
  return safe;
}

/** Masks what executions and streams answer, with the request's id and log. */
export function useMask(): Plugin<RequestContext> {
  const maskResult = <T extends { errors?: readonly unknown[] | undefined }>(result: T, context: RequestContext): T =>
    result.errors
      ? { ...result, errors: result.errors.map((error) => maskOnce(error, context.requestId, context.logger)) }
      : result;

  return {
    onExecute({ args }) {
      const context = args.contextValue as unknown as RequestContext;
      return {
        onExecuteDone({ result, setResult }) {
          if (isResult(result) && result.errors) setResult(maskResult(result, context));
        },
      };
    },
    onSubscribe({ args }) {
      const context = args.contextValue as unknown as RequestContext;
      return {
        onSubscribeError({ error, setError }) {
          setError(maskOnce(error, context.requestId, context.logger));
        },
        onSubscribeResult({ result, setResult }) {
          if (isResult(result)) setResult(maskResult(result, context));
          return {
            onNext({ result: next, setResult: setNext }) {
              if (next.errors) setNext(maskResult(next, context));
            },
          };
        },
      };
    },
  };
}

function isResult(value: unknown): value is ExecutionResult {
  return typeof value === 'object' && value !== null && !(Symbol.asyncIterator in value);
}
