import {
  createServer,
  type IncomingMessage,
  request as requestPlain,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Agent, request as requestTls } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../../kernel/clock.ts';
import type { Link } from './link.ts';
import type { RelayedRequest } from './planned-answers.ts';
import { createRelayedWatch, type RelayedWatch } from './relayed-watch.ts';
import { resourceOfPath } from './resource-of-path.ts';
import { createShaper, type LineConditions } from './shaper.ts';

/** Passes HTTP requests on, one by one, so that answers and watch frames can be tampered with. */
export interface RequestRelay {
  /** Takes a client's connection. */
  accept(link: Link): void;
  readonly watches: ReadonlySet<RelayedWatch>;
  /** Requests that the target has not begun to answer. */
  readonly pending: number;
  stop(): void;
}

export function createRequestRelay(options: {
  readonly target: URL;
  readonly caCertificate: string | undefined;
  readonly clock: Clock;
  readonly conditions: () => LineConditions;
  /** Answers instead of the target; false leaves it to the target. */
  readonly answer: (request: RelayedRequest, response: ServerResponse) => boolean;
  /** Called before a request is passed on, which waits for it. */
  readonly before: (request: RelayedRequest) => Promise<void>;
}): RequestRelay {
  const { target, clock, conditions } = options;
  const isTls = target.protocol === 'https:';
  const agent = isTls ? new Agent({ ca: options.caCertificate, keepAlive: true }) : undefined;
  const links = new WeakMap<Socket, Link>();
  const watches = new Set<RelayedWatch>();
  let pending = 0;
  const server: Server = createServer((request, response) => {
    relay(request, response).catch(() => response.destroy());
  });

  async function relay(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const link = links.get(request.socket);
    if (!link || link.isSilent) return;
    const seen = describe(request);
    if (options.answer(seen, response)) return;
    pending += 1;
    let isPending = true;
    const answered = () => {
      if (isPending) pending -= 1;
      isPending = false;
    };
    response.once('close', answered);
    await options.before(seen);
    if (response.destroyed) return;
    const onward = (isTls ? requestTls : requestPlain)(target, {
      method: seen.method,
      path: request.url ?? '/',
      headers: withHost(request.rawHeaders, target.host),
      ...(agent ? { agent } : {}),
    });
    response.once('close', () => onward.destroy());
    onward.once('error', () => {
      answered();
      if (!link.isSilent) response.destroy();
    });
    onward.once('response', (answer) => {
      answered();
      answer.on('error', () => {});
      passBack(seen, link, answer, response);
    });
    request.on('error', () => {});
    request.pipe(onward);
  }

  function passBack(seen: RelayedRequest, link: Link, answer: IncomingMessage, response: ServerResponse): void {
    if (link.isSilent) return;
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.rawHeaders));
    response.flushHeaders();
    const output = createShaper(clock, () => forRequest(seen, conditions()));
    output.on('error', () => {});
    response.once('close', () => output.destroy());
    output.on('data', (chunk: Buffer) => {
      if (!link.isSilent) response.write(chunk);
    });
    output.once('end', () => {
      if (!link.isSilent) response.end();
    });
    const { resource } = seen;
    if (!seen.isWatch || resource === undefined || answer.statusCode !== 200) {
      answer.once('aborted', () => response.destroy());
      answer.pipe(output);
      return;
    }
    const watch = createRelayedWatch({ resource, link, output, abandon: () => answer.destroy() });
    watches.add(watch);
    response.once('close', () => watches.delete(watch));
    link.socket.once('close', () => watches.delete(watch));
    answer.on('data', (chunk: Buffer) => watch.take(chunk));
    answer.once('end', () => output.end());
    answer.once('close', () => watches.delete(watch));
  }

  return {
    accept(link) {
      links.set(link.socket, link);
      server.emit('connection', link.socket);
    },
    watches,
    get pending() {
      return pending;
    },
    stop() {
      agent?.destroy();
    },
  };
}

function describe(request: IncomingMessage): RelayedRequest {
  const url = new URL(request.url ?? '/', 'http://proxy');
  const isWatch = ['true', '1'].includes(url.searchParams.get('watch') ?? '');
  return { method: request.method ?? 'GET', path: url.pathname, resource: resourceOfPath(url.pathname), isWatch };
}

function forRequest({ isWatch }: RelayedRequest, conditions: LineConditions): LineConditions {
  const { latencyMs = 0, watchLatencyMs = 0 } = conditions;
  return isWatch ? { ...conditions, latencyMs: latencyMs + watchLatencyMs } : conditions;
}

/** As they came, repeated ones too. */
function withHost(rawHeaders: readonly string[], host: string): string[] {
  return ['host', host, ...pairsOf(rawHeaders).flatMap(([name, value]) => (/^host$/i.test(name) ? [] : [name, value]))];
}

/** The proxy frames and keeps connections itself. */
function endToEnd(rawHeaders: readonly string[]): string[] {
  return pairsOf(rawHeaders).flatMap(([name, value]) =>
    /^(transfer-encoding|connection|keep-alive|content-length)$/i.test(name) ? [] : [name, value],
  );
}

function pairsOf(rawHeaders: readonly string[]): [string, string][] {
  return rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
}
