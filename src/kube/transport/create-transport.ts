import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import type { WebSocket } from 'ws';
import { AnswerError, UpstreamError } from '../../kernel/answer-error.ts';
import { type Clock, sleep } from '../../kernel/clock.ts';
import { currentSpan, inSpan } from '../../kernel/tracing.ts';
import { type ClusterSettings, limitsOf } from '../cluster-settings.ts';
import type { KubeMetrics } from '../kube-metrics.ts';
import { createBreakers } from './breakers.ts';
import type { ClusterTransport, KubeRequest } from './cluster-transport.ts';
import { ConnectionError } from './connection-error.ts';
import { createAgent } from './create-agent.ts';
import { type AppliedCredentials, createCredentials } from './create-credentials.ts';
import { createDeadline, type Deadline } from './create-deadline.ts';
import { describeFault, isStaleConnection } from './describe-fault.ts';
import { dialWebSocket } from './dial-web-socket.ts';
import { impersonationHeaders } from './impersonation-headers.ts';
import { KubeStatusError } from './kube-status-error.ts';
import { openStream } from './open-stream.ts';
import { readAuditId, readJson, readRefusal, readWarnings } from './read-body.ts';
import { createRequestGate } from './request-gate.ts';
import { endRequestSpan, startRequestSpan } from './request-span.ts';
import { describeSubject, translateStatus, upstreamName } from './translate-failure.ts';
import { untilAborted } from './until-aborted.ts';

/** A server that wants a longer pause than this is answered for, not waited for. */
const maxRetryAfterSeconds = 10;

type RawResponse = Dispatcher.ResponseData;

/** The transport of one cluster: undici for the wire, client-node's KubeConfig for the credentials. */
export function createTransport(options: {
  readonly settings: ClusterSettings;
  readonly clock: Clock;
  readonly metrics: KubeMetrics;
  /** 0 to below 1; tests make it predictable. */
  readonly random?: () => number;
}): ClusterTransport {
  const { settings, clock, metrics, random = Math.random } = options;
  const cluster = settings.name;
  const limits = limitsOf(settings);
  const credentials = createCredentials({ source: settings.source, addresses: settings.addresses, clock });
  const breakers = createBreakers(clock);
  const gate = createRequestGate({ clock, ...limits });
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  let agent: { key: string; dispatcher: Dispatcher } | undefined;
  const retired = new Set<Dispatcher>();
  let openStreams = 0;
  const openSockets = new Set<WebSocket>();
  let dialing = 0;
  let pending = 0;

  function dispatcherFor(applied: AppliedCredentials): Dispatcher {
    if (agent?.key !== applied.connectionKey) {
      if (agent !== undefined) retire(agent.dispatcher);
      agent = { key: applied.connectionKey, dispatcher: createAgent(applied) };
    }
    return agent.dispatcher;
  }

  /** Streams on the old connections go on until they end. */
  function retire(dispatcher: Dispatcher): void {
    retired.add(dispatcher);
    dispatcher.close().then(
      () => retired.delete(dispatcher),
      () => retired.delete(dispatcher),
    );
  }

  function headersOf(request: KubeRequest, applied: AppliedCredentials): Record<string, string | string[]> {
    const traceparent = currentSpan()?.traceparent;
    const isAsCaller =
      settings.identity === 'impersonate' && request.principal !== undefined && request.principal.kind !== 'SYSTEM';
    return {
      accept: request.accept ?? 'application/json',
      'user-agent': 'longshore',
      ...(request.body === undefined ? {} : { 'content-type': request.contentType ?? 'application/json' }),
      ...(request.operationId === undefined ? {} : { 'audit-id': request.operationId }),
      ...(traceparent === undefined ? {} : { traceparent }),
      ...applied.headers,
      ...(isAsCaller && request.principal !== undefined ? impersonationHeaders(request.principal) : {}),
    };
  }

  async function send(
    request: KubeRequest,
    deadline: Deadline,
  ): Promise<{ response: RawResponse; applied: AppliedCredentials }> {
    const applied = await untilAborted(credentials.current(), deadline.signal);
    const { server } = applied;
    const response = await dispatcherFor(applied).request({
      origin: server.origin,
      path: `${server.pathname.replace(/\/$/, '')}${request.path}${queryOf(request)}`,
      method: request.method ?? 'GET',
      headers: headersOf(request, applied),
      body: request.body === undefined ? null : JSON.stringify(request.body),
      signal: deadline.signal,
    });
    // A body that is aborted while nobody reads it must not become an uncaught exception.
    response.body.on('error', () => {});
    return { response, applied };
  }

  /** Sends and repeats what may be repeated: once with fresh credentials, once after a pause, once on a new connection. */
  async function sendPatiently(request: KubeRequest, deadline: Deadline): Promise<RawResponse> {
    const repeated = new Set<'401' | '429' | 'stale'>();
    for (;;) {
      let sent: Awaited<ReturnType<typeof send>>;
      try {
        sent = await send(request, deadline);
      } catch (error) {
        const isSafe = (request.method ?? 'GET') === 'GET';
        if (!isSafe || repeated.has('stale') || deadline.signal.aborted || !isStaleConnection(error)) throw error;
        repeated.add('stale');
        continue;
      }
      const { response, applied } = sent;
      if (response.statusCode < 400) return response;
      const refusal = await readRefusal(request, response);
      if (refusal.status === 401 && !repeated.has('401')) {
        repeated.add('401');
        credentials.refused(applied);
        continue;
      }
      const pauseSeconds = refusal.retryAfterSeconds;
      const isThrottled =
        refusal.status === 429 && !refusal.causes.some((cause) => cause.reason === 'DisruptionBudget');
      if (isThrottled && !repeated.has('429') && pauseSeconds !== undefined && pauseSeconds <= maxRetryAfterSeconds) {
        repeated.add('429');
        await sleep(clock, pauseSeconds * 1_000 * (1 + random() * 0.5), deadline.signal);
        deadline.signal.throwIfAborted();
        continue;
      }
      throw refusal;
    }
  }

  /** Everything around one request: breaker, deadline, metrics, translation. */
  async function guarded<T>(request: KubeRequest, run: (deadline: Deadline) => Promise<T>): Promise<T> {
    const group = request.kind?.group ?? '';
    const isRead = (request.method ?? 'GET') === 'GET';
    const startedAt = clock.now();
    const timeoutMs = request.timeoutMs ?? (isRead ? limits.readTimeoutMs : limits.writeTimeoutMs);
    const deadline = createDeadline(clock, timeoutMs, [request.signal, stopping.signal]);
    const span = startRequestSpan(cluster, request);
    let outcome = 'ok';
    pending += 1;
    metrics.pending(cluster, pending);
    try {
      deadline.signal.throwIfAborted();
      breakers.enter(group, request.isProbe);
      const result = await inSpan(span, () => run(deadline));
      breakers.judge(group, 200, undefined);
      return result;
    } catch (error) {
      const reason: unknown = deadline.signal.aborted ? deadline.signal.reason : error;
      if (deadline.signal.aborted && !(reason instanceof ConnectionError)) {
        outcome = 'aborted';
        throw reason;
      }
      if (reason instanceof KubeStatusError) {
        outcome = String(reason.status);
        breakers.judge(group, reason.status, reason, request.isOfNode);
        throw reason.status === 401 ? credentialsRefused(reason) : translateStatus(reason, { ...request, cluster });
      }
      if (reason instanceof AnswerError) {
        outcome = reason.code;
        throw reason;
      }
      const fault = describeFault(reason);
      outcome = fault.fault;
      breakers.judge(group, 0, fault, request.isOfNode);
      const what = request.kind === undefined ? '' : ` for ${describeSubject({ ...request, cluster })}`;
      throw unanswered(what, fault);
    } finally {
      deadline.dispose();
      pending -= 1;
      metrics.pending(cluster, pending);
      metrics.request(cluster, request.method ?? 'GET', outcome, clock.now() - startedAt);
      if (span) endRequestSpan(span, outcome);
    }
  }

  /** One short request with its whole answer. */
  function exchange<T>(request: KubeRequest, read: (response: RawResponse) => Promise<T>): Promise<T> {
    return guarded(request, async (deadline) => {
      const leave = await gate.enter(deadline.signal);
      try {
        return await read(await sendPatiently(request, deadline));
      } finally {
        leave();
      }
    });
  }

  /** Once more with fresh credentials where the cluster refused those it was shown. */
  async function dial(request: KubeRequest, protocols: readonly string[], deadline: Deadline): Promise<WebSocket> {
    for (let isAgain = false; ; isAgain = true) {
      const applied = await untilAborted(credentials.current(), deadline.signal);
      const { accept: _none, ...headers } = headersOf(request, applied);
      const path = `${applied.server.pathname.replace(/\/$/, '')}${request.path}${queryOf(request)}`;
      try {
        return await dialWebSocket({ path, protocols, headers, credentials: applied, signal: deadline.signal });
      } catch (error) {
        if (isAgain || !(error instanceof KubeStatusError) || error.status !== 401) throw error;
        credentials.refused(applied);
      }
    }
  }

  function refuseMoreThan(open: number): void {
    if (open < limits.streams) return;
    const fault = new ConnectionError('busy', `${limits.streams} streams are already open`);
    throw new UpstreamError(upstreamName(cluster), `Cluster '${cluster}': ${fault.message}`, { cause: fault });
  }

  function unanswered(what: string, cause: ConnectionError): UpstreamError {
    return new UpstreamError(upstreamName(cluster), `Cluster '${cluster}' did not answer${what}: ${cause.message}`, {
      cause,
    });
  }

  function credentialsRefused(cause: KubeStatusError): UpstreamError {
    return new UpstreamError(upstreamName(cluster), `Cluster '${cluster}' refused the gateway's credentials.`, {
      cause,
    });
  }

  return {
    cluster,
    json: (request) =>
      exchange(request, async (response) => {
        const body = await readJson(response.body, limits.maxResponseBytes);
        return { body, warnings: readWarnings(request, response), auditId: readAuditId(response) };
      }),
    read: (request, decode) => exchange(request, ({ body }) => decode(body, limits.maxResponseBytes)),
    async stream(request) {
      refuseMoreThan(openStreams);
      openStreams += 1;
      try {
        const response = await guarded(request, (deadline) => sendPatiently(request, deadline));
        return openStream(response, [request.signal, stopping.signal], () => {
          openStreams -= 1;
        });
      } catch (error) {
        openStreams -= 1;
        throw error;
      }
    },
    async webSocket(request, protocols) {
      refuseMoreThan(openSockets.size + dialing);
      dialing += 1;
      try {
        const socket = await guarded(request, (deadline) => dial(request, protocols, deadline));
        openSockets.add(socket);
        socket.once('close', () => openSockets.delete(socket));
        return socket;
      } finally {
        dialing -= 1;
      }
    },
    get isReachable() {
      return !breakers.cluster.isOpen;
    },
    get problem() {
      return breakers.cluster.problem;
    },
    get nextProbeAt() {
      return breakers.cluster.nextProbeAt;
    },
    onReachable: (listener) => breakers.cluster.onChange((isOpen) => listener(!isOpen)),
    trip: (error) => breakers.cluster.trip(error),
    async contextNamespace() {
      try {
        return (await credentials.current()).namespace;
      } catch {
        return undefined;
      }
    },
    async endpoint() {
      const { server, tls } = await credentials.current();
      const { ca } = tls;
      const certificateAuthority = ca === undefined ? undefined : Buffer.from([ca].flat().join('\n')).toString();
      return { server: server.href.replace(/\/$/, ''), certificateAuthority };
    },
    async stop() {
      stopping.abort(new ConnectionError('network', 'the gateway is stopping'));
      credentials.stop();
      for (const socket of openSockets) socket.terminate();
      const dispatchers = [...retired, ...(agent === undefined ? [] : [agent.dispatcher])];
      await Promise.allSettled(dispatchers.map((dispatcher) => dispatcher.destroy()));
    },
  };
}

function queryOf(request: KubeRequest): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) query.append(name, String(one));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
