import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { RedeemedTicket, Tickets } from '../../access/tickets/create-tickets.ts';
import { watchRights } from '../../access/watch-rights.ts';
import type { OperationRecords } from '../../audit/operation-records.ts';
import type { DownloadSource } from '../../graph/downloads/download-source.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import { AnswerError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { sendText } from './send-error.ts';

export interface DownloadDoor {
  /** Every path below `/downloads/`. What is thrown before anything was sent is the request's error. */
  serve(request: IncomingMessage, response: ServerResponse, path: string, requestId: string): Promise<void>;
  /** Transfers under way. */
  readonly count: number;
  /** Nobody new; who is under way goes on. */
  drain(): void;
  /** Ends those that are still under way, and waits for their records. */
  stop(): Promise<void>;
}

export interface DownloadsOptions {
  readonly sources: ReadonlyMap<string, DownloadSource>;
  readonly tickets: Tickets;
  readonly authenticator: Authenticator;
  readonly operations: Pick<OperationRecords, 'openSession'>;
  readonly places: StreamPlaces;
  readonly clock: Clock;
  readonly logger: Logger;
  createContext(principal: Principal, requestId: string, signal: AbortSignal): RequestContext;
}

export const downloadsPath = '/downloads/';

/** Why a transfer ended though there was more. */
class DownloadEndedError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`The download was ended: ${reason}`);
    this.reason = reason;
  }
}

/**
 * Files against one-time tickets (CMP-102): a browser opens the address itself, without a bearer token. Whoever takes a file takes one of
 * the caller's places for streams, and loses it within seconds where rights end. Each has a record from its begin to its end, with the
 * bytes that were sent.
 */
export function createDownloadDoor(options: DownloadsOptions): DownloadDoor {
  const { sources, tickets, places, logger } = options;
  /** How to end each transfer, with its end. */
  const running = new Map<AbortController, Promise<void>>();
  let isDraining = false;

  async function take(exchange: Exchange, source: DownloadSource, redeemed: RedeemedTicket<unknown>): Promise<void> {
    const { response, requestId, gone } = exchange;
    try {
      await send(options, source, redeemed, exchange);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        logger.info({ err: error, requestId }, 'a download was cut off');
        response.destroy();
      } else if (error instanceof AnswerError) sendText(response, statusOf(error), error.message);
      else throw error;
    } finally {
      // Whatever was opened for it ends with it.
      gone.abort();
    }
  }

  return {
    async serve(request, response, path, requestId) {
      if (isDraining)
        return sendText(response, 503, 'Going away, try again', { 'retry-after': '1', connection: 'close' });
      if (request.method !== 'GET') return sendText(response, 405, 'Only GET', { allow: 'GET' });
      const source = sources.get(path.slice(downloadsPath.length));
      if (!source) return sendText(response, 404, 'Not found');
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      const redeemed = await tickets.redeem(source.purpose, ticket);
      if (!redeemed) return sendText(response, 401, 'The ticket is not valid, or not any more');
      const leave = places.enter(redeemed.principal.id);
      if (!leave) return sendText(response, 429, 'You have too many streams open', { 'retry-after': '1' });
      const gone = new AbortController();
      response.once('close', () => {
        leave();
        if (!response.writableFinished) gone.abort();
      });
      const transfer = take({ request, response, requestId, gone }, source, redeemed);
      running.set(gone, transfer);
      try {
        await transfer;
      } finally {
        running.delete(gone);
      }
    },
    get count() {
      return running.size;
    },
    drain() {
      isDraining = true;
    },
    async stop() {
      isDraining = true;
      const ends = [...running.values()];
      for (const gone of running.keys()) gone.abort(new DownloadEndedError('DRAIN'));
      await Promise.allSettled(ends);
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  readonly gone: AbortController;
}

async function send(
  options: DownloadsOptions,
  source: DownloadSource,
  { principal, subject }: RedeemedTicket<unknown>,
  { request, response, requestId, gone }: Exchange,
): Promise<void> {
  const { authenticator, operations, clock } = options;
  const context = options.createContext(principal, requestId, gone.signal);
  const { fileName, contentType, record, chunks } = await source.open(subject, context);
  let bytesOut = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytesOut += chunk.length;
      done(null, chunk);
    },
  });
  let endReason: string | undefined;
  const session = await operations.openSession({ ...record, category: 'DOWNLOAD', principal, requestId }, () => ({
    bytesIn: 0,
    bytesOut,
    endReason,
  }));
  const end = (reason: string) => gone.abort(new DownloadEndedError(reason));
  const endWatch = watchRights({
    principal,
    authenticator,
    clock,
    onChange: () => end('RIGHTS_CHANGED'),
    onRevoked: end,
  });
  try {
    const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
    response.writeHead(200, {
      'content-type': contentType,
      'content-disposition': `attachment; filename="${fileName.replaceAll(/[^\w.-]/g, '_').slice(0, 200)}"`,
      'cache-control': 'no-store',
      vary: 'accept-encoding',
      ...(takesGzip ? { 'content-encoding': 'gzip' } : {}),
    });
    const bytes = Readable.from(chunks, { objectMode: false, highWaterMark: 65_536 });
    const { signal } = gone;
    const sent = takesGzip
      ? pipeline(bytes, counted, createGzip(), response, { signal })
      : pipeline(bytes, counted, response, { signal });
    // A source that does not hear of its end holds nobody else up.
    await Promise.race([sent, whenAborted(signal)]);
    endReason = 'COMPLETE';
    await session.end();
  } catch (error) {
    endReason = reasonOf(error, gone.signal);
    // Whoever goes away has what they wanted: that is no failure.
    await session.end(endReason === 'FAILED' ? error : undefined);
    throw error;
  } finally {
    endWatch();
  }
}

/** Rejects with the reason of the signal; never resolves. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.reason instanceof DownloadEndedError) return signal.reason.reason;
  const isGone = signal.aborted || (error as { readonly code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE';
  return isGone ? 'CLIENT_GONE' : 'FAILED';
}

const statuses: Partial<Record<AnswerError['code'], number>> = {
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  PRECONDITION_FAILED: 409,
  CONFLICT: 409,
  QUOTA_EXCEEDED: 429,
  CAPABILITY_MISSING: 501,
  UPSTREAM: 503,
};

const statusOf = ({ code }: AnswerError): number => statuses[code] ?? 400;
