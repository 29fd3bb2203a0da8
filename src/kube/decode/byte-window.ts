import { ConnectionError } from '../transport/connection-error.ts';

/** The part of a body that has arrived and is not used yet. */
export interface ByteWindow {
  readonly bytes: Buffer;
  /** Lets go of what lies before. */
  drop(count: number): void;
  /**
   * Waits until twice as much is there, so that a large value is not read anew with each piece of it; false where the
   * body had ended. Rejects with a `ConnectionError` where it is larger than its bound, or as the body does.
   */
  more(): Promise<boolean>;
  /** Ends the body, wherever it is. */
  close(): Promise<void>;
}

export function createByteWindow(body: AsyncIterable<Buffer>, maxBytes: number): ByteWindow {
  const source = body[Symbol.asyncIterator]();
  let bytes: Buffer = Buffer.alloc(0);
  let total = 0;
  return {
    get bytes() {
      return bytes;
    },
    drop(count) {
      bytes = bytes.subarray(count);
    },
    async more() {
      const wanted = Math.max(1, 2 * bytes.length);
      const parts = [bytes];
      let length = bytes.length;
      while (length < wanted) {
        const { done, value: chunk } = await source.next();
        if (done) break;
        total += chunk.length;
        if (total > maxBytes) throw new ConnectionError('too-large', `its answer is larger than ${maxBytes} bytes`);
        parts.push(chunk);
        length += chunk.length;
      }
      if (parts.length === 1) return false;
      bytes = parts.length === 2 && bytes.length === 0 && parts[1] ? parts[1] : Buffer.concat(parts, length);
      return true;
    },
    async close() {
      await source.return?.();
    },
  };
}
