import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { threadId } from 'node:worker_threads';
import { parseLabelSelector } from '../syntax/parse-label-selector.ts';
import { createFakeStore, type FakeEvent, type FakeKind, type FakeObject, type FakeStore } from './fake-store.ts';

export interface RecordedRequest {
  readonly method: string;
  /** Path as it came over the wire, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly isWatch: boolean;
}

/** Answers a request instead of the server; false leaves it to the server. */
export type Interceptor = (request: RecordedRequest, response: ServerResponse) => boolean | Promise<boolean>;

export interface OpenWatch {
  readonly plural: string;
  readonly request: RecordedRequest;
  /** Sends raw text. */
  write(text: string): void;
  send(type: string, object: object): void;
  end(): void;
  reset(): void;
  /** From now on nothing arrives any more, without any sign of it. */
  mute(): void;
}

/** A small API server under the control of a test. */
export interface FakeApi {
  readonly url: string;
  readonly store: FakeStore;
  readonly requests: RecordedRequest[];
  readonly watches: Set<OpenWatch>;
  readonly connections: number;
  isAggregated: boolean;
  kinds: FakeKind[];
  /** Groups whose own server does not answer. */
  brokenGroups: Set<string>;
  /** The newest is asked first; returns its removal. */
  intercept(interceptor: Interceptor): () => void;
  count(matches: (request: RecordedRequest) => boolean): number;
  /** A kubeconfig whose only context has this name. */
  kubeconfig(context?: string, user?: object): string;
  /** Refuses connections, as a stopped server does, until `listen`. */
  close(): Promise<void>;
  listen(): Promise<void>;
  stop(): Promise<void>;
}

export const fakeKinds: FakeKind[] = [
  { group: '', version: 'v1', kind: 'Pod', plural: 'pods', isNamespaced: true },
  { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', isNamespaced: true },
  { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', isNamespaced: true },
  { group: '', version: 'v1', kind: 'Node', plural: 'nodes', isNamespaced: false },
  { group: 'apps', version: 'v1', kind: 'Deployment', plural: 'deployments', isNamespaced: true },
  {
    group: 'rbac.authorization.k8s.io',
    version: 'v1',
    kind: 'ClusterRole',
    plural: 'clusterroles',
    isNamespaced: false,
  },
];

export async function startFakeApi(
  options: { readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string } } = {},
): Promise<FakeApi> {
  const store = createFakeStore();
  const interceptors: Interceptor[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let port = 0;
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };
  const server: Server = options.tls === undefined ? createServer(onRequest) : createTlsServer(options.tls, onRequest);
  server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});

  const api: FakeApi = {
    get url() {
      return `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
    },
    store,
    requests: [],
    watches: new Set(),
    get connections() {
      return connections;
    },
    isAggregated: true,
    kinds: [...fakeKinds],
    brokenGroups: new Set(),
    intercept(interceptor) {
      interceptors.unshift(interceptor);
      return () => {
        const at = interceptors.indexOf(interceptor);
        if (at >= 0) interceptors.splice(at, 1);
      };
    },
    count: (matches) => api.requests.filter(matches).length,
    kubeconfig: (context = 'fake', user = { token: 'fake-token' }) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': context,
        clusters: [
          {
            name: 'server',
            cluster: {
              server: api.url,
              ...(options.tls === undefined
                ? {}
                : { 'certificate-authority-data': Buffer.from(options.tls.ca).toString('base64') }),
            },
          },
        ],
        users: [{ name: 'user', user }],
        contexts: [{ name: context, context: { cluster: 'server', user: 'user', namespace: 'home' } }],
      }),
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
    async listen() {
      port = await listenOnOwnPort(server, port);
    },
    stop: () => api.close(),
  };
  await api.listen();
  return api;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const [path = '/', search = ''] = (request.url ?? '/').split('?');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const query = new URLSearchParams(search);
    const recorded: RecordedRequest = {
      method: request.method ?? 'GET',
      path,
      query,
      headers: request.headers,
      rawHeaders: request.rawHeaders,
      body: Buffer.concat(chunks).toString('utf8'),
      isWatch: query.get('watch') === 'true',
    };
    api.requests.push(recorded);
    for (const interceptor of [...interceptors]) if (await interceptor(recorded, response)) return;
    if (path === '/version') return sendJson(response, 200, { gitVersion: 'v1.36.2' });
    if (discover(path, response)) return;
    const target = resolveTarget(path);
    if (target === undefined)
      return sendStatus(response, 404, 'NotFound', 'the server could not find the requested resource');
    if (api.brokenGroups.has(target.kind.group))
      return sendStatus(response, 503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
    if (recorded.isWatch) return watch(target, recorded, response);
    return serve(target, recorded, response);
  }

  function discover(path: string, response: ServerResponse): boolean {
    const groups = [...new Set(api.kinds.map((kind) => kind.group))];
    if (path === '/api' || path === '/apis') {
      const listed = groups.filter((group) => (path === '/api') === (group === ''));
      if (api.isAggregated) sendJson(response, 200, aggregated(listed));
      else if (path === '/api') sendJson(response, 200, { kind: 'APIVersions', versions: ['v1'] });
      else
        sendJson(response, 200, {
          kind: 'APIGroupList',
          groups: listed.map((name) => ({ name, versions: versionsOf(name).map((version) => ({ version })) })),
        });
      return true;
    }
    const match = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
    if (match === null) return false;
    const [, group = '', version] = match;
    if (api.brokenGroups.has(group)) {
      sendStatus(response, 503, 'ServiceUnavailable', 'the server is currently unable to handle the request');
      return true;
    }
    const resources = api.kinds.filter((kind) => kind.group === group && kind.version === version);
    sendJson(response, 200, {
      kind: 'APIResourceList',
      resources: resources.flatMap((kind) => [
        { name: kind.plural, kind: kind.kind, namespaced: kind.isNamespaced, verbs: verbsOf(kind) },
        { name: `${kind.plural}/status`, kind: kind.kind, namespaced: kind.isNamespaced, verbs: ['get'] },
      ]),
    });
    return true;
  }

  function aggregated(groups: readonly string[]): object {
    return {
      kind: 'APIGroupDiscoveryList',
      items: groups.map((group) => ({
        metadata: { name: group },
        versions: versionsOf(group).map((version) => ({
          version,
          freshness: api.brokenGroups.has(group) ? 'Stale' : 'Current',
          resources: api.brokenGroups.has(group)
            ? []
            : api.kinds
                .filter((kind) => kind.group === group && kind.version === version)
                .map((kind) => ({
                  resource: kind.plural,
                  responseKind: { group, version, kind: kind.kind },
                  scope: kind.isNamespaced ? 'Namespaced' : 'Cluster',
                  verbs: verbsOf(kind),
                })),
        })),
      })),
    };
  }

  function versionsOf(group: string): string[] {
    return [...new Set(api.kinds.filter((kind) => kind.group === group).map((kind) => kind.version))];
  }

  interface Target {
    readonly kind: FakeKind;
    readonly namespace: string | undefined;
    readonly name: string | undefined;
    readonly subresource: string | undefined;
  }

  function resolveTarget(path: string): Target | undefined {
    const parts = path.split('/').slice(1).map(decodeURIComponent);
    const group = parts[0] === 'api' ? '' : (parts[1] ?? '');
    const rest = parts.slice(parts[0] === 'api' ? 1 : 2);
    const [version, ...below] = rest;
    const namespace = below[0] === 'namespaces' && below.length > 2 ? below[1] : undefined;
    const [plural, name, subresource] = namespace === undefined ? below : below.slice(2);
    if (group === 'authorization.k8s.io') {
      return {
        kind: { group, version: 'v1', kind: 'SubjectAccessReview', plural: plural ?? '', isNamespaced: false },
        namespace,
        name,
        subresource,
      };
    }
    const kind = api.kinds.find(
      (candidate) => candidate.group === group && candidate.version === version && candidate.plural === plural,
    );
    return kind === undefined ? undefined : { kind, namespace, name, subresource };
  }

  function serve(
    { kind, namespace, name, subresource }: Target,
    request: RecordedRequest,
    response: ServerResponse,
  ): unknown {
    const isDryRun = request.query.get('dryRun') === 'All';
    const known = name === undefined ? undefined : store.get(kind.plural, namespace, name);
    if (
      name !== undefined &&
      known === undefined &&
      request.headers['content-type'] !== 'application/apply-patch+yaml'
    ) {
      return sendJson(response, 404, {
        kind: 'Status',
        code: 404,
        reason: 'NotFound',
        message: `${kind.plural} "${name}" not found`,
        details: { name, kind: kind.plural },
      });
    }
    const body = request.body === '' ? {} : (JSON.parse(request.body) as Record<string, unknown>);
    if (request.method === 'GET' && name === undefined) return list(kind, namespace, request, response);
    if (request.method === 'GET') return sendJson(response, 200, known ?? {});
    if (request.method === 'POST' && name === undefined) {
      const metadata = body.metadata as { name: string };
      if (store.get(kind.plural, namespace, metadata.name) !== undefined) {
        return sendStatus(response, 409, 'AlreadyExists', `${kind.plural} "${metadata.name}" already exists`);
      }
      return sendJson(
        response,
        201,
        isDryRun
          ? { ...body, metadata: { ...metadata, uid: 'dry', resourceVersion: '0' } }
          : store.put(kind.plural, body),
      );
    }
    if (request.method === 'PATCH') {
      const refused = known !== undefined && preconditionFailure(known, body);
      if (refused) return sendStatus(response, 409, 'Conflict', refused);
      const merged = subresource === 'scale' ? mergePatch(known, { spec: body.spec }) : mergePatch(known ?? {}, body);
      return sendJson(response, 200, isDryRun ? merged : store.put(kind.plural, merged));
    }
    if (request.method === 'DELETE' && known !== undefined) {
      const refused = preconditionFailure(known, { metadata: body.preconditions });
      if (refused) return sendStatus(response, 409, 'Conflict', refused);
      if (!isDryRun) store.remove(kind.plural, namespace, name ?? '');
      return sendJson(response, 200, { kind: 'Status', status: 'Success', details: { name, uid: known.metadata.uid } });
    }
    return sendStatus(
      response,
      405,
      'MethodNotAllowed',
      'the server does not allow this method on the requested resource',
    );
  }

  function list(
    kind: FakeKind,
    namespace: string | undefined,
    request: RecordedRequest,
    response: ServerResponse,
  ): unknown {
    const selector = parseLabelSelector(request.query.get('labelSelector') ?? '');
    const all = store
      .list(kind.plural, namespace)
      .filter((object) => selector.matches(object.metadata.labels as Record<string, string> | undefined));
    const [start = 0, version = store.version] = (request.query.get('continue') ?? '')
      .split('@')
      .filter(Boolean)
      .map(Number);
    const end = start + Number(request.query.get('limit') ?? all.length);
    const next = end < all.length ? `${end}@${version}` : undefined;
    const items = all.slice(start, end).map(({ apiVersion: _apiVersion, kind: _kind, ...item }) => item);
    return sendJson(response, 200, {
      kind: `${kind.kind}List`,
      apiVersion: 'v1',
      metadata: { resourceVersion: String(version), continue: next },
      items,
    });
  }

  function watch({ kind, namespace }: Target, request: RecordedRequest, response: ServerResponse): unknown {
    const from = Number(request.query.get('resourceVersion') ?? 0);
    if (from < store.compactedAt) return sendStatus(response, 410, 'Expired', 'too old resource version');
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    let isMuted = false;
    const open: OpenWatch = {
      plural: kind.plural,
      request,
      write(text) {
        if (!isMuted && !response.writableEnded) response.write(text);
      },
      send: (type, object) => open.write(`${JSON.stringify({ type, object })}\n`),
      end: () => response.end(),
      reset: () => response.socket?.resetAndDestroy(),
      mute() {
        isMuted = true;
      },
    };
    const deliver = ({ type, object }: FakeEvent) => {
      if (namespace === undefined || object.metadata.namespace === namespace) open.send(type, object);
    };
    for (const event of store.eventsAfter(kind.plural, from)) deliver(event);
    const stop = store.onEvent((plural, event) => {
      if (plural === kind.plural) deliver(event);
    });
    api.watches.add(open);
    response.on('close', () => {
      stop();
      api.watches.delete(open);
    });
    return open;
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string | string[]> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

export function sendStatus(
  response: ServerResponse,
  status: number,
  reason: string,
  message: string,
  details: object = {},
  headers: Record<string, string> = {},
): void {
  sendJson(
    response,
    status,
    { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, reason, message, details },
    headers,
  );
}

function verbsOf(kind: FakeKind): readonly string[] {
  return kind.verbs ?? ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
}

function preconditionFailure(known: FakeObject, body: Record<string, unknown>): string | false {
  const { uid, resourceVersion } = (body.metadata ?? {}) as { uid?: string; resourceVersion?: string };
  if (uid !== undefined && uid !== known.metadata.uid)
    return `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${known.metadata.uid}`;
  if (resourceVersion !== undefined && resourceVersion !== known.metadata.resourceVersion)
    return 'the object has been modified';
  return false;
}

function mergePatch(target: unknown, patch: unknown): Record<string, unknown> {
  const result: Record<string, unknown> = { ...(target as Record<string, unknown>) };
  for (const [key, value] of Object.entries(patch as Record<string, unknown>)) {
    if (value === undefined) continue;
    if (value === null) delete result[key];
    else if (typeof value === 'object' && !Array.isArray(value)) result[key] = mergePatch(result[key] ?? {}, value);
    else result[key] = value;
  }
  return result;
}

/** Ports of this thread alone, so that files that run at the same time do not take each other's. */
const ownPorts = 20_000 + ((process.pid * 8 + threadId) % 240) * 50;

/**
 * A port below those that the system gives out by itself: while a test keeps this server away, nobody else is given it.
 * `port` is 0 the first time; where one is taken the next is tried.
 */
async function listenOnOwnPort(server: Pick<Server, 'listen' | 'once' | 'off'>, port: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const wanted = port === 0 ? ownPorts + Math.floor(Math.random() * 50) : port;
    const isListening = await new Promise<boolean>((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException): void => {
        if (error.code === 'EADDRINUSE') resolve(false);
        else reject(error);
      };
      server.once('error', refuse);
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', refuse);
        resolve(true);
      });
    });
    if (isListening) return wanted;
    // A child that another thread has just forked holds all sockets of the process until it is a program of its own.
    if (port !== 0) await setTimeout(20);
  }
  throw new Error('no port is free for the fake API');
}
