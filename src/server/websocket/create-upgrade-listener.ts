import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { OriginGuard } from '../../access/create-origin-guard.ts';
import type { Logger } from '../../kernel/logger.ts';
import { guardedRequest } from '../http/guarded-request.ts';
import type { Terminals } from '../terminal/serve-terminals.ts';
import type { GraphqlWebSockets } from './serve-websocket.ts';

/** Upgrades pass the same guard of Host and Origin as requests do, and there are two paths that take them. */
export function createUpgradeListener(options: {
  readonly originGuard: OriginGuard;
  readonly webSockets: GraphqlWebSockets;
  readonly terminals: Terminals;
  readonly logger: Logger;
}): (request: IncomingMessage, socket: Duplex, head: Buffer) => void {
  return (request, socket, head) => {
    socket.on('error', (error) => options.logger.debug({ err: error }, 'an upgrade failed'));
    const guarded = guardedRequest(request);
    const { path } = guarded;
    const verdict = options.originGuard.check(guarded);
    if (!verdict.ok) {
      options.logger.info({ reason: verdict.reason, path }, 'an upgrade was refused at the door');
      return refuse(socket, verdict.status);
    }
    if (path === '/terminal') {
      const status = options.terminals.upgrade(request, socket, head);
      if (status !== undefined) refuse(socket, status);
      return;
    }
    if (path !== '/graphql') return refuse(socket, 404);
    options.webSockets.upgrade(request, socket, head);
  };
}

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
