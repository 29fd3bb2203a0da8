import type { RawData, WebSocket } from 'ws';
import { eventually } from './eventually.ts';

/** A WebSocket of exec, attach or port-forward: binary frames whose first byte is the channel. */
export interface WebSocketSession extends AsyncDisposable {
  /** Where the upgrade was refused: the status and the body that came instead. */
  readonly refused: { readonly status: number; readonly text: string } | undefined;
  /** The subprotocol that the server chose. */
  readonly protocol: string;
  /** What a channel has said until now: 1 is standard output, 2 standard error, 3 the final Status. */
  channel(number: number): string;
  send(channel: number, data: string | Buffer): void;
  /** Resolves when the session is over, with what it was closed with. */
  readonly closed: Promise<{ readonly code: number }>;
  /** Waits until what the channel has said fits. */
  until(channel: number, fits: (text: string) => boolean): Promise<string>;
}

export async function followWebSocket(socket: WebSocket): Promise<WebSocketSession> {
  const channels = new Map<number, Buffer[]>();
  socket.on('message', (data: RawData) => {
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
    if (bytes.length === 0) return;
    const channel = bytes[0] ?? 0;
    channels.set(channel, [...(channels.get(channel) ?? []), bytes.subarray(1)]);
  });
  const closed = new Promise<{ code: number }>((resolve) => socket.once('close', (code) => resolve({ code })));
  const refused = await new Promise<WebSocketSession['refused']>((resolve, reject) => {
    socket.once('open', () => resolve(undefined));
    socket.once('error', reject);
    socket.once('unexpected-response', (request, response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() });
        request.destroy();
      });
    });
  });
  socket.on('error', () => {});
  const channel = (number: number): string => Buffer.concat(channels.get(number) ?? []).toString();
  return {
    refused,
    protocol: socket.protocol,
    channel,
    send: (number, data) => socket.send(Buffer.concat([Buffer.from([number]), Buffer.from(data)])),
    closed,
    until: (number, fits) =>
      eventually(() => {
        const text = channel(number);
        if (!fits(text)) throw new Error(`channel ${number} said: ${JSON.stringify(text.slice(-500))}`);
        return text;
      }),
    async [Symbol.asyncDispose]() {
      if (refused !== undefined || socket.readyState === socket.CLOSED) return;
      socket.terminate();
      await closed;
    },
  };
}
