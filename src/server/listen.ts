import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { refuseBadRequests } from './http/refuse-bad-requests.ts';
import { StartError } from './start-error.ts';

export interface Listener {
  readonly server: Server;
  readonly port: number;
  /** `http://127.0.0.1:4000`, as a person on this machine would type it. */
  readonly url: string;
}

/**
 * Opens the port with bounds on what a slow or large client can hold; only a body on a socket that `isLong` may take longer than 30 s to
 * come. Throws `StartError` where the port is taken.
 */
export async function listen(
  host: string,
  port: number,
  listener: RequestListener,
  isLong: (socket: Duplex) => boolean,
): Promise<Listener> {
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 65_000, maxHeaderSize: 16_384 },
    listener,
  );
  server.maxHeadersCount = 100;
  refuseBadRequests(server, isLong);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  }).catch((error: NodeJS.ErrnoException) => {
    throw translate(error, host, port);
  });
  const address = server.address() as AddressInfo;
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return { server, port: address.port, url: `http://${shown}:${address.port}` };
}

function translate(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new StartError(
      `Port ${port} is taken. Set another one with --port or LONGSHORE_PORT (0 takes a free one).`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES')
    return new StartError(`Port ${port} needs more rights than this process has.`, { cause: error });
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new StartError(`This machine has no address '${host}' to listen on (host).`, { cause: error });
  }
  return error;
}
