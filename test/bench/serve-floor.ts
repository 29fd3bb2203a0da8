import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Floor extends Disposable {
  readonly url: string;
}

/** A plain HTTP server of this process that does only what an answer needs at least. */
export function serveFloor(answer: (request: IncomingMessage) => string | Buffer): Promise<Floor> {
  const server = createServer((request, response) => {
    const body = answer(request);
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
      .end(body);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve({
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        [Symbol.dispose]: () => {
          server.closeAllConnections();
          server.close();
        },
      });
    });
  });
}
