import { Socket } from 'node:net';

/** What the driver (postgres.js 3.4.9) tells of where to connect. */
export interface SocketTarget {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path: string | false | undefined;
}

export interface SingleSocket {
  /** The driver's `socket` option. Throws when asked a second time. */
  open(target: SocketTarget): Socket;
  /** Lets `action` open a socket besides, e.g. for a request to cancel; it must do so before it first waits. */
  besides<T>(action: () => T): T;
  destroy(): void;
}

/**
 * Gives the driver one socket and no other. By itself it connects again, without a pause and for ever, to a server that accepts
 * and hangs up before it says a word, as a proxy does whose database is away.
 */
export function createSingleSocket(): SingleSocket {
  let socket: Socket | undefined;
  let isBesides = false;
  return {
    open(target) {
      if (isBesides) return connect(target);
      if (socket) throw Object.assign(new Error('the connection was lost before it began'), { code: 'ECONNRESET' });
      socket = connect(target);
      return socket;
    },
    besides(action) {
      isBesides = true;
      try {
        return action();
      } finally {
        isBesides = false;
      }
    },
    destroy() {
      socket?.destroy();
    },
  };
}

function connect(target: SocketTarget): Socket {
  const socket = new Socket();
  const [host = 'localhost'] = target.host;
  const [port = 5432] = target.port;
  if (target.path) socket.connect(target.path);
  else socket.connect(port, host);
  // The driver reads these for TLS: the name that the certificate has to bear.
  return Object.assign(socket, { host, port });
}
