import { WebSocket } from 'ws';
import type { EmbeddedCluster } from '../start-embedded-cluster.ts';

/** One exec or attach connection, as a test sees it. */
export interface TestSession {
  readonly protocol: string;
  readonly socket: WebSocket;
  /** What came on the channel by now. */
  text(channel: number): string;
  /** Channels in the order their messages came. */
  readonly order: readonly number[];
  send(channel: number, data: string | Uint8Array): void;
  /** Resolves to the Status of the error channel once the connection is closed. */
  readonly status: Promise<{ readonly status?: string; readonly [field: string]: unknown } | undefined>;
}

export interface SessionOptions {
  readonly protocols?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** The server has refused the handshake. */
export class RefusedSession extends Error {
  override readonly name = 'RefusedSession';
  readonly code: number;
  readonly body: string;

  constructor(code: number, body: string) {
    super(`${code} ${body}`);
    this.code = code;
    this.body = body;
  }
}

/** Opens a WebSocket on a path of the cluster. Rejects with `RefusedSession` when the server answers otherwise. */
export function openSession(
  cluster: EmbeddedCluster,
  path: string,
  options: SessionOptions = {},
): Promise<TestSession> {
  const socket = new WebSocket(
    `${cluster.url.replace('https', 'wss')}${path}`,
    [...(options.protocols ?? ['v5.channel.k8s.io'])],
    {
      ca: cluster.caCertificate,
      headers: options.headers ?? { authorization: `Bearer ${cluster.token}` },
    },
  );
  const received = new Map<number, Buffer[]>();
  const order: number[] = [];
  socket.on('message', (data: Buffer) => {
    const channel = data[0] ?? -1;
    order.push(channel);
    received.set(channel, [...(received.get(channel) ?? []), data.subarray(1)]);
  });
  const text = (channel: number): string => Buffer.concat(received.get(channel) ?? []).toString();
  const status = new Promise<Record<string, unknown> | undefined>((resolve) => {
    socket.once('close', () => resolve(text(3) === '' ? undefined : JSON.parse(text(3))));
  });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('unexpected-response', (_request, response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => {
        body += chunk.toString();
      });
      response.once('end', () => reject(new RefusedSession(response.statusCode ?? 0, body)));
    });
    socket.once('open', () => {
      resolve({
        protocol: socket.protocol,
        socket,
        text,
        order,
        send: (channel, data) => socket.send(Buffer.concat([Buffer.of(channel), Buffer.from(data as string)])),
        status,
      });
    });
  });
}
