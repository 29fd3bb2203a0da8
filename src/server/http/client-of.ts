import type { IncomingMessage } from 'node:http';
import type { ClientAddress } from '../../access/users/create-session-log.ts';

/**
 * Where a request came from, for the lists of sessions. The address is the socket's: a header that names another one
 * (`X-Forwarded-For`) can be written by anybody. Behind a proxy it is the proxy's.
 */
export function clientOf(request: IncomingMessage): ClientAddress {
  return { address: request.socket.remoteAddress, userAgent: request.headers['user-agent'] };
}
