import { Socket } from 'node:net';
import { WebSocket } from 'ws';

export interface RawWebSocket extends AsyncDisposable {
  readonly received: readonly { readonly type: string; readonly id?: string; readonly payload?: unknown }[];
  /** HTTP status of an upgrade that was refused, or undefined where it was not. */
  readonly opened: Promise<number | undefined>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  send(message: unknown): void;
  /** Stops reading, as a program that hangs does. */
  pause(): void;
  resume(): void;
  /** Resets the connection, as the system does for a process that was killed. */
  kill(): void;
}

/** A WebSocket that says exactly what a test wants it to say. */
export function rawWebSocket(
  url: string,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly protocol?: string;
    readonly path?: string;
  } = {},
): RawWebSocket {
  const received: { type: string; id?: string; payload?: unknown }[] = [];
  const socket = new WebSocket(
    `${url.replace('http', 'ws')}${options.path ?? '/graphql'}`,
    options.protocol ?? 'graphql-transport-ws',
    {
      headers: { ...options.headers },
    },
  );
  socket.on('message', (data) => received.push(JSON.parse(String(data))));
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: String(reason) }));
  });
  const opened = new Promise<number | undefined>((resolve) => {
    socket.once('open', () => resolve(undefined));
    socket.once('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      response.resume();
      request.destroy();
    });
    socket.on('error', () => resolve(0));
  });
  return {
    received,
    opened,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    kill: () => connectionOf(socket)?.resetAndDestroy(),
    async [Symbol.asyncDispose]() {
      if (socket.readyState === WebSocket.CLOSED) return;
      socket.terminate();
      await closed;
    },
  };
}

function connectionOf(socket: WebSocket): Socket | undefined {
  const connection: unknown = Reflect.get(socket, '_socket');
  return connection instanceof Socket ? connection : undefined;
}
