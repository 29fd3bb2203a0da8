import type { IncomingMessage } from 'node:http';
import { entityTooLarge } from './status-error.ts';

/** What the real server takes at most: 3 MiB. */
const limitBytes = 3 * 1024 * 1024;

/** The whole body. Throws `StatusError` 413 as soon as it is too large; what follows is discarded unread. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const announced = Number(message.headers['content-length'] ?? 0);
  if (announced > limitBytes) throw entityTooLarge(limitBytes);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limitBytes) throw entityTooLarge(limitBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
