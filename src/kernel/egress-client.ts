import { Agent, type Dispatcher, request, WebSocket } from 'undici';
import { allowsAsWritten, createAddressRules } from './address-rules.ts';
import { UpstreamError, ValidationError } from './answer-error.ts';
import type { Clock } from './clock.ts';
import { AddressRefusedError, createGuardedConnector, type ResolveHost, resolveBySystem } from './guarded-connector.ts';

export interface EgressRequest {
  /** As a user wrote it. */
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** May carry credentials: after a redirect to another origin only harmless headers are sent. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Largest answer that is read; 10 MiB where absent. */
  readonly maxBytes?: number;
  /** For everything together, redirects included; 10 s where absent. */
  readonly timeoutMs?: number;
  /** Most redirects that are followed, 5 where absent; 0: a redirect is the answer. */
  readonly maxRedirects?: number;
  readonly signal?: AbortSignal;
}

export interface EgressResponse {
  readonly status: number;
  /** Names in lower case; several values of one header are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

export interface EgressListening extends Pick<EgressRequest, 'url' | 'headers' | 'timeoutMs'> {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** It is open: what happens from now on is told. */
  onOpen(): void;
  /** A message of text, at most 16 MiB. */
  onMessage(text: string): void;
}

export interface EgressClient {
  /**
   * Throws `ValidationError` for an address that must not be called, `UpstreamError` for one that does not answer, answers too
   * much or too late. Any HTTP status is an answer.
   */
  request(options: EgressRequest): Promise<EgressResponse>;
  /**
   * What stands against an address as it is written, before it is kept: `must …` or `leads to …`; undefined where nothing does. A name may still
   * turn out to lead inside when it is called.
   */
  objectionTo(url: string): string | undefined;
  /**
   * Listens on a WebSocket at an `http(s)` address until it is closed or the signal aborts. Throws as `request` where it cannot be
   * opened within the time; it is not redirected.
   */
  listen(options: EgressListening): Promise<void>;
  close(): Promise<void>;
}

export interface EgressClientOptions {
  /** The setting `egress.allow`. */
  readonly allow: readonly string[];
  readonly clock: Clock;
  /** The system's resolver where absent. */
  readonly resolve?: ResolveHost;
}

const defaultMaxRedirects = 5;
const maxMessageBytes = 16 * 1_048_576;
const defaultMaxBytes = 10 * 1_048_576;
const defaultTimeoutMs = 10_000;

/** What may follow to another origin; anything else could be a credential. */
const harmlessHeaders = new Set([
  'accept',
  'accept-language',
  'if-modified-since',
  'if-none-match',
  'range',
  'user-agent',
]);

/**
 * The one way to call an address that a user can set. The address is checked when the connection is made, so that a name that
 * resolves to something else the second time gains nothing.
 */
export function createEgressClient(options: EgressClientOptions): EgressClient {
  const rules = createAddressRules(options.allow);
  const resolve = options.resolve ?? resolveBySystem;
  const agent = new Agent({
    connect: createGuardedConnector(rules, resolve),
    allowH2: false,
    connections: 10,
    pipelining: 1,
    webSocket: { maxPayloadSize: maxMessageBytes },
  });

  async function send(asked: EgressRequest, signal: AbortSignal): Promise<EgressResponse> {
    let url = parseUrl(asked.url);
    let headers = { ...asked.headers };
    let { method = 'GET', body } = asked;
    const { maxRedirects = defaultMaxRedirects } = asked;
    for (let hop = 0; ; hop += 1) {
      const response = await call(url, { method, headers, body: body ?? null, signal });
      const next = maxRedirects === 0 ? undefined : redirectTarget(response, url);
      if (next === undefined) return await readAnswer(response, url, asked.maxBytes ?? defaultMaxBytes);
      await response.body.dump({ limit: 65_536 });
      if (hop === maxRedirects)
        throw new UpstreamError(url.origin, `${url.origin} redirects more than ${maxRedirects} times`);
      if (response.statusCode === 303 || (method === 'POST' && response.statusCode < 303)) {
        method = 'GET';
        body = undefined;
      }
      if (next.origin !== url.origin) {
        if (body !== undefined)
          throw new UpstreamError(url.origin, `${url.origin} redirects a ${method} with a body to another host`);
        headers = Object.fromEntries(
          Object.entries(headers).filter(([name]) => harmlessHeaders.has(name.toLowerCase())),
        );
      }
      url = next;
    }
  }

  async function call(
    url: URL,
    call: Pick<Dispatcher.RequestOptions, 'method' | 'headers' | 'body'> & { signal: AbortSignal },
  ) {
    // Node does not resolve what already is an address, so the connector's own check would come after the connection.
    if (!allowsAsWritten(rules, url)) throw new AddressRefusedError();
    return await request(url, { ...call, dispatcher: agent, headersTimeout: 0, bodyTimeout: 0 });
  }

  function listenUntilClosed({ url: text, headers = {}, onOpen, onMessage }: EgressListening, signal: AbortSignal) {
    const url = parseUrl(text);
    if (!allowsAsWritten(rules, url)) throw new AddressRefusedError();
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(url, { headers, dispatcher: agent });
    return new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason);
        socket.close();
      };
      let isOpen = false;
      signal.addEventListener('abort', leave, { once: true });
      socket.addEventListener('open', () => {
        isOpen = true;
        onOpen();
      });
      socket.addEventListener('message', ({ data }) => {
        if (typeof data === 'string' && !signal.aborted) onMessage(data);
      });
      socket.addEventListener('error', ({ error }) => {
        if (!isOpen) reject(error);
      });
      socket.addEventListener('close', () => {
        signal.removeEventListener('abort', leave);
        if (isOpen) resolve();
        else reject(new Error('the WebSocket was closed before it was open'));
      });
      if (signal.aborted) leave();
    });
  }

  return {
    async listen(asked) {
      const late = new AbortController();
      const timeoutMs = asked.timeoutMs ?? defaultTimeoutMs;
      const cancel = options.clock.schedule(timeoutMs, () => late.abort());
      const onOpen = () => {
        cancel();
        asked.onOpen();
      };
      try {
        await listenUntilClosed({ ...asked, onOpen }, AbortSignal.any([late.signal, asked.signal]));
      } catch (error) {
        if (!asked.signal.aborted) throw translate(error, asked, late.signal.aborted ? timeoutMs : undefined);
      } finally {
        cancel();
      }
    },
    async request(asked) {
      const timeout = new AbortController();
      const timeoutMs = asked.timeoutMs ?? defaultTimeoutMs;
      const cancel = options.clock.schedule(timeoutMs, () => timeout.abort());
      try {
        return await send(asked, AbortSignal.any([timeout.signal, ...(asked.signal ? [asked.signal] : [])]));
      } catch (error) {
        throw translate(error, asked, timeout.signal.aborted ? timeoutMs : undefined);
      } finally {
        cancel();
      }
    },
    objectionTo(text) {
      const objection = formObjectionTo(text);
      if (objection !== undefined) return objection;
      return allowsAsWritten(rules, new URL(text)) ? undefined : leadsInside;
    },
    close: () => agent.destroy(),
  };
}

function parseUrl(text: string): URL {
  const objection = formObjectionTo(text);
  if (objection !== undefined) throw refusal(objection);
  return new URL(text);
}

function formObjectionTo(text: string): string | undefined {
  const url = URL.parse(text);
  if (!url) return 'is not a URL';
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `must begin with https:// or http://, got ${url.protocol}`;
  return url.username !== '' || url.password !== '' ? 'must not carry a user name or password' : undefined;
}

const leadsInside =
  'leads to this machine or an inside network, which is not allowed. An operator can allow it by egress.allow';

function refusal(says: string, options?: ErrorOptions): ValidationError {
  return new ValidationError([{ path: [], message: `The address ${says}`, code: 'address_refused' }], options);
}

function redirectTarget(response: Dispatcher.ResponseData, from: URL): URL | undefined {
  const { location } = response.headers;
  if (![301, 302, 303, 307, 308].includes(response.statusCode) || typeof location !== 'string') return undefined;
  const next = URL.parse(location, from);
  if (!next || !/^https?:$/.test(next.protocol) || next.username !== '' || next.password !== '') {
    throw new UpstreamError(
      from.origin,
      `${from.origin} redirects to something that is no plain http or https address`,
    );
  }
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw new UpstreamError(from.origin, `${from.origin} redirects from https to http`);
  }
  return next;
}

async function readAnswer(response: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<EgressResponse> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop destroys the stream and its connection.
    if (size > maxBytes) throw new UpstreamError(url.origin, `${url.origin} answers with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const headers = Object.entries(response.headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    status: response.statusCode,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
    url: url.href,
  };
}

/** Says neither what a name resolves to nor what stands in the path or query: the one tells of the inside, the other may be secret. */
function translate(
  error: unknown,
  asked: Pick<EgressRequest, 'url' | 'signal'>,
  timedOutAfterMs: number | undefined,
): unknown {
  if (error instanceof ValidationError || error instanceof UpstreamError) return error;
  if (isRefused(error)) {
    return refusal(leadsInside, { cause: error });
  }
  if (asked.signal?.aborted) return error;
  const origin = URL.parse(asked.url)?.origin ?? 'the address';
  if (timedOutAfterMs !== undefined) {
    return new UpstreamError(origin, `${origin} did not answer within ${timedOutAfterMs / 1000} s`, { cause: error });
  }
  return new UpstreamError(origin, `${origin} cannot be reached`, { cause: error });
}

function isRefused(error: unknown): boolean {
  if (error instanceof AddressRefusedError) return true;
  return error instanceof Error && error.cause !== undefined && isRefused(error.cause);
}
