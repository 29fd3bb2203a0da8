import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerKey } from '../../graph/reuse/answer-cache.ts';

/** What a request came to when it went the whole way: the answer it was given, and how that is sent. */
export interface KnownRequest {
  readonly key: AnswerKey;
  readonly contentType: string;
}

/** Requests whose answers can be given again, by what was sent: the same bytes with the same preferences mean the same. */
export interface KnownRequests {
  find(text: string): KnownRequest | undefined;
  keep(text: string, known: KnownRequest): void;
}

/** Longer bodies go the whole way: they are few, and what is read beforehand waits in the socket's own buffer. */
const maxBodyBytes = 16_384;
const maxKeptChars = 4 * 1_048_576;

/** The one that was not asked for longest goes first. */
export function createKnownRequests(): KnownRequests {
  const known = new Map<string, KnownRequest>();
  let chars = 0;

  function forget(text: string): void {
    if (known.delete(text)) chars -= text.length;
  }

  return {
    find(text) {
      const found = known.get(text);
      if (found === undefined) return undefined;
      known.delete(text);
      known.set(text, found);
      return found;
    },
    keep(text, request) {
      forget(text);
      known.set(text, request);
      chars += text.length;
      for (const oldest of known.keys()) {
        if (chars <= maxKeptChars) break;
        forget(oldest);
      }
    },
  };
}

const lengthOf = ({ headers }: IncomingMessage): number => Number(headers['content-length'] ?? Number.NaN);

/** Whether all of a body has come already. */
export const isThere = (request: IncomingMessage): boolean => request.readableLength >= lengthOf(request);

/**
 * What was sent, once all of it is there; undefined where it is long, has no stated length, or breaks off. The body can be read
 * as if nobody had looked.
 */
export async function readAhead(request: IncomingMessage): Promise<string | undefined> {
  const length = lengthOf(request);
  if (request.method !== 'POST' || !(length > 0 && length <= maxBodyBytes)) return undefined;
  const body = await wholeBody(request, length);
  if (body === undefined) return undefined;
  const { accept = '', 'content-type': contentType = '', 'content-encoding': encoding = '' } = request.headers;
  return `${accept}\n${contentType}\n${encoding}\n${body.toString('latin1')}`;
}

function wholeBody(request: IncomingMessage, length: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    function look(): void {
      for (let chunk: Buffer | null = request.read(); chunk !== null; chunk = request.read()) {
        chunks.push(chunk);
        bytes += chunk.length;
        // Read once more it would be over, and nothing could be put back.
        if (bytes >= length) break;
      }
      if (bytes >= length) finish(Buffer.concat(chunks));
    }
    function finish(body: Buffer | undefined): void {
      request.off('readable', look).off('close', giveUp);
      if (body !== undefined) request.unshift(body);
      resolve(body);
    }
    const giveUp = (): void => finish(undefined);
    request.on('readable', look).once('close', giveUp);
    if (isThere(request)) look();
  });
}

/** A whole answer in JSON, as GraphQL over HTTP has them; streams have other types. */
export function sentAs(response: ServerResponse): string | undefined {
  const contentType = response.getHeader('content-type');
  if (response.statusCode !== 200 || typeof contentType !== 'string') return undefined;
  return /^application\/(graphql-response\+)?json\b/.test(contentType) ? contentType : undefined;
}
