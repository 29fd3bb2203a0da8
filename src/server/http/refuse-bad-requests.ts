import type { Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** What Node itself answers where nobody listens for such errors; all others are 400. */
const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

/**
 * Answers requests that cannot be read, or that come too slowly (`requestTimeout`), as Node itself does; but one on a socket that `isLong`
 * may take its time: a file that is uploaded has bounds of its own. Node tells of each slow request once.
 */
export function refuseBadRequests(server: Server, isLong: (socket: Duplex) => boolean): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    const { code = '' } = error;
    if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && isLong(socket)) return;
    const answer = (socket as { readonly _httpMessage?: { readonly headersSent?: boolean } })._httpMessage;
    if (!socket.writable || code === 'ECONNRESET' || answer?.headersSent === true) {
      socket.destroy(error);
      return;
    }
    socket.end(`HTTP/1.1 ${statuses[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`);
  });
}
