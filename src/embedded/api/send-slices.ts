import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { nextTurn } from '../machinery/next-turn.ts';

/**
 * Sends a body slice by slice, with a turn of the event loop between two of them, as fast as the client takes them.
 * One of a single slice gets its length; with `gzipFromBytes` set, one that is longer is compressed. A client that goes
 * away ends it.
 */
export async function sendSlices(
  response: ServerResponse,
  code: number,
  headers: Readonly<Record<string, string | number | string[]>>,
  slices: Iterator<string>,
  gzipFromBytes: number | undefined,
): Promise<void> {
  let start = '';
  let next = slices.next();
  const knownFrom = gzipFromBytes ?? 1;
  while (next.done !== true && start.length < knownFrom) {
    if (start !== '') await nextTurn();
    start += next.value;
    next = slices.next();
  }
  if (response.destroyed) return;
  const isLarge = gzipFromBytes !== undefined && start.length >= gzipFromBytes;
  if (next.done === true && !isLarge) {
    const body = Buffer.from(start);
    response.writeHead(code, { ...headers, 'content-length': body.length });
    response.end(body);
    return;
  }
  response.writeHead(code, isLarge ? { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : headers);
  const sink = isLarge ? compressed(response) : response;
  const left = new AbortController();
  const leave = (): void => left.abort();
  response.once('close', leave);
  try {
    await write(sink, start, left.signal);
    for (; next.done !== true; next = slices.next()) {
      await nextTurn();
      if (response.destroyed) return;
      await write(sink, next.value, left.signal);
    }
    sink.end();
  } finally {
    response.off('close', leave);
  }
}

function compressed(response: ServerResponse): Writable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  response.once('close', () => gzip.destroy());
  gzip.on('error', () => response.destroy());
  gzip.pipe(response);
  return gzip;
}

async function write(sink: Writable, text: string, left: AbortSignal): Promise<void> {
  if (sink.write(text) || left.aborted) return;
  // A client that has gone takes nothing any more: whoever asks next sees that the response is destroyed.
  await once(sink, 'drain', { signal: left }).catch(() => undefined);
}
