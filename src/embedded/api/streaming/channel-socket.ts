import type { RawData, WebSocket } from 'ws';
import type { ClusterClock } from '../../store/types.ts';

/** The channels of remote commands (`channel.k8s.io`): the first byte of each message. */
export const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;
const closeSignal = 255;

/** Protocols we speak, the best first. Older ones end with a plain error text and know no half-close. */
export const channelProtocols: readonly string[] = ['v5.channel.k8s.io', 'v4.channel.k8s.io', 'channel.k8s.io'];

/** A message may carry at most this much. */
export const maxMessageBytes = 1024 * 1024;
/** A connection on which nothing moves for so long on the cluster's clock is closed, as kubelets do. */
const idleMs = 4 * 3_600_000;
/** One message to the client is at most this long. */
const maxChunkBytes = 32 * 1024;

export interface ChannelListener {
  /** Resolves once there is room for more; until then nothing more is read from the socket. */
  onData(channel: number, data: Uint8Array): Promise<void>;
  /** The client will send no more on this channel (v5). */
  onClose(channel: number): void;
  /** The connection is gone. Called once. */
  onGone(): void;
}

/** Several byte streams over one WebSocket. */
export interface ChannelSocket {
  /** Resolves once the client's side has taken it. */
  send(channel: number, data: Uint8Array): Promise<void>;
  close(): void;
}

export function createChannelSocket(socket: WebSocket, clock: ClusterClock, listener: ChannelListener): ChannelSocket {
  const hasHalfClose = socket.protocol === 'v5.channel.k8s.io';
  let isGone = false;
  let cancelIdle: () => void = () => undefined;
  const touch = (): void => {
    cancelIdle();
    cancelIdle = clock.schedule(idleMs, () => socket.terminate());
  };
  touch();

  socket.on('message', (raw) => {
    touch();
    const message = bytesOf(raw);
    const [channel] = message;
    if (channel === undefined) return;
    if (hasHalfClose && channel === closeSignal) {
      if (message.length === 2 && (message[1] ?? 0) <= channels.resize) listener.onClose(message[1] ?? 0);
      else socket.close(1002);
      return;
    }
    socket.pause();
    listener.onData(channel, message.subarray(1)).then(
      () => socket.resume(),
      () => socket.terminate(),
    );
  });
  // What is wrong on the wire ends in a close; there is nobody else to tell.
  socket.on('error', () => undefined);
  socket.once('close', () => {
    isGone = true;
    cancelIdle();
    listener.onGone();
  });

  return {
    async send(channel, data) {
      touch();
      for (let at = 0; at === 0 || at < data.length; at += maxChunkBytes) {
        if (isGone) return;
        const frame = Buffer.concat([Buffer.of(channel), data.subarray(at, at + maxChunkBytes)]);
        // Called when the frame is handed to the network, or when the connection is lost before that.
        await new Promise<void>((resolve) => socket.send(frame, { binary: true }, () => resolve()));
      }
    },
    close() {
      socket.resume();
      socket.close(1000);
    },
  };
}

function bytesOf(raw: RawData): Buffer {
  if (Array.isArray(raw)) return Buffer.concat(raw);
  return Buffer.isBuffer(raw) ? raw : Buffer.from(raw);
}
