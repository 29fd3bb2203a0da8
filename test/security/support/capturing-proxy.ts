import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { EmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';

export interface CapturedRequest {
  /** `GET /api/v1/pods` */
  readonly target: string;
  /** All values of each header, by lower-case name. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
}

/** What the proxy says instead of the cluster. */
export interface InterceptedAnswer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface CapturingProxy extends AsyncDisposable {
  /** A kubeconfig whose server is the proxy. */
  readonly kubeconfig: string;
  readonly requests: readonly CapturedRequest[];
  clear(): void;
  /** Answers in the cluster's place where it returns something; set it back to undefined. */
  intercept: ((request: CapturedRequest, body: string) => InterceptedAnswer | undefined) | undefined;
}

/** Stands before a cluster on loopback and writes down every header that would reach it. */
export async function capturingProxy(cluster: EmbeddedCluster): Promise<CapturingProxy> {
  let requests: CapturedRequest[] = [];
  let intercept: CapturingProxy['intercept'];
  const receive = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = {
      target: `${incoming.method} ${incoming.url}`,
      headers: incoming.headersDistinct as Record<string, string[]>,
    };
    requests.push(request);
    if (!intercept) return forward(incoming, response);
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const answer = intercept?.(request, body.toString());
    if (!answer) return forward(incoming, response, body);
    response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers }).end(answer.body);
  };
  const forward = (incoming: IncomingMessage, response: ServerResponse, body?: Buffer) => {
    const outgoing = secureRequest(
      new URL(incoming.url ?? '/', cluster.url),
      { method: incoming.method, headers: incoming.headers, ca: cluster.caCertificate },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        response.flushHeaders();
        answer.pipe(response);
      },
    );
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    if (body) outgoing.end(body);
    else incoming.pipe(outgoing);
  };
  const server = createServer((incoming, response) => {
    receive(incoming, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    kubeconfig: cluster.kubeconfig.replace(cluster.url, `http://127.0.0.1:${port}`),
    get requests() {
      return requests;
    },
    clear() {
      requests = [];
    },
    get intercept() {
      return intercept;
    },
    set intercept(hook) {
      intercept = hook;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
