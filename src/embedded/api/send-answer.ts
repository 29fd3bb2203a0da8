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
    response.writeHead(answer.code, {
      'content-type': answer.contentType,
      'content-length': Buffer.byteLength(answer.text),
    });
    response.end(answer.text);
    return;
  }
  const json = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const text = accepted.format === 'yaml' ? stringify(JSON.parse(json)) : `${json}\n`;
  let body: Buffer = Buffer.from(text);
  const headers: Record<string, string | number | string[]> = {
    'content-type': answer.contentType ?? (accepted.format === 'yaml' ? 'application/yaml' : 'application/json'),
    'cache-control': 'no-cache, private',
  };
  if (answer.warnings !== undefined && answer.warnings.length > 0) {
    headers.warning = answer.warnings.map((warning) => `299 - ${JSON.stringify(warning)}`);
  }
  if (body.length >= gzipFromBytes && /\bgzip\b/.test(acceptEncoding)) {
    body = await gzipText(body, { level: 1 });
    headers['content-encoding'] = 'gzip';
    headers.vary = 'Accept-Encoding';
  }
  if (response.destroyed) return;
  headers['content-length'] = body.length;
  response.writeHead(answer.code, headers);
  response.end(body);
}
