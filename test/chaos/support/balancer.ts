import { Agent, createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

/** A load balancer as small as can be: takes turns among the replicas whose `/readyz` says yes, and never tries a second time. */
export interface Balancer extends AsyncDisposable {
  readonly url: string;
  add(replica: string): void;
  remove(replica: string): void;
  /** Those it sends requests to at present. */
  readonly ready: readonly string[];
}

/** How often it asks whether a replica is ready, in ms. */
const lookMs = 100;

export async function startBalancer(host: string): Promise<Balancer> {
  const isReady = new Map<string, boolean>();
  /** Looks in a row that were not answered. */
  const silent = new Map<string, number>();
  const looking = new Set<string>();
  const agent = new Agent({ keepAlive: true });
  const sockets = new Set<Duplex>();
  let turn = 0;

  const ready = () => [...isReady].filter(([, is]) => is).map(([url]) => url);
  function next(): URL | undefined {
    const urls = ready();
    turn += 1;
    const url = urls[turn % urls.length];
    return url === undefined ? undefined : new URL(url);
  }

  const timer = setInterval(() => {
    for (const url of isReady.keys()) void look(url);
  }, lookMs);
  async function look(url: string): Promise<void> {
    if (looking.has(url)) return;
    looking.add(url);
    const verdict = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
      async (answer) => {
        await answer.body?.cancel();
        return answer.ok;
      },
      () => undefined,
    );
    looking.delete(url);
    if (!isReady.has(url)) return;
    // Whoever says no is believed; whoever says nothing, the third time.
    silent.set(url, verdict === undefined ? (silent.get(url) ?? 0) + 1 : 0);
    if (verdict !== undefined) isReady.set(url, verdict);
    else if ((silent.get(url) ?? 0) >= 3) isReady.set(url, false);
  }

  function forward(request: IncomingMessage, response: ServerResponse): void {
    const target = next();
    if (!target) return void response.writeHead(503).end('no replica is ready');
    const { hostname, port } = target;
    const { connection: _, ...headers } = request.headers;
    const { method, url: path } = request;
    const upstream = httpRequest({ hostname, port, method, path, agent, headers: { ...headers, host } }, (answer) => {
      const { connection: _hop, 'transfer-encoding': _length, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, rest);
      response.flushHeaders();
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    upstream.on('error', (error) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end(String(error));
    });
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  function tunnel(request: IncomingMessage, client: Duplex, head: Buffer): void {
    const target = next();
    if (!target) return void client.end('HTTP/1.1 503 Unavailable\r\n\r\n');
    const upstream = connect(Number(target.port), target.hostname, () => {
      const lines = Object.entries({ ...request.headers, host }).map(([name, value]) => `${name}: ${value}`);
      upstream.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(client);
      client.pipe(upstream);
    });
    for (const [one, other] of [
      [upstream, client],
      [client, upstream],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  }

  const server = createServer({ keepAliveTimeout: 0 }, forward);
  server.on('upgrade', tunnel);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add(url) {
      isReady.set(url, false);
      void look(url);
    },
    remove: (url) => isReady.delete(url),
    get ready() {
      return ready();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      agent.destroy();
    },
  };
}
