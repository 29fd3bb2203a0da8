import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { TextStream } from '../../graph/streams/text-stream.ts';
import type { Turns } from './turns.ts';

/** Bytes that may wait in a socket; while more do, its streams wait, each in its own bounded queue. */
const maxWaitingBytes = 256 * 1024;
/** Results that one connection writes before it is another one's turn. */
const resultsPerTurn = 100;

export interface StreamWriterOptions {
  readonly webSocket: WebSocket;
  /** Below the WebSocket: what is written while it is corked leaves in one system call. */
  readonly socket: Duplex;
  readonly turns: Turns;
  /** A field of a stream failed in a way that no result can tell. */
  onError(error: unknown): void;
}

/** Writes the streams of one connection: all that happened in a turn of the loop leaves the process at once. */
export interface StreamWriter {
  /** Writes this stream's results under the operation's id; the iterator never yields and ends with the stream. */
  carry(id: string, stream: TextStream): AsyncIterableIterator<never>;
}

interface Carried {
  readonly prefix: string;
  readonly stream: TextStream;
  isWaiting: boolean;
  isOver: boolean;
  end(error?: unknown): void;
}

export function createStreamWriter({ webSocket, socket, turns, onError }: StreamWriterOptions): StreamWriter {
  /** Streams that may have something to write. */
  const awake = new Set<Carried>();
  let isBlocked = false;
  const work = { run: write };

  function wake(carried: Carried): void {
    if (carried.isOver) return;
    awake.add(carried);
    if (!isBlocked) turns.request(work);
  }

  function write(): boolean {
    let left = resultsPerTurn;
    socket.cork();
    try {
      for (const carried of awake) {
        if (left <= 0 || isFull()) break;
        awake.delete(carried);
        left -= writeSome(carried, left);
      }
    } finally {
      socket.uncork();
    }
    return awake.size > 0 && !isBlocked;
  }

  /** Writes what the stream has, at most so many results; it stays awake where there is more. */
  function writeSome(carried: Carried, most: number): number {
    const { stream, prefix } = carried;
    for (let count = 0; ; count += 1) {
      if (carried.isWaiting) return count;
      if (count >= most || isFull()) {
        awake.add(carried);
        return count;
      }
      try {
        const text = stream.take();
        if (text === undefined) {
          if (stream.ended) carried.end(stream.ended.error);
          return count;
        }
        if (typeof text === 'string') send(prefix, text);
        else waitFor(carried, text);
      } catch (error) {
        carried.end(error);
        return count;
      }
    }
  }

  function waitFor(carried: Carried, text: Promise<string | undefined>): void {
    carried.isWaiting = true;
    text.then(
      (settled) => {
        carried.isWaiting = false;
        if (carried.isOver) return;
        if (settled !== undefined) send(carried.prefix, settled);
        wake(carried);
      },
      (error: unknown) => carried.end(error),
    );
  }

  function send(prefix: string, text: string): void {
    if (webSocket.readyState === webSocket.OPEN) webSocket.send(`${prefix}${text}}`);
  }

  /** A full socket tells when it is empty. */
  function isFull(): boolean {
    if (isBlocked) return true;
    if (webSocket.bufferedAmount < maxWaitingBytes) return false;
    isBlocked = true;
    socket.once('drain', () => {
      isBlocked = false;
      if (awake.size > 0) turns.request(work);
    });
    return true;
  }

  return {
    carry(id, stream) {
      const { promise: over, resolve, reject } = Promise.withResolvers<void>();
      let isAttached = false;
      const carried: Carried = {
        prefix: `{"id":${JSON.stringify(id)},"type":"next","payload":`,
        stream,
        isWaiting: false,
        isOver: false,
        end(error) {
          if (carried.isOver) return;
          carried.isOver = true;
          awake.delete(carried);
          stream.close();
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      over.catch(onError);
      const reader = {
        wake: () => wake(carried),
        drain: () => {
          if (!carried.isOver && !carried.isWaiting) writeNow(carried);
        },
        get isBlocked() {
          return isBlocked || carried.isWaiting;
        },
      };
      const iterator: AsyncIterableIterator<never> = {
        async next() {
          // Only now is the operation known to be open.
          if (!isAttached && !carried.isOver) stream.attach(reader);
          isAttached = true;
          await over;
          return { done: true, value: undefined };
        },
        async return() {
          carried.end();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]: () => iterator,
      };
      return iterator;
    },
  };

  function writeNow(carried: Carried): void {
    socket.cork();
    try {
      awake.delete(carried);
      writeSome(carried, Number.POSITIVE_INFINITY);
    } finally {
      socket.uncork();
    }
  }
}
