import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { RedeemedTicket } from '../../access/tickets/create-tickets.ts';
import type { DownloadSource } from '../../graph/downloads/download-source.ts';
import {
  createTransferDoor,
  type Exchange,
  recordTransfer,
  type TransferDoor,
  type TransferOptions,
} from './create-transfer-door.ts';

export interface DownloadsOptions extends TransferOptions {
  readonly sources: ReadonlyMap<string, DownloadSource>;
}

export const downloadsPath = '/downloads/';

/**
 * Files against one-time tickets (CMP-102): a browser opens the address itself, without a bearer token. Whoever takes a file takes one of
 * the caller's places for streams, and loses it within seconds where rights end. Each has a record from its begin to its end, with the
 * bytes that were sent.
 */
export function createDownloadDoor(options: DownloadsOptions): TransferDoor {
  return createTransferDoor({
    ...options,
    path: downloadsPath,
    what: 'download',
    methods: ['GET'],
    kinds: options.sources,
    carry: (exchange, source, redeemed) => send(options, source, redeemed, exchange),
  });
}

async function send(
  options: DownloadsOptions,
  source: DownloadSource,
  { principal, subject }: RedeemedTicket<unknown>,
  { request, response, requestId, gone }: Exchange,
): Promise<void> {
  const context = options.createContext(principal, requestId, gone.signal);
  const { fileName, contentType, record, chunks } = await source.open(subject, context);
  let bytesOut = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesOut += chunk.length;
      done(null, chunk);
    },
  });
  const spec = { ...record, category: 'DOWNLOAD', principal, requestId } as const;
  const bytes = () => ({ bytesIn: 0, bytesOut });
  await recordTransfer(options, spec, gone, bytes, async (signal) => {
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    response.writeHead(200, {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName.replaceAll(/[^\w.-]/g, '_').slice(0, 200)}"`,
      'cache-control': 'no-store',
      vary: 'accept-encoding',
      ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
    });
    const body = Readable.from(chunks, { objectMode: false, highWaterMark: 65_536 });
    await (takesGzip
      ? pipeline(body, counted, createGzip(), response, { signal })
      : pipeline(body, counted, response, { signal }));
  });
}
