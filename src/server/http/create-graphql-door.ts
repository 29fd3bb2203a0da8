import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { PermissionTable } from '../../access/create-permission-table.ts';
import type { OperationReport } from '../../graph/cost/use-cost.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import type { AnswerCache, AnswerKey } from '../../graph/reuse/answer-cache.ts';
import { giveAgain } from '../../graph/reuse/give-again.ts';
import type { Principal } from '../../kernel/principal.ts';
import { inSpan, type TraceSpan, type Tracing } from '../../kernel/tracing.ts';
import { SlowReaderError } from '../../live/slow-reader-error.ts';
import type { AddressGuard } from '../fairness/address-guard.ts';
import type { FairShares } from '../fairness/fair-shares.ts';
import type { GraphqlEngine } from '../graphql/create-graphql-engine.ts';
import type { Metrics } from '../telemetry/create-metrics.ts';
import type { ClientOf } from './client-of.ts';
import type { EventStream, EventStreams } from './event-streams.ts';
import {
  createKnownRequests,
  isThere,
  type KnownRequest,
  type KnownRequests,
  readAhead,
  sentAs,
} from './known-requests.ts';
import { sendText } from './send-error.ts';

export interface GraphqlDoorOptions {
  readonly engine: GraphqlEngine;
  readonly answers: AnswerCache;
  readonly authenticator: Authenticator;
  readonly permissions: Pick<PermissionTable, 'for'>;
  readonly fairShares: FairShares;
  readonly addressGuard: AddressGuard;
  readonly eventStreams: EventStreams;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly clientOf: ClientOf;
  /** Of each query and mutation, at its end. */
  readonly reportOperation: (report: OperationReport) => void;
  createContext(
    principal: Principal,
    requestId: string,
    signal: AbortSignal,
    onStreamClosed: (error: Error | undefined) => void,
  ): RequestContext;
}

export type GraphqlDoor = (request: IncomingMessage, response: ServerResponse, requestId: string) => Promise<void>;

/** Why a signal ends with its request. Made once: a DOMException takes its stack along, and that is most of its cost. */
const answered = new DOMException('The request is answered', 'AbortError');

/** GraphQL over HTTP: sign-in, a place among the requests under way, then the engine; or the answer that still holds. */
export function createGraphqlDoor(options: GraphqlDoorOptions): GraphqlDoor {
  const known = createKnownRequests();
  return async (request, response, requestId) => {
    if (request.method === 'POST' && !isJson(request))
      return sendText(response, 415, 'The body must be application/json');
    const { authenticator, clientOf } = options;
    const { authorization } = request.headers;
    const client = clientOf(request);
    const signIn = () =>
      options.addressGuard.signIn(client.address, authorization, () =>
        authenticator.authenticate(authorization, client),
      );
    const principal = await signIn();
    // Who has gone meanwhile takes no place: no event would give it back.
    if (response.closed) return;
    const isWhole = isThere(request);
    const granted = options.fairShares.enter(principal.id);
    const { budget, leave } = granted instanceof Promise ? await granted : granted;
    if (response.closed) return leave();
    const controller = new AbortController();
    const startedAt = performance.now();
    const span = startSpan(options, request, requestId);
    response.once('close', () => {
      leave();
      if (span) endSpan(span, response);
      controller.abort(response.writableFinished ? answered : undefined);
      options.metrics.observeRequest('http', response.statusCode, performance.now() - startedAt);
    });
    const asked = await readAhead(request);
    if (response.closed) return;
    // A body may take half a minute to come, and a place a second: what the token was worth before is not asked.
    const isFresh = isWhole && !(granted instanceof Promise);
    let caller = isFresh || asked === undefined ? principal : await signIn();
    const again = asked === undefined ? undefined : known.find(asked);
    if (again && sendAgain(options, again, { principal: caller, requestId, span }, response)) {
      budget.spend('query', 0);
      return;
    }
    let stream: EventStream | undefined;
    const contextFor = (whom: Principal) =>
      options.createContext(whom, requestId, controller.signal, (error) => {
        if (error instanceof SlowReaderError) stream?.endSlow();
      });
    await inSpan(span, () =>
      options.engine.handle(request, response, {
        requestId,
        budget,
        async contextOf() {
          if (asked === undefined) caller = await signIn();
          return contextFor(caller);
        },
        openEventStream() {
          stream = options.eventStreams.open(caller, response);
          // What goes on for hours is no request under way: it has a limit of its own.
          leave();
          span?.end();
          return stream;
        },
        ...(asked !== undefined && !asksForCost(asked) && { knownAs: remember(known, asked, response) }),
      }),
    );
  };
}

/** Keeps what a request came to once its answer is sent; an answer of another kind than JSON is none to give again. */
function remember(known: KnownRequests, asked: string, response: ServerResponse): (key: AnswerKey) => void {
  return (key) => {
    response.once('finish', () => {
      const contentType = sentAs(response);
      if (contentType !== undefined) known.keep(asked, { key, contentType });
    });
  };
}

function sendAgain(
  options: GraphqlDoorOptions,
  { key, contentType }: KnownRequest,
  caller: { readonly principal: Principal; readonly requestId: string; readonly span: TraceSpan | undefined },
  response: ServerResponse,
): boolean {
  const { answers: cache, reportOperation: report, permissions } = options;
  const rights = permissions.for(caller.principal).canonical;
  const bytes = inSpan(caller.span, () => giveAgain({ cache, report }, { ...key, rights }, caller));
  if (bytes === undefined) return false;
  response.writeHead(200, { 'content-type': contentType, 'content-length': bytes.byteLength }).end(bytes);
  return true;
}

/** What an operation cost is told in its answer, and is another each time. */
const asksForCost = (asked: string): boolean => asked.includes('"extensions"') && asked.includes('"cost"');

/** Begins behind the sign-in: nobody else can have their requests traced by asking for it. */
function startSpan(
  { tracing }: Pick<GraphqlDoorOptions, 'tracing'>,
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
  return tracing.start(`${method} /graphql`, 'server', attributes, [request.headers.traceparent].flat()[0]);
}

function endSpan(span: TraceSpan, response: ServerResponse): void {
  span.add({ 'http.response.status_code': response.statusCode });
  if (response.statusCode >= 500) span.fail(String(response.statusCode));
  else if (!response.writableFinished) span.fail('client_gone');
  span.end();
}

/** Any page may send the other types (forms, plain text) to any site without asking; nothing but JSON is read. */
const isJson = (request: IncomingMessage): boolean =>
  /^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '');
