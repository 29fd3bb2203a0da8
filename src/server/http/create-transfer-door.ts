import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Authenticator } from '../../access/create-authenticator.ts';
import type { RedeemedTicket, Tickets } from '../../access/tickets/create-tickets.ts';
import type { TicketPurpose } from '../../access/tickets/ticket-purpose.ts';
import { watchRights } from '../../access/watch-rights.ts';
import type { OperationRecords, OperationSpec } from '../../audit/operation-records.ts';
import type { RequestContext } from '../../graph/request-context.ts';
import { AnswerError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Principal } from '../../kernel/principal.ts';
import type { StreamPlaces } from '../stream-places.ts';
import { sendText } from './send-error.ts';

export interface TransferDoor {
  /** Every path below the door's. What is thrown before anything was sent is the request's error. */
  serve(request: IncomingMessage, response: ServerResponse, path: string, requestId: string): Promise<void>;
  /** Transfers under way. */
  readonly count: number;
  /** Whether one is under way on this socket. */
  holds(socket: Duplex): boolean;
  /** Nobody new; who is under way goes on. */
  drain(): void;
  /** Ends those that are still under way, and waits for their records. */
  stop(): Promise<void>;
}

export interface TransferOptions {
  readonly tickets: Tickets;
  readonly authenticator: Authenticator;
  readonly operations: Pick<OperationRecords, 'openSession'>;
  readonly places: StreamPlaces;
  readonly clock: Clock;
  readonly logger: Logger;
  createContext(principal: Principal, requestId: string, signal: AbortSignal): RequestContext;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
  /** Aborts where the other side goes away, its rights do, or this process does. */
  readonly gone: AbortController;
}

export interface TransferDoorOptions<Kind> extends TransferOptions {
  /** e.g. `/downloads/`. */
  readonly path: string;
  /** How one of its transfers is called, e.g. `download`. */
  readonly what: string;
  readonly methods: readonly string[];
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Sends headers with refusals. */
  readonly refusalHeaders?: Record<string, string>;
  carry(exchange: Exchange, kind: Kind, redeemed: RedeemedTicket<unknown>): Promise<void>;
}

/** Why a transfer ended though there was more. */
export class TransferEndedError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(`The transfer was ended: ${reason}`);
    this.reason = reason;
  }
}

/**
 * A door for files against one-time tickets (CMP-102, STO-21): a browser goes there by itself, without a bearer token. Whoever does takes
 * one of the caller's places for streams.
 */
export function createTransferDoor<Kind extends { readonly purpose: TicketPurpose<unknown> }>(
  options: TransferDoorOptions<Kind>,
): TransferDoor {
  const { kinds, tickets, places, logger, methods, what, refusalHeaders = {} } = options;
  /** How to end each transfer, with its end. */
  const running = new Map<AbortController, Promise<void>>();
  const sockets = new WeakSet<Duplex>();
  let isDraining = false;

  async function carry(exchange: Exchange, kind: Kind, redeemed: RedeemedTicket<unknown>): Promise<void> {
    const { response, requestId, gone } = exchange;
    try {
      await options.carry(exchange, kind, redeemed);
    } catch (error) {
      if (response.headersSent || response.destroyed) {
        logger.info({ err: error, requestId }, `${what === 'upload' ? 'an' : 'a'} ${what} was cut off`);
        response.destroy();
      } else if (error instanceof AnswerError) refuse(response, statusOf(error), error.message);
      else if (error instanceof TransferEndedError) refuse(response, endStatuses[error.reason] ?? 403, error.message);
      else throw error;
    } finally {
      // Whatever was opened for it ends with it.
      gone.abort();
    }
  }

  function refuse(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
    sendText(response, status, text, { ...refusalHeaders, ...headers });
  }

  return {
    async serve(request, response, path, requestId) {
      if (isDraining) {
        return refuse(response, 503, 'DRAIN: try again', { 'retry-after': '1', connection: 'close' });
      }
      if (!methods.includes(request.method ?? '')) {
        return refuse(response, 405, `Only ${methods.join(' or ')}`, { allow: methods.join(', ') });
      }
      const kind = kinds.get(path.slice(options.path.length));
      if (!kind) return refuse(response, 404, 'Not found');
      const ticket = new URL(request.url ?? '/', 'http://localhost').searchParams.get('ticket') ?? '';
      const redeemed = await tickets.redeem(kind.purpose, ticket);
      if (!redeemed) return refuse(response, 401, 'The ticket is not valid, or not any more');
      // Who has gone meanwhile takes no place: no event would give it back.
      if (response.closed) return;
      const leave = places.enter(redeemed.principal.id);
      if (!leave) return refuse(response, 429, 'You have too many streams open', { 'retry-after': '1' });
      const gone = new AbortController();
      response.once('close', () => {
        leave();
        if (!response.writableFinished) gone.abort();
      });
      const transfer = carry({ request, response, requestId, gone }, kind, redeemed);
      running.set(gone, transfer);
      sockets.add(request.socket);
      try {
        await transfer;
      } finally {
        running.delete(gone);
        sockets.delete(request.socket);
      }
    },
    holds: (socket) => sockets.has(socket),
    get count() {
      return running.size;
    },
    drain() {
      isDraining = true;
    },
    async stop() {
      isDraining = true;
      const ends = [...running.values()];
      for (const gone of running.keys()) gone.abort(new TransferEndedError('DRAIN'));
      await Promise.allSettled(ends);
    },
  };
}

/**
 * Does a transfer with its record, from its begin to its end, and ends it within seconds where rights end. `bytes` is asked at the end.
 * A worker that does not hear of its end holds nobody else up.
 */
export async function recordTransfer(
  { authenticator, operations, clock }: Pick<TransferOptions, 'authenticator' | 'operations' | 'clock'>,
  spec: OperationSpec,
  gone: AbortController,
  bytes: () => { readonly bytesIn: number; readonly bytesOut: number },
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  let endReason: string | undefined;
  const session = await operations.openSession(spec, () => ({ ...bytes(), endReason }));
  const end = (reason: string) => gone.abort(new TransferEndedError(reason));
  const endWatch = watchRights({
    principal: spec.principal,
    authenticator,
    clock,
    onChange: () => end('RIGHTS_CHANGED'),
    onRevoked: end,
  });
  const { signal } = gone;
  try {
    await Promise.race([work(signal), whenAborted(signal)]);
    endReason = 'COMPLETE';
    await session.end();
  } catch (error) {
    endReason = reasonOf(error, signal);
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
  if (signal.reason instanceof TransferEndedError) return signal.reason.reason;
  const isGone = signal.aborted || (error as { readonly code?: string }).code === 'ERR_STREAM_PREMATURE_CLOSE';
  return isGone ? 'CLIENT_GONE' : 'FAILED';
}

const statuses: Partial<Record<AnswerError['code'], number>> = {
  NOT_FOUND: 404,
  FORBIDDEN: 403,
  PRECONDITION_FAILED: 409,
  CONFLICT: 409,
  IN_USE: 409,
  QUOTA_EXCEEDED: 429,
  CAPABILITY_MISSING: 501,
  UPSTREAM: 503,
};

const endStatuses: Readonly<Record<string, number>> = { CLIENT_SILENT: 408, DRAIN: 503 };

const statusOf = ({ code }: AnswerError): number => statuses[code] ?? 400;
