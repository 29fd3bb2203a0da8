import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { stringify } from 'yaml';
import type { ObjectAnswer, TextAnswer } from './api-context.ts';
import type { Accepted } from './negotiate.ts';

const gzipText = promisify(gzip);

/** Smaller bodies are not worth compressing; the real server draws the line here too. */
const gzipFromBytes = 128 * 1024;

/** Sends a complete answer. Resolves once it is handed to the socket. */
export async function sendAnswer(
  response: ServerResponse,
  answer: ObjectAnswer | TextAnswer,
  accepted: Accepted,
  acceptEncoding: string,
): Promise<void> {
  if (response.destroyed || response.headersSent) return;
  if ('text' in answer) {
    const headers = { 'cache-control': 'no-cache, private', 'content-type': answer.contentType, ...answer.headers };
    await sendBody(response, answer.code, Buffer.from(answer.text), headers, acceptEncoding);
    return;
  }
  const json = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const text = accepted.format === 'yaml' ? stringify(JSON.parse(json)) : `${json}\n`;
  const headers: Record<string, string | number | string[]> = {
    'content-type': answer.contentType ?? (accepted.format === 'yaml' ? 'application/yaml' : 'application/json'),
    'cache-control': 'no-cache, private',
  };
  if (answer.warnings !== undefined && answer.warnings.length > 0) {
    headers.warning = answer.warnings.map(printWarning);
  }
  await sendBody(response, answer.code, Buffer.from(text), headers, acceptEncoding);
}

async function sendBody(
  response: ServerResponse,
  code: number,
  text: Buffer,
  given: Readonly<Record<string, string | number | string[]>>,
  acceptEncoding: string,
): Promise<void> {
  const headers = { ...given };
  let body = text;
  if (body.length >= gzipFromBytes && /\bgzip\b/.test(acceptEncoding)) {
    body = await gzipText(body, { level: 1 });
    headers['content-encoding'] = 'gzip';
    headers.vary = typeof headers.vary === 'string' ? `${headers.vary}, Accept-Encoding` : 'Accept-Encoding';
  }
  if (response.destroyed) return;
  // An answer that is not modified has no body, and its length would be taken for the document's.
  if (code !== 304) headers['content-length'] = body.length;
  response.writeHead(code, headers);
  response.end(body);
}

/** A sentence as a Warning header carries it (RFC 7234, code 299: miscellaneous). */
export function printWarning(sentence: string): string {
  // Header fields are Latin letters: anything else would not be sent at all.
  return `299 - ${JSON.stringify(sentence).replace(/[^\x20-\x7E]/g, '?')}`;
}
