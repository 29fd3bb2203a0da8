import {
  loadOfKind,
  type OperationHandle,
  origin,
  type RequestContext,
  RequestError,
  ValidationError,
} from 'longshore/sdk';
import { type PodObject, podKind } from '../../api.ts';
import type { LogFileSite } from '../../services/log-files/log-files.ts';

/**
 * Whoever looks at a log file needs both rights: it is a log, and it is had by a program that runs in the container. With READ_LOGS
 * alone the gateway would lend its own right to run programs there.
 */
export async function loadLogPod(id: string, context: RequestContext) {
  const target = await loadOfKind(id, podKind, context);
  context.access.requireAllowed('READ_LOGS', target.instance);
  context.access.requireAllowed('EXEC', target.instance);
  return target;
}

export function siteOf(
  pod: PodObject,
  container: string | null | undefined,
  context: RequestContext,
  ticket?: OperationHandle,
): LogFileSite {
  return {
    cluster: context.cluster(pod[origin].cluster),
    pod,
    container,
    principal: context.principal,
    operationId: ticket?.id,
    clock: context.clock,
    signal: context.signal,
  };
}

/** In a query what is wrong with a path is wrong with the request. */
export function asBadInput(error: unknown): unknown {
  return error instanceof ValidationError ? new RequestError('BAD_USER_INPUT', error.message, { cause: error }) : error;
}
