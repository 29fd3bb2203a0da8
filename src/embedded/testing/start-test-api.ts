import { gunzipSync } from 'node:zlib';
import { Agent, request } from 'undici';
import { createManualClock, type ManualClock } from '../controllers/testing/manual-clock.ts';
import { type EmbeddedCluster, type EmbeddedClusterOptions, startEmbeddedCluster } from '../start-embedded-cluster.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into plain JSON
export type Json = any;

export interface TestAnswer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Json;
  readonly text: string;
}

export interface TestRequest {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  /** Another bearer token than the admin's; an empty one sends none. */
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

export interface TestWatch extends AsyncDisposable {
  /** Everything received by now. */
  readonly events: { readonly type: string; readonly object: Json }[];
  /** `TYPE name` of every event but bookmarks. */
  names(): string[];
  /** How the stream ended; undefined while it is open. */
  readonly end: 'ended' | 'cut' | undefined;
  close(): Promise<void>;
}

/** A cluster over real HTTPS with a client for it. Without controllers unless they are asked for. */
export interface TestApi extends AsyncDisposable {
  readonly cluster: EmbeddedCluster;
  readonly clock: ManualClock;
  call(method: string, path: string, request?: TestRequest): Promise<TestAnswer>;
  watch(path: string, request?: TestRequest): Promise<TestWatch>;
  stop(): Promise<void>;
}

export async function startTestApi(options: EmbeddedClusterOptions = {}): Promise<TestApi> {
  const clock = createManualClock();
  const cluster = await startEmbeddedCluster({ controllers: false, clock, ...options });
  const dispatcher = new Agent({ connect: { ca: cluster.caCertificate }, bodyTimeout: 0 });

  const send = (
    method: string,
    path: string,
    { body, contentType, accept, token, headers }: TestRequest,
    signal?: AbortSignal,
  ) =>
    request(`${cluster.url}${path}`, {
      method: method as 'GET',
      dispatcher,
      ...(signal === undefined ? {} : { signal }),
      headers: {
        ...(token === '' ? {} : { authorization: `Bearer ${token ?? cluster.token}` }),
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': contentType ?? 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    });

  const stop = async (): Promise<void> => {
    await dispatcher.destroy();
    await cluster.stop();
  };
  return {
    cluster,
    clock,
    async call(method, path, call = {}) {
      const response = await send(method, path, call);
      const bytes = Buffer.from(await response.body.arrayBuffer());
      const text = String(response.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
      const isJson = String(response.headers['content-type']).startsWith('application/json');
      return {
        code: response.statusCode,
        headers: response.headers,
        text,
        body: isJson && text !== '' ? JSON.parse(text) : undefined,
      };
    },
    async watch(path, call = {}) {
      const abort = new AbortController();
      const response = await send('GET', path, call, abort.signal);
      const events: { type: string; object: Json }[] = [];
      let end: TestWatch['end'];
      const reading = (async () => {
        let rest = '';
        try {
          for await (const chunk of response.body) {
            const lines = (rest + String(chunk)).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) events.push(JSON.parse(line));
          }
          end = 'ended';
        } catch {
          end = 'cut';
        }
      })();
      const close = async (): Promise<void> => {
        abort.abort();
        await reading;
      };
      return {
        events,
        names: () =>
          events
            .filter(({ type }) => type !== 'BOOKMARK')
            .map(({ type, object }) => `${type} ${object.metadata?.name}`),
        get end() {
          return end;
        },
        close,
        [Symbol.asyncDispose]: close,
      };
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

export function configMap(name: string, extra: object = {}): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, ...extra };
}

export function deployment(name: string, spec: object = {}): Json {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: podTemplate(name), ...spec },
  };
}

export function pod(name: string, extra: object = {}): Json {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: podTemplate(name).spec,
    ...extra,
  };
}

function podTemplate(app: string): Json {
  return { metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'registry.local/app:1' }] } };
}
