import { type IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { AccessAttributes, UserInfo } from '../access/authorizer.ts';
import type { Impersonator } from '../access/create-impersonator.ts';
import { describeRefusal, refusal } from '../access/describe-refusal.ts';
import { readImpersonation } from '../access/impersonation-headers.ts';
import type { Requester } from '../access/requester.ts';
import type { ClusterCertificates } from '../certificates/create-certificates.ts';
import type { ClusterLogger } from '../cluster-logger.ts';
import { createOpenApi } from '../openapi/create-openapi.ts';
import type { RecordingRequestLog, RequestRecord } from '../request-log.ts';
import type { ApiContext } from './api-context.ts';
import { attributesOf } from './attributes-of.ts';
import { auditIdOf } from './audit-id.ts';
import { createDiscovery } from './discovery.ts';
import { type Documents, dispatch } from './dispatch.ts';
import { type FaultHook, sufferFault } from './faults.ts';
import { type Accepted, negotiate } from './negotiate.ts';
import { readBody } from './read-body.ts';
import { parseRequestInfo, type RequestInfo } from './request-info.ts';
import { sendAnswer } from './send-answer.ts';
import { badRequest, internalError, StatusError } from './status-error.ts';
import type { UpgradeRequest } from './streaming/accept-socket.ts';
import { adoptSubprotocolBearer } from './streaming/bearer-subprotocol.ts';

export interface ApiServerOptions {
  readonly context: ApiContext;
  readonly certificates: ClusterCertificates;
  readonly requests: RecordingRequestLog;
  readonly impersonator: Impersonator;
  readonly requesterOf: (user: UserInfo) => Requester;
  readonly faults: () => FaultHook | undefined;
  readonly logger: ClusterLogger;
}

/** Who sent the request and, after impersonation, who it acts as. */
interface Authentication {
  readonly user: UserInfo;
  readonly impersonator: UserInfo | undefined;
}

/** Idle connections stay this long: longer than any client keeps them, so that a client never writes into a close. */
const keepAliveMs = 90_000;
const sessionSubresources = new Set(['exec', 'attach', 'portforward']);
const plainJson: Accepted = { format: 'json', form: 'object' };

/** The HTTPS server of the cluster, not yet listening. */
export function createApiServer(options: ApiServerOptions): Server {
  const { context, certificates, logger } = options;
  const { catalog } = context.registry;
  const documents: Documents = {
    discovery: createDiscovery(catalog, context.usage() !== undefined),
    openApi: createOpenApi(catalog),
  };
  const server = createServer(
    {
      cert: certificates.serverCertificate,
      key: certificates.serverKey,
      // Clients may show a certificate of the cluster's authority; what it is worth is decided per request.
      ca: certificates.caCertificate,
      requestCert: true,
      rejectUnauthorized: false,
      keepAliveTimeout: keepAliveMs,
      requestTimeout: 0,
      // Everything else that asks for another protocol (SPDY, h2c) is answered as if it had not.
      shouldUpgradeCallback: (message) => isSocketRequest(message),
    },
    (message, response) => {
      // A client that goes away in the middle is no fault of ours.
      response.on('error', () => undefined);
      message.on('error', () => undefined);
      response.setHeader('audit-id', auditIdOf(message));
      serve(message, response).catch((error: unknown) => {
        logger.error({ err: error }, 'a request could not be answered');
        response.destroy();
      });
    },
  );
  server.on('upgrade', (message, socket, head) => {
    adoptSubprotocolBearer(message);
    const response = responseOn(message, socket);
    const release = (): void => response.detachSocket(socket as Socket);
    serve(message, response, { message, socket, head, release }).catch((error: unknown) => {
      logger.error({ err: error }, 'a WebSocket could not be opened');
      socket.destroy();
    });
  });
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (_error, socket) => socket.destroy());

  async function serve(message: IncomingMessage, response: ServerResponse, upgrade?: UpgradeRequest): Promise<void> {
    const url = new URL(message.url ?? '/', 'https://localhost');
    const info = parseRequestInfo(message.method ?? 'GET', url.pathname, url.searchParams);
    const acceptEncoding = String(message.headers['accept-encoding'] ?? '');
    let accepted = plainJson;
    try {
      const authentication = await identify(message, url, info);
      const fault = options.faults()?.(authentication.record);
      if (fault !== undefined && !(await sufferFault(fault, context.clock, response))) return;
      authorize(authentication.user, info, url.searchParams);
      const isText = info.subresource === 'log' || textPaths.test(url.pathname);
      accepted = isText ? plainJson : negotiate(message.headers.accept, isDiscovery(info));
      const body = upgrade === undefined ? await readBody(message) : Buffer.alloc(0);
      const answer = await dispatch(context, documents, {
        method: message.method ?? 'GET',
        query: url.searchParams,
        headers: message.headers,
        info,
        user: authentication.user,
        requester: options.requesterOf(authentication.user),
        accepted,
        body,
        response,
        ...(upgrade === undefined ? {} : { upgrade }),
      });
      if (answer !== 'streamed') await sendAnswer(response, answer, accepted, acceptEncoding);
    } catch (error) {
      const refused = refusalOf(error);
      if (refused.code === 413) response.setHeader('connection', 'close');
      const retry = refused.status.details?.retryAfterSeconds;
      if (retry !== undefined && !response.headersSent) response.setHeader('retry-after', retry);
      if (response.headersSent) response.destroy();
      else await sendAnswer(response, { code: refused.code, body: refused.status }, accepted, '');
    }
  }

  async function identify(
    message: IncomingMessage,
    url: URL,
    info: RequestInfo,
  ): Promise<Authentication & { record: RequestRecord }> {
    const time = context.clock.now();
    try {
      const authentication = await authenticate(message, attributesOf(info, url.searchParams));
      const record = recordOf(message, url, info, time, authentication);
      options.requests.record(record);
      return { ...authentication, record };
    } catch (error) {
      options.requests.record(recordOf(message, url, info, time, undefined));
      throw error;
    }
  }

  async function authenticate(message: IncomingMessage, asked: AccessAttributes): Promise<Authentication> {
    const requester = await context.authenticator.authenticate(message);
    const wanted = readImpersonation(message);
    if (wanted === undefined) return { user: requester, impersonator: undefined };
    const user = options.impersonator.impersonate(requester, wanted, asked);
    return { user, impersonator: requester };
  }

  function authorize(user: UserInfo, info: RequestInfo, query: URLSearchParams): void {
    const asked = attributesOf(info, query);
    demand(user, asked);
    // Opening a session takes two verbs, so that a right to read never runs a command (since 1.35).
    const isSession = info.isResource && info.resource === 'pods' && sessionSubresources.has(info.subresource);
    if (isSession && info.verb === 'get') demand(user, { ...asked, verb: 'create' });
  }

  function demand(user: UserInfo, attributes: AccessAttributes): void {
    const decision = context.authorizer.authorize(user, attributes);
    if (!decision.isAllowed) throw refusal(attributes, describeRefusal(user, attributes, decision.reason));
  }

  function refusalOf(error: unknown): StatusError {
    if (error instanceof StatusError) return error;
    // The only range we can leave is the stack's: a body nested thousands of levels deep.
    if (error instanceof RangeError) return badRequest('the object provided is nested too deeply');
    logger.error({ err: error }, 'a request failed inside the embedded cluster');
    return internalError('the embedded cluster failed; its log has the cause');
  }

  return server;
}

/** What comes in one form whatever a client accepts, or negotiates for itself. */
const textPaths = /^\/(openapi|healthz|livez|readyz)(\/|$)/;

function isDiscovery(info: RequestInfo): boolean {
  return !info.isResource && /^\/apis?(\/|$)/.test(info.path);
}

/** Whether the request wants a WebSocket for a session in a container. */
function isSocketRequest(message: IncomingMessage): boolean {
  return (
    message.headers.upgrade?.toLowerCase() === 'websocket' &&
    /\/(exec|attach|portforward)(\?|$)/.test(message.url ?? '')
  );
}

/** For the refusals of a request that came for its socket. */
function responseOn(message: IncomingMessage, socket: Duplex): ServerResponse {
  const response = new ServerResponse(message);
  response.shouldKeepAlive = false;
  socket.on('error', () => undefined);
  response.on('error', () => undefined);
  // A TLS socket is all that a response asks of a plain one.
  response.assignSocket(socket as Socket);
  response.once('finish', () => socket.end());
  return response;
}

function recordOf(
  message: IncomingMessage,
  url: URL,
  info: RequestInfo,
  time: number,
  authentication: Authentication | undefined,
): RequestRecord {
  const { verb, group, resource, subresource, namespace, name } = info;
  return {
    time,
    method: message.method ?? 'GET',
    path: url.pathname,
    query: url.search.slice(1),
    verb,
    group,
    resource,
    subresource,
    namespace,
    name,
    user: authentication?.user.username ?? '',
    groups: authentication?.user.groups ?? [],
    ...(authentication?.impersonator === undefined ? {} : { impersonator: authentication.impersonator.username }),
    userAgent: message.headers['user-agent'] ?? '',
  };
}
