import type { IncomingMessage } from 'node:http';

const prefix = 'base64url.bearer.authorization.k8s.io.';

/**
 * Browsers cannot send headers with a WebSocket: their token comes as a subprotocol. Puts it where all others have
 * theirs; a token alone, without a protocol to speak, is not taken.
 */
export function adoptSubprotocolBearer({ headers }: IncomingMessage): void {
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const tokens = protocols.filter((each) => each.startsWith(prefix));
  const [encoded] = tokens;
  if (headers.authorization !== undefined || encoded === undefined || tokens.length > 1) return;
  if (protocols.length === tokens.length) return;
  headers.authorization = `Bearer ${Buffer.from(encoded.slice(prefix.length), 'base64url').toString()}`;
}
