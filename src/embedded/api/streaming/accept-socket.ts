import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { channelProtocols, maxMessageBytes } from './channel-socket.ts';

/** A request that wants to become a WebSocket. */
export interface UpgradeRequest {
  readonly message: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Takes the socket back from the response that would have carried a refusal. */
  release(): void;
}

const server = new WebSocketServer({
  noServer: true,
  clientTracking: false,
  maxPayload: maxMessageBytes,
  handleProtocols: (offered) => chooseProtocol(offered) ?? false,
});

/** The best protocol both sides speak; undefined when there is none. */
export function chooseProtocol(offered: Iterable<string>): string | undefined {
  const all = new Set(offered);
  return channelProtocols.find((protocol) => all.has(protocol));
}

/** Completes the handshake. Everything that speaks against the request must have been said before. */
export function acceptSocket({ message, socket, head, release }: UpgradeRequest): Promise<WebSocket> {
  release();
  return new Promise((resolve) => {
    server.handleUpgrade(message, socket, head, resolve);
  });
}
