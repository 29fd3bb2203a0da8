import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { ClusterCertificates } from '../certificates/create-certificates.ts';
import type { ClusterLogger } from '../cluster-logger.ts';
import { createOpenApi } from '../openapi/create-openapi.ts';
import type { RecordingRequestLog, RequestRecord } from '../request-log.ts';
import type { ApiContext } from './api-context.ts';
import { type Authentication, authenticate, type TokenTable } from './authenticate.ts';
import { attributesOf, describeRefusal, type UserInfo } from './authorize.ts';
import { createDiscovery } from './discovery.ts';
import { type Documents, dispatch } from './dispatch.ts';
import { type FaultHook, sufferFault } from './faults.ts';
import { type Accepted, negotiate } from './negotiate.ts';
import { readBody } from './read-body.ts';
import { parseRequestInfo, type RequestInfo } from './request-info.ts';
import { sendAnswer } from './send-answer.ts';
import { badRequest, forbidden, forbiddenPath, internalError, StatusError } from './status-error.ts';

export interface ApiServerOptions {
  readonly context: ApiContext;
  readonly certificates: ClusterCertificates;
  readonly tokens: TokenTable;
  readonly requests: RecordingRequestLog;
  /** Whether a user's rights are known by name; an impersonated user without rights acts with the impersonator's. */
  readonly isKnownUser: (username: string) => boolean;
  readonly faults: () => FaultHook | undefined;
  readonly logger: ClusterLogger;
}

/** Idle connections stay this long: longer than any client keeps them, so that a client never writes into a close. */
const keepAliveMs = 90_000;
const plainJson: Accepted = { format: 'json', form: 'object' };

/** The HTTPS server of the cluster, not yet listening. */
export function createApiServer(options: ApiServerOptions): Server {
  const { context, certificates, logger } = options;
  const { catalog } = context.registry;
  const documents: Documents = { discovery: createDiscovery(catalog), openApi: createOpenApi(catalog) };
  const server = createServer(
    {
      cert: certificates.serverCertificate,
      key: certificates.serverKey,
      keepAliveTimeout: keepAliveMs,
      requestTimeout: 0,
    },
    (message, response) => {
      // A client that goes away in the middle is no fault of ours.
      response.on('error', () => undefined);
      message.on('error', () => undefined);
      serve(message, response).catch((error: unknown) => {
        logger.error({ err: error }, 'a request could not be answered');
        response.destroy();
      });
    },
  );
  server.on('tlsClientError', () => undefined);
  server.on('clientError', (_error, socket) => socket.destroy());

  async function serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(message.url ?? '/', 'https://localhost');
    const info = parseRequestInfo(message.method ?? 'GET', url.pathname, url.searchParams);
    const acceptEncoding = String(message.headers['accept-encoding'] ?? '');
    let accepted = plainJson;
    try {
      const authentication = identify(message, url, info);
      const fault = options.faults()?.(authentication.record);
      if (fault !== undefined && !(await sufferFault(fault, context.clock, response))) return;
      authorize(authentication, info);
      accepted =
        info.subresource === 'log' || url.pathname.startsWith('/openapi/')
          ? plainJson
          : negotiate(message.headers.accept);
      const body = await readBody(message);
      const answer = await dispatch(context, documents, {
        method: message.method ?? 'GET',
        query: url.searchParams,
        headers: message.headers,
        info,
        user: authentication.user,
        accepted,
        body,
        response,
      });
      if (answer !== 'streamed') await sendAnswer(response, answer, accepted, acceptEncoding);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal.code === 413) response.setHeader('connection', 'close');
      const retry = refusal.status.details?.retryAfterSeconds;
      if (retry !== undefined && !response.headersSent) response.setHeader('retry-after', retry);
      if (response.headersSent) response.destroy();
      else await sendAnswer(response, { code: refusal.code, body: refusal.status }, accepted, '');
    }
  }

  function identify(message: IncomingMessage, url: URL, info: RequestInfo): Authentication & { record: RequestRecord } {
    try {
      const authentication = authenticate(options.tokens, message.headers);
      const record = recordOf(message, url, info, context.clock.now(), authentication);
      options.requests.record(record);
      return { ...authentication, record };
    } catch (error) {
      options.requests.record(recordOf(message, url, info, context.clock.now(), undefined));
      throw error;
    }
  }

  function authorize({ user, impersonator }: Authentication, info: RequestInfo): void {
    if (impersonator !== undefined) {
      const { username } = user;
      const attributes = {
        verb: 'impersonate',
        group: '',
        resource: 'users',
        subresource: '',
        namespace: '',
        name: username,
      };
      demand(impersonator, attributes);
    }
    const isKnown = impersonator === undefined || options.isKnownUser(user.username);
    demand(isKnown ? user : (impersonator ?? user), attributesOf(info), user);
  }

  function demand(actor: UserInfo, attributes: ReturnType<typeof attributesOf>, named = actor): void {
    const decision = context.authorizer.authorize(actor, attributes);
    if (decision.isAllowed) return;
    const why = describeRefusal(named, attributes) + (decision.reason === '' ? '' : `: ${decision.reason}`);
    if (attributes.path !== undefined) throw forbiddenPath(attributes.path, why);
    throw forbidden({ group: attributes.group, plural: attributes.resource }, attributes.name, why);
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
