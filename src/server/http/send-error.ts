import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import { errorTable } from '../../kernel/error-table.ts';

/** A refusal before any GraphQL happened, in the shape of a GraphQL response. */
export function sendGraphqlError(response: ServerResponse, error: GraphQLError): void {
  const code = String(error.extensions.code ?? 'INTERNAL');
  const row = code in errorTable ? errorTable[code as keyof typeof errorTable] : errorTable.INTERNAL;
  const retryAfter = error.extensions.retryAfterSeconds;
  const body = JSON.stringify({ errors: [error.toJSON()] });
  // Those codes stand beside data elsewhere; here nothing was answered.
  const status = row.httpStatus !== 200 ? row.httpStatus : row.isRetryable ? 503 : 400;
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(code === 'UNAUTHENTICATED' ? { 'www-authenticate': 'Bearer' } : {}),
    ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
  });
  response.end(body);
}

/** A refusal of a request that is not GraphQL. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  const body = `${text}\n`;
  response.writeHead(status, {
    'content-type': 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...headers,
  });
  response.end(body);
}
