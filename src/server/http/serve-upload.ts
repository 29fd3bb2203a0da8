import type { IncomingMessage } from 'node:http';
import type { RedeemedTicket } from '../../access/tickets/create-tickets.ts';
import type { UploadTarget } from '../../graph/uploads/upload-target.ts';
import { AnswerError, ValidationError } from '../../kernel/answer-error.ts';
import type { Clock } from '../../kernel/clock.ts';
import {
  createTransferDoor,
  type Exchange,
  recordTransfer,
  type TransferDoor,
  TransferEndedError,
  type TransferOptions,
} from './create-transfer-door.ts';
import { sendText } from './send-error.ts';

export interface UploadsOptions extends TransferOptions {
  readonly targets: ReadonlyMap<string, UploadTarget>;
}

export const uploadsPath = '/uploads/';

/** Who sends nothing for so long, while it is waited for, is gone. */
const silenceMs = 30_000;
const lingerMs = 1_000;
/** Nothing more is read of a body that is refused: the connection ends with the answer. */
const refusalHeaders = { connection: 'close' };

/**
 * Files that are taken against one-time tickets (STO-21), as they are given out: bytes go on as fast as their target takes them, and as many
 * as the ticket says, or none are kept. 201 once they are kept.
 */
export function createUploadDoor(options: UploadsOptions): TransferDoor {
  return createTransferDoor({
    ...options,
    path: uploadsPath,
    what: 'upload',
    methods: ['PUT', 'POST'],
    kinds: options.targets,
    refusalHeaders,
    carry: (exchange, target, redeemed) => receive(options, target, redeemed, exchange),
  });
}

async function receive(
  options: UploadsOptions,
  target: UploadTarget,
  { principal, subject }: RedeemedTicket<unknown>,
  { request, response, requestId, gone }: Exchange,
): Promise<void> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return sendText(response, 415, 'Send the bytes as they are', refusalHeaders);
  const context = options.createContext(principal, requestId, gone.signal);
  const { sizeBytes, record, receive: take } = await target.open(subject, context);
  const announced = request.headers['content-length'];
  if (announced !== undefined && Number(announced) !== sizeBytes) {
    const status = Number(announced) > sizeBytes ? 413 : 400;
    return sendText(response, status, `The ticket is for ${sizeBytes} bytes, not for ${announced}`, refusalHeaders);
  }
  let bytesIn = 0;
  const count = (bytes: number): void => {
    bytesIn += bytes;
  };
  const spec = { ...record, category: 'UPLOAD', principal, requestId } as const;
  const bytes = () => ({ bytesIn, bytesOut: 0 });
  const silent = () => gone.abort(new TransferEndedError('CLIENT_SILENT'));
  try {
    await recordTransfer(options, spec, gone, bytes, () =>
      take(bodyOf(request, sizeBytes, { clock: options.clock, count, silent })),
    );
  } catch (error) {
    if (error instanceof AnswerError) await linger(request, options.clock);
    throw error;
  }
  sendText(response, 201, 'Stored');
}

/** The body, with exactly so many bytes. Throws `ValidationError` where there are more or fewer. */
async function* bodyOf(
  request: IncomingMessage,
  sizeBytes: number,
  { clock, count, silent }: { readonly clock: Clock; count(bytes: number): void; silent(): void },
): AsyncGenerator<Uint8Array, void, undefined> {
  let bytes = 0;
  // The answer goes over the same connection, so that stays where the rest is not read.
  const chunks = request.iterator({ destroyOnReturn: false });
  try {
    for (;;) {
      const cancel = clock.schedule(silenceMs, silent);
      const next = await chunks.next().finally(cancel);
      if (next.done) break;
      const chunk: Uint8Array = next.value;
      count(chunk.length);
      bytes += chunk.length;
      if (bytes > sizeBytes) throw wrongSize(`The ticket is for ${sizeBytes} bytes, and more came`);
      yield chunk;
    }
  } finally {
    await chunks.return?.();
  }
  if (bytes < sizeBytes) throw wrongSize(`The ticket is for ${sizeBytes} bytes, and ${bytes} came`);
}

/**
 * Whoever still sends does not read, and a connection that is closed upon unread bytes takes the answer with it: the rest is let go by, for a
 * moment.
 */
function linger(request: IncomingMessage, clock: Clock): Promise<void> {
  if (request.complete || request.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      resolve();
    };
    const cancel = clock.schedule(lingerMs, done);
    request.once('end', done).once('close', done).resume();
  });
}

function wrongSize(message: string): ValidationError {
  return new ValidationError([{ path: [], code: 'wrong_size', message }]);
}
