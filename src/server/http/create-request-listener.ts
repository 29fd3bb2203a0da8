import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { OriginGuard } from '../../access/create-origin-guard.ts';
import { maskOnce } from '../../graph/execution/use-mask.ts';
import type { Logger } from '../../kernel/logger.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { graphiqlPage } from '../graphql/graphiql-page.ts';
import { withRequestId } from '../graphql/use-request-id.ts';
import type { Health } from '../health/create-health.ts';
import type { Metrics } from '../telemetry/create-metrics.ts';
import type { ClientOf } from './client-of.ts';
import type { GraphqlDoor } from './create-graphql-door.ts';
import type { TransferDoor } from './create-transfer-door.ts';
import { guardedRequest } from './guarded-request.ts';
import { securityHeaders } from './security-headers.ts';
import { sendGraphqlError, sendText } from './send-error.ts';
import { downloadsPath } from './serve-download.ts';
import { uploadsPath } from './serve-upload.ts';

export interface RequestListenerOptions {
  readonly serveGraphql: GraphqlDoor;
  readonly authenticator: Authenticator;
  readonly originGuard: OriginGuard;
  readonly downloads: TransferDoor;
  readonly uploads: TransferDoor;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly hasGraphiql: boolean;
  readonly clientOf: ClientOf;
  readonly logger: Logger;
  newRequestId(): string;
}

/** Every HTTP request: guard of Host and Origin, then the route. What is not a route is 404 without a word. */
export function createRequestListener(options: RequestListenerOptions): RequestListener {
  return (request, response) => {
    const requestId = options.newRequestId();
    response.setHeader('x-request-id', requestId);
    for (const [name, value] of securityHeaders) response.setHeader(name, value);
    // Whoever keeps this connection would find it closed one day soon, perhaps with a request on its way.
    if (options.health.isDraining) response.setHeader('connection', 'close');
    route(options, request, response, requestId).catch((error: unknown) => {
      fail(options, response, requestId, error);
    });
  };
}

async function route(
  options: RequestListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  const guarded = guardedRequest(request);
  const { path } = guarded;
  const verdict = options.originGuard.check(guarded);
  if (!verdict.ok) {
    options.logger.info({ requestId, reason: verdict.reason, path }, 'a request was refused at the door');
    return sendText(response, verdict.status, verdict.reason);
  }
  switch (path) {
    case '/graphql':
      return options.hasGraphiql && wantsPage(request)
        ? sendGraphiql(request, response)
        : options.serveGraphql(request, response, requestId);
    case '/':
      if (!options.hasGraphiql) return sendText(response, 404, 'Not found');
      response.writeHead(302, { location: '/graphql' }).end();
      return;
    case '/livez':
      return sendText(response, 200, 'ok');
    case '/readyz':
      return serveReadiness(options, request, response);
    case '/metrics':
      return serveMetrics(options, request, response);
    default:
      if (path.startsWith(downloadsPath)) return options.downloads.serve(request, response, path, requestId);
      if (path.startsWith(uploadsPath)) return options.uploads.serve(request, response, path, requestId);
      return sendText(response, 404, 'Not found');
  }
}

function fail(options: RequestListenerOptions, response: ServerResponse, requestId: string, error: unknown): void {
  const masked = withRequestId(maskOnce(error, requestId, options.logger), requestId);
  if (response.headersSent) response.destroy();
  else sendGraphqlError(response, masked);
}

async function sendGraphiql(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const page = await graphiqlPage();
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    etag: page.etag,
    'cache-control': 'no-cache',
    vary: 'accept, accept-encoding',
  };
  if (request.headers['if-none-match'] === page.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const takesGzip = /\bgzip\b/.test(headerText(request.headers['accept-encoding']) ?? '');
  const body = takesGzip ? page.gzipped : page.html;
  response.writeHead(200, {
    ...headers,
    'content-length': body.length,
    ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(body);
}

/** Ready or not is for everybody; why is for administrators. */
async function serveReadiness(
  options: RequestListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const report = await options.health.readiness();
  if (!isVerbose(request)) return sendText(response, report.isReady ? 200 : 503, report.isReady ? 'ok' : 'not ready');
  await assertAdministrator(options, request);
  const body = JSON.stringify(report, null, 2);
  response.writeHead(report.isReady ? 200 : 503, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(`${body}\n`);
}

async function serveMetrics(
  options: RequestListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!options.metrics.isTokenValid(request.headers.authorization)) await assertAdministrator(options, request);
  const { contentType, text } = await options.metrics.scrape();
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' });
  response.end(text);
}

async function assertAdministrator(
  { authenticator, clientOf }: Pick<RequestListenerOptions, 'authenticator' | 'clientOf'>,
  request: IncomingMessage,
): Promise<void> {
  const principal = await authenticator.authenticate(request.headers.authorization, clientOf(request));
  if (!principal.roles.includes('ADMIN')) throw new RequestError('FORBIDDEN', 'Only an administrator may see this');
}

const isVerbose = (request: IncomingMessage): boolean =>
  new URL(request.url ?? '/', 'http://localhost').searchParams.has('verbose');

const wantsPage = (request: IncomingMessage): boolean =>
  request.method === 'GET' &&
  (headerText(request.headers.accept) ?? '').includes('text/html') &&
  !(request.url ?? '').includes('query=');

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;
