import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { OriginGuard } from '../../access/create-origin-guard.ts';
import { maskOnce } from '../../graph/execution/use-mask.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import { RequestError } from '../../kernel/request-error.ts';
import { inSpan, type TraceSpan, type Tracing } from '../../kernel/tracing.ts';
import { SlowReaderError } from '../../live/slow-reader-error.ts';
import type { GraphqlEngine, ServerContext } from '../graphql/create-graphql-engine.ts';
import { graphiqlPage } from '../graphql/graphiql-page.ts';
import { withRequestId } from '../graphql/use-request-id.ts';
import type { Health } from '../health/create-health.ts';
import type { Metrics } from '../telemetry/create-metrics.ts';
import type { ClientOf } from './client-of.ts';
import type { TransferDoor } from './create-transfer-door.ts';
import type { EventStream, EventStreams } from './event-streams.ts';
import { guardedRequest } from './guarded-request.ts';
import type { InFlight } from './in-flight.ts';
import { securityHeaders } from './security-headers.ts';
import { sendGraphqlError, sendText } from './send-error.ts';
import { downloadsPath } from './serve-download.ts';
import { uploadsPath } from './serve-upload.ts';

export interface RequestListenerOptions {
  readonly engine: GraphqlEngine;
  readonly authenticator: Authenticator;
  readonly originGuard: OriginGuard;
  readonly inFlight: InFlight;
  readonly eventStreams: EventStreams;
  readonly downloads: TransferDoor;
  readonly uploads: TransferDoor;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly hasGraphiql: boolean;
  readonly clientOf: ClientOf;
  readonly logger: Logger;
  createContext(
    principal: Principal,
    requestId: string,
    signal: AbortSignal,
    onStreamClosed: (error: Error | undefined) => void,
  ): RequestContext;
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
        : serveGraphql(options, request, response, requestId);
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

/** Why a signal ends with its request. Made once: a DOMException takes its stack along, and that is most of its cost. */
const answered = new DOMException('The request is answered', 'AbortError');

async function serveGraphql(
  options: RequestListenerOptions,
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): Promise<void> {
  if (request.method === 'POST' && !isJson(request))
    return sendText(response, 415, 'The body must be application/json');
  let principal = await options.authenticator.authenticate(request.headers.authorization, options.clientOf(request));
  // Who has gone meanwhile takes no place: no event would give it back.
  if (response.closed) return;
  const leave = options.inFlight.enter(principal.id);
  const controller = new AbortController();
  const startedAt = performance.now();
  const span = startSpan(options, request, requestId);
  response.once('close', () => {
    leave();
    if (span) endSpan(span, response);
    controller.abort(response.writableFinished ? answered : undefined);
    options.metrics.observeRequest('http', response.statusCode, performance.now() - startedAt);
  });
  let stream: EventStream | undefined;
  const createContext = () =>
    options.createContext(principal, requestId, controller.signal, (error) => {
      if (error instanceof SlowReaderError) stream?.endSlow();
    });
  const serverContext: ServerContext = {
    requestContext: createContext(),
    // A body may take half a minute to come: what the token was worth when it began to come is not asked.
    async freshContext() {
      principal = await options.authenticator.authenticate(request.headers.authorization, options.clientOf(request));
      return createContext();
    },
    openEventStream() {
      stream = options.eventStreams.open(principal, response);
      // What goes on for hours is no request under way: it has a limit of its own.
      leave();
      span?.end();
      return stream;
    },
  };
  await inSpan(span, () => options.engine.handle(request, response, serverContext));
}

/** Begins behind the sign-in: nobody else can have their requests traced by asking for it. */
function startSpan(
  { tracing }: RequestListenerOptions,
  request: IncomingMessage,
  requestId: string,
): TraceSpan | undefined {
  const method = request.method ?? 'GET';
  const attributes = {
    'http.request.method': method,
    'http.route': '/graphql',
    'network.protocol.version': request.httpVersion,
    'longshore.request_id': requestId,
  };
  return tracing.start(`${method} /graphql`, 'server', attributes, headerText(request.headers.traceparent));
}

function endSpan(span: TraceSpan, response: ServerResponse): void {
  span.add({ 'http.response.status_code': response.statusCode });
  if (response.statusCode >= 500) span.fail(String(response.statusCode));
  else if (!response.writableFinished) span.fail('client_gone');
  span.end();
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

/** Any page may send the other types (forms, plain text) to any site without asking; nothing but JSON is read. */
const isJson = (request: IncomingMessage): boolean =>
  /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');

const wantsPage = (request: IncomingMessage): boolean =>
  request.method === 'GET' &&
  (headerText(request.headers.accept) ?? '').includes('text/html') &&
  !(request.url ?? '').includes('query=');

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;
