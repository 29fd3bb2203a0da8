import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { KubeRequest } from './cluster-transport.ts';
import { ConnectionError } from './connection-error.ts';
import type { KubeStatusError } from './kube-status-error.ts';
import { parseStatus } from './parse-status.ts';

const maxErrorBytes = 256 * 1024;

/** Reads a JSON answer. Throws a `ConnectionError` where it exceeds the bound or is something else. */
export async function readJson(body: Readable, maxBytes: number): Promise<unknown> {
  return parseJson(await readText(body, maxBytes));
}

/** Reads what a server said with a status of 400 or more. */
export async function readRefusal(request: KubeRequest, response: Dispatcher.ResponseData): Promise<KubeStatusError> {
  let text = '';
  try {
    text = await readText(response.body, maxErrorBytes);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
  }
  const retryAfter = response.headers['retry-after'];
  return parseStatus(response.statusCode, text, {
    isSecret: request.kind?.kind === 'Secret' && request.kind.group === '',
    retryAfter: typeof retryAfter === 'string' ? retryAfter : undefined,
  });
}

async function readText(body: Readable, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ConnectionError('too-large', `its answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new ConnectionError('garbage', 'its answer is not JSON');
  }
}
