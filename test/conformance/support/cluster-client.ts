import { Agent, request } from 'undici';
import { WebSocket } from 'ws';
import { parse } from 'yaml';
import type { Connection } from './connection.ts';
import type { Json } from './json.ts';
import { followWatch, type WatchStream } from './watch-stream.ts';
import { followWebSocket, type WebSocketSession } from './web-socket-session.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** What JSON or YAML said; undefined for other media types and empty bodies. */
  readonly body: Json;
}

type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  /** Sent as it is where it is text or bytes, else as JSON. */
  readonly body?: unknown;
  /** `application/json` unless said otherwise. */
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly query?: Query;
  readonly signal?: AbortSignal;
}

/** Whom a further client speaks as. */
export type Identity =
  | { readonly token: string }
  /** PEM. */
  | { readonly certificate: string; readonly key: string }
  /** The same credentials with `Impersonate-…` headers. */
  | { readonly user: string; readonly groups?: readonly string[]; readonly uid?: string }
  | 'anonymous';

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

/** A raw HTTP client: paths in, whole answers out, refusals included. Only a broken connection throws. */
export interface ClusterClient {
  readonly url: string;
  call(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  get(path: string, query?: Query): Promise<Answer>;
  create(path: string, object: object, query?: Query): Promise<Answer>;
  update(path: string, object: object, query?: Query): Promise<Answer>;
  /** `apply` takes `fieldManager` and `force` from the query. */
  patch(kind: PatchKind, path: string, patch: object, query?: Query): Promise<Answer>;
  delete(path: string, options?: object, query?: Query): Promise<Answer>;
  /** Reads, changes and writes until nobody came in between. Throws where the object is not there or the write is refused. */
  change(path: string, change: (object: Json) => void): Promise<Json>;
  /** Resolves when the server has answered with headers, whatever they say. */
  watch(path: string, query?: Query, options?: RequestOptions): Promise<WatchStream>;
  /** Resolves when the upgrade was accepted or refused. */
  webSocket(
    path: string,
    protocols: readonly string[],
    headers?: Readonly<Record<string, string>>,
  ): Promise<WebSocketSession>;
  /** The same cluster as somebody else; closed with this one. */
  as(identity: Identity): ClusterClient;
  close(): Promise<void>;
}

const patchTypes: Readonly<Record<PatchKind, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export function createClusterClient(connection: Connection): ClusterClient {
  const { url, tls, headers } = connection;
  // Over HTTP/2 the client joins repeated headers: two groups to impersonate would become one.
  const agent = new Agent({ connect: tls, allowH2: false, bodyTimeout: 0, headersTimeout: 60_000 });
  const others: ClusterClient[] = [];

  const send = (method: string, path: string, options: RequestOptions) =>
    request(`${url}${withQuery(path, options.query)}`, {
      method: method as 'GET',
      dispatcher: agent,
      headers: {
        ...headers,
        ...(options.accept === undefined ? {} : { accept: options.accept }),
        ...(options.body === undefined ? {} : { 'content-type': options.contentType ?? 'application/json' }),
        ...options.headers,
      },
      body: bodyOf(options.body),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });

  const client: ClusterClient = {
    url,
    async call(method, path, options = {}) {
      const response = await send(method, path, options);
      const text = await response.body.text();
      return {
        status: response.statusCode,
        headers: response.headers,
        text,
        body: parseBody(text, String(response.headers['content-type'] ?? '')),
      };
    },
    get: (path, query) => client.call('GET', path, { ...(query === undefined ? {} : { query }) }),
    create: (path, body, query) => client.call('POST', path, { body, ...(query === undefined ? {} : { query }) }),
    update: (path, body, query) => client.call('PUT', path, { body, ...(query === undefined ? {} : { query }) }),
    patch: (kind, path, body, query) =>
      client.call('PATCH', path, { body, contentType: patchTypes[kind], ...(query === undefined ? {} : { query }) }),
    delete: (path, body, query) =>
      client.call('DELETE', path, {
        ...(body === undefined ? {} : { body }),
        ...(query === undefined ? {} : { query }),
      }),
    async change(path, change) {
      for (let attempt = 0; ; attempt += 1) {
        const { body: object } = succeeded(await client.get(path));
        change(object);
        const answer = await client.update(path, object);
        if (answer.status !== 409 || attempt >= 20) return succeeded(answer).body;
      }
    },
    async watch(path, query, options = {}) {
      const abort = new AbortController();
      const response = await send('GET', path, {
        ...options,
        query: { watch: true, ...query, ...options.query },
        signal: abort.signal,
      });
      return followWatch(response.statusCode, response.headers, response.body, () => abort.abort());
    },
    async webSocket(path, protocols, extra = {}) {
      const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, [...protocols], {
        ...tls,
        headers: { ...headers, ...extra },
        perMessageDeflate: false,
      } as ConstructorParameters<typeof WebSocket>[2]);
      return followWebSocket(socket);
    },
    as(identity) {
      const other = createClusterClient(connectionAs(connection, identity));
      others.push(other);
      return other;
    },
    async close() {
      await Promise.all(others.map((other) => other.close()));
      await agent.destroy();
    },
  };
  return client;
}

/** The answer itself where it is a success, else an error that quotes the Status. */
export function succeeded(answer: Answer): Answer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw new Error(`The cluster answered ${answer.status}: ${answer.body?.message ?? answer.text.slice(0, 500)}`);
}

function connectionAs({ url, tls, headers }: Connection, identity: Identity): Connection {
  const { cert: _cert, key: _key, pfx: _pfx, passphrase: _passphrase, ...server } = tls;
  if (identity === 'anonymous') return { url, tls: server, headers: {} };
  if ('token' in identity) return { url, tls: server, headers: { Authorization: `Bearer ${identity.token}` } };
  if ('certificate' in identity) {
    return { url, tls: { ...server, cert: identity.certificate, key: identity.key }, headers: {} };
  }
  return {
    url,
    tls,
    headers: {
      ...headers,
      'Impersonate-User': identity.user,
      ...(identity.groups === undefined ? {} : { 'Impersonate-Group': [...identity.groups] }),
      ...(identity.uid === undefined ? {} : { 'Impersonate-Uid': identity.uid }),
    },
  };
}

function withQuery(path: string, query: Query = {}): string {
  const given = Object.entries(query).filter((entry) => entry[1] !== undefined);
  if (given.length === 0) return path;
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

function bodyOf(body: unknown): string | Buffer | null {
  if (body === undefined) return null;
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

function parseBody(text: string, mediaType: string): Json {
  if (text === '') return undefined;
  if (/^application\/(?:[\w.+-]*\+)?json/.test(mediaType)) return JSON.parse(text);
  return /^application\/(?:[\w.+-]*\+)?yaml/.test(mediaType) ? parse(text) : undefined;
}
