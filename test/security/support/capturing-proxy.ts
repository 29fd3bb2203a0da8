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

export interface CapturingProxy extends AsyncDisposable {
  /** A kubeconfig whose server is the proxy. */
  readonly kubeconfig: string;
  readonly requests: readonly CapturedRequest[];
  clear(): void;
}

/** Stands before a cluster on loopback and writes down every header that would reach it. */
export async function capturingProxy(cluster: EmbeddedCluster): Promise<CapturingProxy> {
  let requests: CapturedRequest[] = [];
  const forward = (incoming: IncomingMessage, response: ServerResponse) => {
    requests.push({
      target: `${incoming.method} ${incoming.url}`,
      headers: incoming.headersDistinct as Record<string, string[]>,
    });
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
    incoming.pipe(outgoing);
  };
  const server = createServer(forward);
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
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
